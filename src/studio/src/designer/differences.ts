/** In what two definitions differ, by what they say and not by how it is written. */
import { isObject, said, type Json } from "./yaml";

export interface Difference {
  /** Keys to the place. */
  path: readonly string[];
  a: Json | undefined;
  b: Json | undefined;
}

export interface StructuralDiff {
  differences: readonly Difference[];
  added: readonly string[];
  removed: readonly string[];
  changed: readonly string[];
  /** Places outside the steps. */
  settings: readonly Difference[];
}

export function differencesOf(a: Json | undefined, b: Json | undefined, path: readonly string[] = []): Difference[] {
  if (a !== undefined && b !== undefined && said(a) === said(b)) return [];
  if (isObject(a) && isObject(b)) return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((k) => differencesOf(a[k], b[k], [...path, k]));
  return [{ path, a, b }];
}

export function structural(a: Json, b: Json): StructuralDiff {
  // The version differs always and says nothing.
  const differences = differencesOf(a, b).filter((d) => d.path.join(".") !== "version");
  const steps = (of: Json): string[] => (isObject(of) && isObject(of["steps"]) ? Object.keys(of["steps"]) : []);
  const [before, after] = [steps(a), steps(b)];
  const added = after.filter((s) => !before.includes(s));
  const removed = before.filter((s) => !after.includes(s));
  const changed = [...new Set(differences.filter((d) => d.path[0] === "steps" && d.path.length > 1).map((d) => d.path[1]!))].filter((s) => !added.includes(s) && !removed.includes(s));
  return { differences, added, removed, changed, settings: differences.filter((d) => d.path[0] !== "steps") };
}

export interface DiffLine {
  sign: "+" | "-" | " ";
  text: string;
  /** Line numbers, from 1. */
  a: number | null;
  b: number | null;
}

/** Lines of two texts side by side; lines that are the same on both sides stand once. */
export function lineDiff(a: string, b: string): DiffLine[] {
  const [x, y] = [a.split(/\r?\n/), b.split(/\r?\n/)];
  let head = 0;
  while (head < x.length && head < y.length && x[head] === y[head]) head++;
  let tail = 0;
  while (tail < x.length - head && tail < y.length - head && x[x.length - 1 - tail] === y[y.length - 1 - tail]) tail++;
  const [m, n] = [x.length - head - tail, y.length - head - tail];
  const lines: DiffLine[] = [];
  for (let i = 0; i < head; i++) lines.push({ sign: " ", text: x[i]!, a: i + 1, b: i + 1 });
  // The longest common run of lines; beyond a size that nobody reads the middle is shown as a whole.
  const table = m * n <= 4_000_000 ? Array.from({ length: m + 1 }, () => new Int32Array(n + 1)) : null;
  if (table !== null) for (let i = m - 1; i >= 0; i--) for (let j = n - 1; j >= 0; j--) table[i]![j] = x[head + i] === y[head + j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
  let [i, j] = [0, 0];
  while (i < m || j < n) {
    if (table !== null && i < m && j < n && x[head + i] === y[head + j]) {
      lines.push({ sign: " ", text: x[head + i]!, a: head + i + 1, b: head + j + 1 });
      i++;
      j++;
    } else if (i < m && (j >= n || table === null || table[i + 1]![j]! >= table[i]![j + 1]!)) {
      lines.push({ sign: "-", text: x[head + i]!, a: head + i + 1, b: null });
      i++;
    } else {
      lines.push({ sign: "+", text: y[head + j]!, a: null, b: head + j + 1 });
      j++;
    }
  }
  for (let k = 0; k < tail; k++) lines.push({ sign: " ", text: x[x.length - tail + k]!, a: x.length - tail + k + 1, b: y.length - tail + k + 1 });
  return lines;
}
