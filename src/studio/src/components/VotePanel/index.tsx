import { Drawer, Modal } from "@mantine/core";
import { useId, type ReactNode } from "react";
import type { ReviewShown } from "../../api/client";
import { cautionsOf, REASON_MOST } from "../../evidence/facts";
import { count, digest, many } from "../../text/format";
import { common, review as words } from "../../text/strings";
import { ErrorPanel } from "../ErrorPanel";
import { Glyph } from "../Icon";
import { TimeText } from "../TimeText";
import type { VotePanelProps } from "./types";
import "./style.css";

const verbs = { approve: words.approve, reject: words.reject } as const;

/** Reason, acknowledgement and the two decisions; or why this person has none. */
export function VotePanel({ review, voting }: VotePanelProps) {
  if (voting.barrier !== null) return <Barred why={voting.barrier} />;
  return (
    <div className="ballot">
      <Fields review={review} voting={voting} />
      <div className="ballot-a">
        {(["reject", "approve"] as const).map((choice) => (
          <Ask key={choice} choice={choice} voting={voting} />
        ))}
      </div>
      <Lacking voting={voting} />
      {voting.error === null ? null : <ErrorPanel error={voting.error} />}
      <p className="sm mut">{effect(review)}</p>
    </div>
  );
}

/** The bar of a phone: the short digest and both decisions, which open a sheet. */
export function VoteBar({ review, voting }: VotePanelProps) {
  return (
    <div className="vote-bar">
      <span className="vote-bar-d">
        Vote 2<span className={`mono ${voting.changed === null ? "mut" : "t-bad"}`}>{digest(review.digest)}</span>
      </span>
      <button type="button" className="btn d" onClick={() => voting.ask("reject")} disabled={voting.barrier !== null}>
        {words.reject}…
      </button>
      <button type="button" className="btn p" onClick={() => voting.ask("approve")} disabled={voting.barrier !== null}>
        {words.approve}…
      </button>
    </div>
  );
}

/** What is confirmed, with target, limits and digest said again. On a phone a sheet that takes the reason too. */
export function Confirm({ review, voting, sheet }: VotePanelProps & { sheet: boolean }) {
  const choice = voting.asked;
  const open = choice !== null;
  const close = (): void => voting.ask(null);
  const title = choice === null ? "" : `${verbs[choice]} ${review.head.strategy_name}`;
  const missing = choice === null ? [] : voting.lacks(choice);
  const inside: ReactNode = choice === null ? null : (
    <form
      className="confirm"
      onSubmit={(e) => {
        e.preventDefault();
        if (missing.length === 0 && !voting.sending) void voting.cast(choice);
      }}
    >
      <dl className="content">
        {review.content.filter((line) => line.label === "Target" || line.label === "Limits").map((line) => (
          <div key={line.label}>
            <dt>{line.label}</dt>
            <dd>{line.text}</dd>
          </div>
        ))}
        <div>
          <dt>Expires</dt>
          <dd>
            <TimeText at={review.head.expires_utc} />
          </dd>
        </div>
        <div>
          <dt>Digest</dt>
          <dd className="mono confirm-d">sha256:{review.digest}</dd>
        </div>
      </dl>
      {sheet ? <Fields review={review} voting={voting} /> : <blockquote className="confirm-r">{voting.reason.trim()}</blockquote>}
      <p className="sm sub">{choice === "approve" ? effect(review) : "Nothing is deployed, and the run ends here. The rejection stays with its reason."}</p>
      {voting.error === null ? null : <ErrorPanel error={voting.error} />}
      <div className="ballot-a">
        <button type="button" className="btn" onClick={close} data-autofocus={sheet ? undefined : true}>
          {common.cancel}
        </button>
        <button type="submit" className={choice === "approve" ? "btn p" : "btn d"} disabled={missing.length > 0 || voting.sending}>
          {verbs[choice]}
        </button>
      </div>
      {sheet && missing.length > 0 ? <p className="sm mut">Needs {missing.join(" and ")}.</p> : null}
    </form>
  );
  return sheet ? (
    <Drawer opened={open} onClose={close} position="bottom" size="auto" title={title} lockScroll={false} closeButtonProps={{ "aria-label": common.cancel }} classNames={{ content: "dialog sheet-up", title: "dialog-t", header: "dialog-h", body: "dialog-b", overlay: "veil" }} transitionProps={{ duration: 180 }}>
      {inside}
    </Drawer>
  ) : (
    <Modal opened={open} onClose={close} title={title} centered lockScroll={false} size={520} closeButtonProps={{ "aria-label": common.cancel }} classNames={{ content: "dialog", title: "dialog-t", header: "dialog-h", body: "dialog-b", overlay: "veil" }}>
      {inside}
    </Modal>
  );
}

export function Barred({ why }: { why: string }) {
  return (
    <div className="ballot">
      <p className="barred">
        <span className="t-warn">
          <Glyph name="triangle" size={14} />
        </span>
        <span>
          <b>You have no vote here.</b> {why}
        </span>
      </p>
      <div className="ballot-a">
        <button type="button" className="btn d" disabled>
          {words.reject}
        </button>
        <button type="button" className="btn p" disabled>
          {words.approve}
        </button>
      </div>
    </div>
  );
}

function Fields({ review, voting }: VotePanelProps) {
  const id = useId();
  const cautions = cautionsOf(review);
  return (
    <>
      <div className="field">
        <label htmlFor={id} className="ballot-l">
          {words.reason}
          <span className="mut">
            required, {count([...voting.reason].length)} of {count(REASON_MOST)}
          </span>
        </label>
        <textarea id={id} className="input" value={voting.reason} maxLength={REASON_MOST} rows={4} placeholder={words.reasonPlaceholder} onChange={(e) => voting.setReason(e.target.value)} required />
      </div>
      {cautions === 0 ? null : (
        <label className="ack">
          <input type="checkbox" checked={voting.acknowledged} onChange={(e) => voting.setAcknowledged(e.target.checked)} />
          <span>I have read the {many(cautions, "caution", "cautions")} on luck and overfitting{cautions > 1 ? `, 1 to ${cautions}` : ""}</span>
        </label>
      )}
    </>
  );
}

function Ask({ choice, voting }: { choice: "approve" | "reject"; voting: VotePanelProps["voting"] }) {
  const missing = voting.lacks(choice);
  return (
    <button type="button" className={choice === "approve" ? "btn p" : "btn d"} disabled={missing.length > 0 || voting.sending} title={missing.length > 0 ? `Needs ${missing.join(" and ")}` : undefined} onClick={() => voting.ask(choice)}>
      {verbs[choice]} <kbd>Shift {choice === "approve" ? "A" : "R"}</kbd>
    </button>
  );
}

function Lacking({ voting }: { voting: VotePanelProps["voting"] }) {
  const [approve, reject] = [voting.lacks("approve"), voting.lacks("reject")];
  const shown = approve.length > 0 ? `Needs ${approve.join(" and ")}${reject.length === 0 ? " to approve" : ""}.` : "";
  return (
    <p className="sm mut lacking" aria-live="polite">
      {shown}
    </p>
  );
}

function effect(review: ReviewShown): string {
  const { target } = review.head;
  return `${target === "paper" ? "Starts a paper deployment. Live needs its own vote." : `Leads to ${target}.`}${review.replaces === null ? "" : ` It replaces ${review.replaces}, which retires.`}`;
}
