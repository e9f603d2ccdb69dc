/** What the pages say of a run, computed from what the server sent; no verdict is made here. */
import type { ReviewListed, RunAttemptShown, RunShown } from "../../api/client";
import type { FlowGraph, FlowNode } from "../../flow/model";
import { wordOf } from "../../flow/states";
import type { Span } from "../../flow/timeline";
import { age, count, duration, many } from "../../text/format";
import type { TimelineRow } from "../../components/Timeline/types";

const ended = new Set(["succeeded", "failed", "skipped", "cancelled"]);

export function stepsDone(run: RunShown): number {
  return run.steps.filter((s) => s.status === "succeeded").length;
}

/** The step that it is at, counted from 1; once it has ended, how many of its steps ever began. */
export function stepAt(run: RunShown): number {
  if (run.ended_utc === null) return Math.min(run.steps.length, run.steps.filter((s) => ended.has(s.status)).length + 1);
  // A cancelled run ends its steps too, those that never began among them.
  return run.steps.filter((s) => s.status === "succeeded" || s.status === "failed" || run.attempts.some((a) => a.step === s.name)).length;
}

/** What a run that waits for a vote says to whoever looks: whose vote it is stands in the inbox; before that is read nothing is claimed. */
export function voteWord(asked: Pick<ReviewListed, "barrier" | "difference"> | undefined): string {
  if (asked === undefined || asked.difference !== null) return "Waiting for a vote";
  return asked.barrier === null ? "Waiting for your vote" : "Waiting for a vote by somebody else";
}

export function attemptsOf(run: RunShown, step: string, item: number | null): RunAttemptShown[] {
  return run.attempts.filter((a) => a.step === step && (item === null || a.item === item));
}

/** The attempt that is under way, else the last one. */
export function latestAttempt(run: RunShown, step: string, item: number | null): RunAttemptShown | undefined {
  const all = attemptsOf(run, step, item);
  return all.findLast((a) => a.status === "running") ?? all.at(-1);
}

export function shareOf(attempt: RunAttemptShown | undefined): number | null {
  return attempt === undefined || attempt.status !== "running" || attempt.progress_total <= 0 ? null : Math.min(1, Math.max(0, attempt.progress_done / attempt.progress_total));
}

/** How long a step took, from its first beginning to its last end; null before it began. */
export function tookOf(run: RunShown, step: string, item: number | null, now: number): number | null {
  const all = attemptsOf(run, step, item);
  if (all.length === 0) return null;
  return Math.max(...all.map((a) => (a.ended_at_utc === null ? now : Date.parse(a.ended_at_utc)))) - Math.min(...all.map((a) => Date.parse(a.started_at_utc)));
}

/** The second line of a node. */
export function noteOf(run: RunShown, node: FlowNode, now: number): string {
  const attempt = latestAttempt(run, node.step, node.item);
  const took = tookOf(run, node.step, node.item, now);
  const attempts = attemptsOf(run, node.step, node.item).reduce((most, a) => Math.max(most, a.attempt), 0);
  switch (node.state) {
    case "running":
    case "retrying":
      return [took === null ? null : age(took), node.items > 1 && node.item === null ? `${count(node.ended)} of ${count(node.items)}` : attempt !== undefined && attempt.progress_total > 0 ? `${count(attempt.progress_done)} of ${count(attempt.progress_total)}` : (attempt?.progress_text ?? wordOf(node.state).toLowerCase())].filter(Boolean).join(", ");
    case "succeeded":
      return [took === null ? "taken over" : duration(took), attempts > 1 ? many(attempts, "attempt", "attempts") : null, node.items > 1 ? (node.item === null ? many(node.items, "item", "items") : `item ${node.item + 1} of ${node.items}`) : null].filter(Boolean).join(", ");
    case "waiting":
      return node.uses === "approval" ? "waits for a person" : "waits";
    case "failed":
      return attempts > 1 ? `after ${many(attempts, "attempt", "attempts")}` : "failed";
    case "pending":
      return node.uses;
    default:
      return wordOf(node.state).toLowerCase();
  }
}

/** Rows of the timeline: a row for each node of the graph. */
export function rowsOf(run: RunShown, graph: FlowGraph): TimelineRow[] {
  return graph.nodes.map((node) => ({
    id: node.id, label: node.item === null ? node.step : `${node.step} ${node.item + 1}`, state: node.state, isItem: node.item !== null,
    note: node.state === "waiting" ? (node.uses === "approval" ? "waits for a person" : "waits") : node.state === "skipped" ? "skipped" : null, spans: spansOf(run, node),
  }));
}

function spansOf(run: RunShown, node: FlowNode): Span[] {
  const all = attemptsOf(run, node.step, node.item);
  const next = (a: RunAttemptShown): RunAttemptShown | undefined => all.find((b) => b.item === a.item && b.attempt > a.attempt);
  return all.map((a) => {
    // An attempt that waits has given its worker back; the wait itself lasts until it is taken up again.
    const until = a.status === "waiting" ? (next(a)?.started_at_utc ?? (node.state === "waiting" ? null : (run.ended_utc ?? a.ended_at_utc))) : a.ended_at_utc;
    return { step: a.step, item: a.item, attempt: a.attempt, status: a.status, from: Date.parse(a.started_at_utc), to: until === null ? null : Date.parse(until) };
  });
}

/** Code, message and remedy of a failed attempt, from the JSON text that was kept of it. */
export function problemOf(text: string | null): { code: string; message: string; where: string | null; remedy: string | null } | null {
  if (text === null) return null;
  try {
    const p = JSON.parse(text) as Record<string, unknown>;
    const word = (name: string): string | null => (typeof p[name] === "string" ? p[name] : null);
    return { code: word("code") ?? "", message: word("message") ?? text, where: word("where"), remedy: word("remedy") };
  } catch {
    return { code: "", message: text, where: null, remedy: null };
  }
}
