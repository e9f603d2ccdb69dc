/** What a state looks like: a shape, a word and a colour, in that order of trust. */
import { states as words } from "../text/strings";

export type GlyphName = "clock" | "ring" | "bars" | "turn" | "dots" | "tick" | "cross" | "triangle" | "dash";
export type Tone = "idle" | "run" | "wait" | "retry" | "ok" | "bad" | "warn";

export interface Look {
  glyph: GlyphName;
  tone: Tone;
  dashed?: boolean;
}

const looks: Record<string, Look> = {
  queued: { glyph: "clock", tone: "idle" },
  ready: { glyph: "clock", tone: "idle" },
  running: { glyph: "ring", tone: "run" },
  waiting: { glyph: "bars", tone: "wait" },
  paused: { glyph: "bars", tone: "wait" },
  retrying: { glyph: "turn", tone: "retry" },
  pending: { glyph: "dots", tone: "idle" },
  succeeded: { glyph: "tick", tone: "ok" },
  completed: { glyph: "tick", tone: "ok" },
  ok: { glyph: "tick", tone: "ok" },
  failed: { glyph: "cross", tone: "bad" },
  bad: { glyph: "cross", tone: "bad" },
  caution: { glyph: "triangle", tone: "warn" },
  cancelled: { glyph: "dash", tone: "idle" },
  skipped: { glyph: "dash", tone: "idle" },
  set_aside: { glyph: "triangle", tone: "warn", dashed: true },
  lost: { glyph: "triangle", tone: "warn", dashed: true },
  pending_approval: { glyph: "bars", tone: "wait" },
  approved: { glyph: "tick", tone: "ok" },
  promote: { glyph: "tick", tone: "ok" },
  live: { glyph: "tick", tone: "ok" },
  review: { glyph: "triangle", tone: "warn" },
  rejected: { glyph: "cross", tone: "bad" },
  reject: { glyph: "cross", tone: "bad" },
  crashed: { glyph: "cross", tone: "bad", dashed: true },
};

const unknown: Look = { glyph: "dots", tone: "idle", dashed: true };

/** A state of a later server is shown by its name, never as something it may not be. */
export function lookOf(state: string): Look {
  return looks[state] ?? unknown;
}

export function wordOf(state: string): string {
  return words[state] ?? state.replaceAll("_", " ");
}

/** States in which a run goes on by itself or may be made to. */
export function isOpen(state: string): boolean {
  return state === "queued" || state === "running" || state === "waiting" || state === "paused" || state === "set_aside";
}

export const runStates = ["queued", "running", "waiting", "paused", "set_aside", "completed", "failed", "cancelled"] as const;
export const stepStates = ["pending", "ready", "running", "waiting", "retrying", "succeeded", "failed", "skipped", "cancelled"] as const;
