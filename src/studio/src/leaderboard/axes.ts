/** Parallel axes: where a row crosses each axis, and lines between two axes gathered into bands where there are too many to draw one by one. */
import { distinct, type Board, type BoardColumn } from "./columns";

export interface Axis {
  column: string;
  /** Low end, at the foot. */
  low: number;
  high: number;
  /** Words stand at even distances, from the foot up. */
  words: readonly string[] | null;
}

const ends = new WeakMap<Float64Array, readonly [number, number]>();

function endsOf(values: Float64Array): readonly [number, number] {
  let known = ends.get(values);
  if (known === undefined) {
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    ends.set(values, (known = [low, high]));
  }
  return known;
}

export function axisOf(board: Board, column: string): Axis | null {
  const found = board.columns[column];
  if (found === undefined) return null;
  if (found.kind === "words") return { column, low: 0, high: Math.max(1, found.words.length - 1), words: found.words };
  const [low, high] = endsOf(found.values);
  if (low > high) return { column, low: 0, high: 1, words: null };
  return low === high ? { column, low: low - 0.5, high: high + 0.5, words: null } : { column, low, high, words: null };
}

/** How far up an axis a value lies, 0 to 1; −1 where there is none. */
export function heightOf(axis: Axis, value: number): number {
  if (Number.isNaN(value) || (axis.words !== null && value >= axis.words.length)) return -1;
  return (value - axis.low) / (axis.high - axis.low);
}

/** A value at a height. */
export function valueAt(axis: Axis, height: number): number {
  return axis.low + Math.min(1, Math.max(0, height)) * (axis.high - axis.low);
}

export interface Bands {
  bins: number;
  /** Lines from each bin of the left axis to each of the right; shape [bins × bins]. */
  counts: Uint32Array;
  most: number;
}

/** Lines between two neighbouring axes by the bins they leave and reach. */
export function bandsOf(left: BoardColumn, leftAxis: Axis, right: BoardColumn, rightAxis: Axis, rows: Uint32Array, bins = 64): Bands {
  const counts = new Uint32Array(bins * bins);
  let most = 0;
  for (const row of rows) {
    const a = heightOf(leftAxis, left.values[row]!);
    const b = heightOf(rightAxis, right.values[row]!);
    if (a < 0 || b < 0) continue;
    const at = Math.min(bins - 1, Math.floor(a * bins)) * bins + Math.min(bins - 1, Math.floor(b * bins));
    const n = ++counts[at]!;
    if (n > most) most = n;
  }
  return { bins, counts, most };
}

/** A span of an axis as two ends that hold exactly the values within: for words and parameters the values themselves, else round figures. */
export function brushed(board: Board, axis: Axis, from: number, to: number): { words: string[] } | { low: number; high: number } {
  const [a, b] = [valueAt(axis, Math.min(from, to)), valueAt(axis, Math.max(from, to))];
  if (axis.words !== null) return { words: axis.words.filter((_, i) => i >= a - 1e-9 && i <= b + 1e-9) };
  const values = distinct(board.columns[axis.column]!);
  if (values.length <= 60) {
    const within = values.filter((v) => v >= a - 1e-12 && v <= b + 1e-12);
    if (within.length > 0) return { low: within[0]!, high: within[within.length - 1]! };
  }
  const digits = Math.max(0, 3 - Math.floor(Math.log10(axis.high - axis.low)));
  const scale = 10 ** Math.min(9, digits);
  return { low: Math.floor(a * scale) / scale, high: Math.ceil(b * scale) / scale };
}
