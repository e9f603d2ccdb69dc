import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { vote, type ReviewShown } from "../../api/client";
import { ApiError } from "../../api/http";
import { contentChanges, lacks, barred, REASON_MOST } from "../../evidence/facts";
import { useLive } from "../../live/Live";
import { review as words } from "../../text/strings";
import { useToast } from "../Toasts";

export type Choice = "approve" | "reject";

export interface Voting {
  reason: string;
  setReason(text: string): void;
  acknowledged: boolean;
  setAcknowledged(on: boolean): void;
  /** What is being confirmed. */
  asked: Choice | null;
  ask(choice: Choice | null): void;
  sending: boolean;
  error: unknown;
  /** What the store says of the content since a vote on it was refused; null before. */
  changed: readonly string[] | null;
  /** Why this person has no vote; null where they have. */
  barrier: string | null;
  lacks(choice: Choice): string[];
  cast(choice: Choice): Promise<void>;
  /** Reads the request anew after it had changed. */
  again(): Promise<void>;
}

/** A vote in the making: the reason stays whatever happens to the request, and what is sent is the digest that was rendered. */
export function useVoting(review: ReviewShown): Voting {
  const queries = useQueryClient();
  const { state } = useLive();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [acknowledged, setAcknowledged] = useState(false);
  const [asked, setAsked] = useState<Choice | null>(null);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [changed, setChanged] = useState<readonly string[] | null>(null);
  const key = useRef<string>(crypto.randomUUID());

  async function cast(choice: Choice): Promise<void> {
    setSending(true);
    setError(null);
    try {
      await vote({ body: { action: choice, notes: reason.trim().slice(0, REASON_MOST), bundle_hash: review.bundle_hash, digest: review.digest, approval: review.head.id }, key: key.current });
      setAsked(null);
    } catch (caught) {
      setError(caught);
      // Another try is another request: what was refused must not be answered from memory.
      key.current = crypto.randomUUID();
      if (caught instanceof ApiError && caught.status === 409) {
        setAsked(null);
        setAcknowledged(false);
        await queries.invalidateQueries({ queryKey: ["review", review.head.id] });
        const now = queries.getQueryData<ReviewShown>(["review", review.head.id]);
        if (now !== undefined && now.head.status !== "pending_approval") {
          // Somebody was quicker: the page turns into the decision, so that is said where it stays to be read.
          toast({ tone: "bad", text: words.tooLate(choice) });
        } else {
          toast({ tone: "bad", text: words.changedDigest });
          setChanged(now === undefined ? [] : [...(now.head.difference === null ? [] : [now.head.difference]), ...contentChanges(review, now)]);
        }
      }
    } finally {
      setSending(false);
      for (const name of ["review", "reviews", "overview"]) void queries.invalidateQueries({ queryKey: [name] });
    }
  }

  async function again(): Promise<void> {
    await queries.invalidateQueries({ queryKey: ["review", review.head.id] });
    if (queries.getQueryData<ReviewShown>(["review", review.head.id])?.head.difference !== null) return;
    setChanged(null);
    setError(null);
  }

  return {
    again, reason, setReason, acknowledged, setAcknowledged, asked, ask: setAsked, sending, error, changed, barrier: barred(review), lacks: (choice) => lacks(choice, { reason, acknowledged }, review, state === "offline"), cast,
  };
}
