/** A scale for the attempts of a run in which idle time takes no room: long gaps are cut to a strip that names their cause. */

export interface Span {
  step: string;
  item: number;
  attempt: number;
  status: string;
  /** Milliseconds since 1970. */
  from: number;
  /** Null while it goes on. */
  to: number | null;
}

export interface Gap {
  from: number;
  to: number;
  cause: "retry" | "wait" | "idle";
}

export interface Scale {
  from: number;
  to: number;
  gaps: Gap[];
  /** Place of an instant, 0 to 1. */
  x(ms: number): number;
}

/** Idle time from here on is cut. */
export const GAP_MIN_MS = 60_000;

/** Share of the width that a cut gap takes. */
const GAP_SHARE = 0.055;

/** Cuts what is idle out of the time between the first beginning and the end. */
export function scaleOf(spans: readonly Span[], now: number, collapse: boolean): Scale {
  if (spans.length === 0) return { from: now, to: now + 1, gaps: [], x: () => 0 };
  const from = Math.min(...spans.map((s) => s.from));
  const to = Math.max(from + 1, ...spans.map((s) => s.to ?? now));
  const gaps = collapse ? gapsOf(spans, now) : [];
  const idle = gaps.reduce((sum, g) => sum + (g.to - g.from), 0);
  const strip = Math.min(GAP_SHARE, 0.5 / Math.max(1, gaps.length));
  const perMs = (1 - strip * gaps.length) / Math.max(1, to - from - idle);
  return {
    from, to, gaps,
    x(ms) {
      let at = 0;
      let last = from;
      for (const gap of gaps) {
        if (ms <= gap.from) break;
        at += (gap.from - last) * perMs + strip * Math.min(1, (ms - gap.from) / (gap.to - gap.from));
        last = gap.to;
        if (ms < gap.to) return Math.min(1, at);
      }
      return Math.min(1, Math.max(0, at + Math.max(0, ms - last) * perMs));
    },
  };
}

/** The stretches in which nothing was worked on, with what the run waited for. A wait is no work, however long it lasts. */
export function gapsOf(spans: readonly Span[], now: number): Gap[] {
  const work = spans.filter((s) => s.status !== "waiting").sort((a, b) => a.from - b.from);
  const waits = spans.filter((s) => s.status === "waiting");
  const gaps: Gap[] = [];
  let busyUntil = Math.min(...spans.map((s) => s.from));
  let latest: Span | undefined;
  const close = (until: number, next: Span | undefined): void => {
    if (until - busyUntil >= GAP_MIN_MS) gaps.push({ from: busyUntil, to: until, cause: causeOf(busyUntil, until, latest, next, waits, now) });
  };
  for (const span of work) {
    close(span.from, span);
    const end = span.to ?? now;
    if (end >= busyUntil) {
      busyUntil = end;
      latest = span;
    }
  }
  close(Math.max(busyUntil, ...waits.map((s) => s.to ?? now)), undefined);
  return gaps;
}

function causeOf(from: number, to: number, before: Span | undefined, after: Span | undefined, waits: readonly Span[], now: number): Gap["cause"] {
  if (waits.some((w) => Math.min(to, w.to ?? now) - Math.max(from, w.from) >= (to - from) / 2)) return "wait";
  return before !== undefined && after !== undefined && before.step === after.step && before.item === after.item && after.attempt > before.attempt ? "retry" : "idle";
}

/** Instants to label: the beginning, the end, and the ends of gaps and attempts between that leave room for a label. */
export function ticksOf(scale: Scale, spans: readonly Span[], now: number, apart = 0.13): number[] {
  const wanted = [scale.from, scale.to, ...scale.gaps.map((g) => g.to), ...spans.map((s) => s.from), ...spans.map((s) => s.to ?? now)];
  const taken: number[] = [];
  for (const ms of wanted) if (taken.every((t) => Math.abs(scale.x(t) - scale.x(ms)) >= apart)) taken.push(ms);
  return taken.sort((a, b) => a - b);
}
