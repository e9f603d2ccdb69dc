/** One history of the text for canvas, form and YAML: undo brings back what was selected too. Never changes itself. */

export interface Moment {
  text: string;
  selection: readonly string[];
  /** What was done to come here, in words. */
  deed: string;
  /** Edits that follow each other in one place, such as typing in a field, are one. */
  group: string | null;
}

export interface History {
  past: readonly Moment[];
  now: Moment;
  future: readonly Moment[];
}

export const DEPTH = 200;

export function begin(text: string): History {
  return { past: [], now: { text, selection: [], deed: "", group: null }, future: [] };
}

export function done(h: History, next: Moment): History {
  if (next.text === h.now.text) return { ...h, now: { ...h.now, selection: next.selection } };
  if (next.group !== null && next.group === h.now.group) return { past: h.past, now: next, future: [] };
  return { past: [...h.past, h.now].slice(-DEPTH), now: next, future: [] };
}

/** What is selected changes without a step of the history. */
export function selected(h: History, selection: readonly string[]): History {
  // Whoever looks elsewhere begins a new edit.
  return { ...h, now: { ...h.now, selection, group: null } };
}

export function undo(h: History): History {
  const last = h.past.at(-1);
  return last === undefined ? h : { past: h.past.slice(0, -1), now: { ...last, group: null }, future: [h.now, ...h.future] };
}

export function redo(h: History): History {
  const next = h.future[0];
  return next === undefined ? h : { past: [...h.past, h.now], now: { ...next, group: null }, future: h.future.slice(1) };
}
