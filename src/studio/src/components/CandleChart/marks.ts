import type { CandleMark } from "./types";

/** The trade nearest to an instant: one that is open then, else the one whose entry or exit is closest. */
export function nearest(marks: readonly CandleMark[], seconds: number): number | null {
  let best: number | null = null;
  let least = Infinity;
  for (const mark of marks) {
    const from = Date.parse(mark.entryUtc) / 1000;
    const to = mark.exitUtc === null ? Infinity : Date.parse(mark.exitUtc) / 1000;
    const distance = seconds >= from && seconds <= to ? 0 : Math.min(Math.abs(seconds - from), Math.abs(seconds - to));
    if (distance < least) [least, best] = [distance, mark.trade];
  }
  return best;
}

/** Bars to show around a trade: as much again on both sides, at least so many in all. */
export function around(start: readonly string[], mark: CandleMark, least = 60): { from: number; to: number } {
  const entry = indexAt(start, mark.entryUtc);
  const exit = mark.exitUtc === null ? start.length - 1 : indexAt(start, mark.exitUtc);
  const pad = Math.max(exit - entry, Math.ceil((least - (exit - entry)) / 2), 8);
  return { from: Math.max(0, entry - pad), to: Math.min(start.length - 1, exit + pad) };
}

function indexAt(start: readonly string[], instant: string): number {
  const wanted = Date.parse(instant);
  let low = 0;
  let high = start.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Date.parse(start[middle]!) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
