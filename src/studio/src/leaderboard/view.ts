/** Which combos a leaderboard shows, in which order: filtered, sorted by several columns, sizes of one trade list folded. Pure, so that a worker does it. */
import type { Board, BoardColumn } from "./columns";
import { filtered, type Filter } from "./filters";

export interface SortKey {
  column: string;
  descending: boolean;
}

export interface BoardQuery {
  filters: readonly (Filter & { column: string })[];
  sort: readonly SortKey[];
  /** Rows that differ in size alone stand behind the first of them. */
  fold: boolean;
  /** Groups, by their best combo, that are opened all the same. */
  opened: readonly number[];
  /** Leaves out what trades the same or nearly the same as a better-ranked combo. */
  hideNear: boolean;
}

export interface BoardView {
  /** Rows of the board in the order they are shown. */
  order: Uint32Array;
  /** All rows that the filters keep, folded ones too. */
  rows: Uint32Array;
  /** For each shown row, how many of its size group follow hidden or opened; 0 for one alone. */
  more: Uint32Array;
  /** 1 where a row stands below the first of its group. */
  below: Uint8Array;
  /** How many rows each filter alone takes away. */
  removed: readonly number[];
}

export const plainQuery: BoardQuery = { filters: [], sort: [], fold: false, opened: [], hideNear: false };

interface Ranks {
  /** Place of each row's value among the different ones, ascending; their number where there is none. */
  places: Uint32Array;
  /** Different values. */
  count: number;
}

const ranksBy = new WeakMap<Float64Array, Ranks>();

/** Values by their places, worked out once a column: sorting by it is counting then, whichever way and beside whichever other column. */
export function ranksOf(column: BoardColumn): Ranks {
  const values = column.values;
  let ranks = ranksBy.get(values);
  if (ranks !== undefined) return ranks;
  const rows = values.length;
  const places = new Uint32Array(rows);
  if (column.kind === "words") {
    const count = column.words.length;
    for (let i = 0; i < rows; i++) places[i] = values[i]!;
    ranks = { places, count };
  } else {
    // NaN stands at the end of what is sorted.
    const different = values.slice().sort();
    let count = 0;
    for (let i = 0; i < rows; i++) {
      const value = different[i]!;
      if (value !== value) break;
      if (count === 0 || different[count - 1] !== value) different[count++] = value;
    }
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      let low = 0;
      let high = value === value ? count - 1 : -1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (different[middle]! < value) low = middle + 1;
        else high = middle;
      }
      places[i] = high < 0 ? count : low;
    }
    ranks = { places, count };
  }
  ranksBy.set(values, ranks);
  return ranks;
}

/** Rows by their buckets, those of one bucket as they stood. */
function counted(order: Uint32Array, buckets: number, bucketOf: (row: number) => number): Uint32Array {
  const starts = new Uint32Array(buckets + 1);
  for (const row of order) starts[bucketOf(row) + 1]!++;
  for (let b = 0; b < buckets; b++) starts[b + 1]! += starts[b]!;
  const next = new Uint32Array(order.length);
  for (const row of order) next[starts[bucketOf(row)]!++] = row;
  return next;
}

/** The rows that the filters keep, by the sort; FAIL after all others unless gates are sorted by. */
export function sorted(board: Board, mask: Uint8Array, kept: number, sort: readonly SortKey[]): Uint32Array {
  let order: Uint32Array = new Uint32Array(kept);
  let n = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) order[n++] = i;
  const keys = sort.flatMap((k) => {
    const column = board.columns[k.column];
    return column === undefined ? [] : [{ ...ranksOf(column), descending: k.descending }];
  });
  if (keys.length === 0) return order;
  // From the last key to the first; each keeps what the one before has ordered. What is not there comes last, whichever way it is sorted.
  for (const { places, count, descending } of keys.reverse()) order = counted(order, count + 1, descending ? (row) => (places[row] === count ? count : count - 1 - places[row]!) : (row) => places[row]!);
  const gate = board.columns["gate"];
  const fail = gate?.kind === "words" && !sort.some((k) => k.column === "gate") ? gate.words.indexOf("FAIL") : -1;
  return fail < 0 ? order : counted(order, 2, (row) => (gate!.values[row] === fail ? 1 : 0));
}

export function viewOf(board: Board, query: BoardQuery): BoardView {
  const { mask, removed } = filtered(board, query.filters);
  let kept = 0;
  if (query.hideNear) hideRepeats(board, mask);
  for (const one of mask) kept += one;
  const order = sorted(board, mask, kept, query.sort);
  const groups = board.columns["size_group"];
  if (!query.fold || groups === undefined) return { order, rows: order, more: new Uint32Array(order.length), below: new Uint8Array(order.length), removed };

  // The first of a group in this order stands for it.
  const opened = new Set(query.opened);
  const counts = new Map<number, number>();
  for (const row of order) counts.set(groups.values[row]!, (counts.get(groups.values[row]!) ?? 0) + 1);
  const behind = new Map<number, number[]>();
  const firsts: number[] = [];
  const seen = new Set<number>();
  for (const row of order) {
    const group = groups.values[row]!;
    if (!seen.has(group)) {
      seen.add(group);
      firsts.push(row);
    } else if (opened.has(group)) {
      const list = behind.get(group);
      if (list === undefined) behind.set(group, [row]);
      else list.push(row);
    }
  }
  let length = firsts.length;
  for (const list of behind.values()) length += list.length;
  const shown = new Uint32Array(length);
  const more = new Uint32Array(length);
  const below = new Uint8Array(length);
  let at = 0;
  for (const row of firsts) {
    const group = groups.values[row]!;
    more[at] = counts.get(group)! - 1;
    shown[at++] = row;
    for (const other of behind.get(group) ?? []) {
      below[at] = 1;
      shown[at++] = other;
    }
  }
  return { order: shown, rows: order, more, below, removed };
}

// Rows are in the order of ranks: the best of those that trade alike stays.
function hideRepeats(board: Board, mask: Uint8Array): void {
  const ids = board.columns["combo_id"]?.values;
  const near = board.columns["near_duplicate_of"]?.values;
  const same = board.columns["duplicate_of"]?.values;
  const seen = new Set<number>();
  for (let i = 0; i < mask.length; i++) {
    const first = same === undefined || Number.isNaN(same[i]!) ? (ids?.[i] ?? i) : same[i]!;
    if (seen.has(first) || (near !== undefined && !Number.isNaN(near[i]!))) mask[i] = 0;
    seen.add(first);
  }
}

/** "-sharpe,return" as keys; a field that is not there is left out. */
export function readSort(text: string | null, columnOf: (name: string) => string | undefined): SortKey[] {
  return (text ?? "").split(",").filter((s) => s !== "").flatMap((s) => {
    const column = columnOf(s.replace(/^-/, ""));
    return column === undefined ? [] : [{ column, descending: s.startsWith("-") }];
  });
}
