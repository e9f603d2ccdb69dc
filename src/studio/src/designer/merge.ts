/** What two people made of one text, line by line: each one's changes, and the places where both changed the same lines otherwise. */
import { lineDiff } from "./differences";

export interface MergePart {
  /** Lines that stand for themselves. */
  lines: readonly string[];
  /** Where both changed the same lines otherwise: what it was, and what each made of it. */
  conflict: { base: readonly string[]; mine: readonly string[]; theirs: readonly string[] } | null;
}

export type Side = "mine" | "theirs";

/** Puts the changes of one text onto another that came of the same base. */
export function merged(base: string, mine: string, theirs: string): readonly MergePart[] {
  const [b, m, t] = [base, mine, theirs].map((text) => text.split(/\r?\n/)) as [string[], string[], string[]];
  const [toMine, toTheirs] = [pairs(base, mine), pairs(base, theirs)];
  const parts: MergePart[] = [];
  let open: string[] = [];
  const close = (): void => {
    if (open.length > 0) parts.push({ lines: open, conflict: null });
    open = [];
  };
  let [i, x, y] = [0, 0, 0];
  while (i < b.length || x < m.length || y < t.length) {
    if (i < b.length && toMine.get(i) === x && toTheirs.get(i) === y) {
      open.push(b[i]!);
      [i, x, y] = [i + 1, x + 1, y + 1];
      continue;
    }
    // Up to the next line of the base that both kept.
    let end = i;
    while (end < b.length && !((toMine.get(end) ?? -1) >= x && (toTheirs.get(end) ?? -1) >= y)) end++;
    const [toX, toY] = end < b.length ? [toMine.get(end)!, toTheirs.get(end)!] : [m.length, t.length];
    const [was, mineNow, theirsNow] = [b.slice(i, end), m.slice(x, toX), t.slice(y, toY)];
    if (same(mineNow, was)) open.push(...theirsNow);
    else if (same(theirsNow, was) || same(mineNow, theirsNow)) open.push(...mineNow);
    else {
      close();
      parts.push({ lines: [], conflict: { base: was, mine: mineNow, theirs: theirsNow } });
    }
    [i, x, y] = [end, toX, toY];
  }
  close();
  return parts;
}

/** The text, each conflict decided for one side; one that is not decided yet is mine. Line ends are mine too. */
export function decided(parts: readonly MergePart[], choices: readonly Side[], newLine: string): string {
  let n = 0;
  return parts.flatMap((p) => (p.conflict === null ? p.lines : (choices[n++] ?? "mine") === "mine" ? p.conflict.mine : p.conflict.theirs)).join(newLine);
}

function pairs(a: string, b: string): Map<number, number> {
  return new Map(lineDiff(a, b).flatMap((l) => (l.sign === " " && l.a !== null && l.b !== null ? [[l.a - 1, l.b - 1] as const] : [])));
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
