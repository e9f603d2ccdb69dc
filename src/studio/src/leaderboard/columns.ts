/** A leaderboard in typed arrays: one value a combo in each column, combos in the order of their ranks. No object per combo, however many there are. */
import type { ColumnTable } from "../api/client";

/** Numbers; NaN where there is none. Flags are 0 and 1. */
export interface NumberColumn {
  kind: "number";
  values: Float64Array;
}

/** Words by their place in a sorted list; the place of none is the list's length. */
export interface WordColumn {
  kind: "words";
  values: Float64Array;
  words: readonly string[];
}

export type BoardColumn = NumberColumn | WordColumn;

export interface Board {
  rows: number;
  columns: Readonly<Record<string, BoardColumn>>;
}

export const emptyBoard: Board = { rows: 0, columns: {} };

const GATES = ["PASS", "MARGINAL", "FAIL"];

/** Hours as lists come, "[9,10,11]", in the way the command line writes them: 9+10+11. */
export function hoursWord(text: string): string {
  return /^\[[\d,\s]*\]$/.test(text) ? text.slice(1, -1).replaceAll(" ", "").replaceAll(",", "+") : text;
}

export function columnOf(name: string, type: string, raw: readonly unknown[]): BoardColumn {
  if (type !== "text") {
    const values = new Float64Array(raw.length);
    for (let i = 0; i < raw.length; i++) {
      const value = raw[i];
      values[i] = typeof value === "number" ? value : value === true ? 1 : value === false ? 0 : NaN;
    }
    return { kind: "number", values };
  }
  const codes = new Map<string, number>();
  const places = new Float64Array(raw.length);
  for (let i = 0; i < raw.length; i++) {
    const value = raw[i];
    if (typeof value !== "string") {
      places[i] = -1;
      continue;
    }
    let code = codes.get(value);
    if (code === undefined) codes.set(value, (code = codes.size));
    places[i] = code;
  }
  const found = [...codes.keys()];
  const shown = found.map(hoursWord);
  const order = shown.map((_, i) => i).sort((a, b) => compareWords(name, shown[a]!, shown[b]!));
  const placeOf = new Float64Array(found.length);
  order.forEach((code, place) => (placeOf[code] = place));
  for (let i = 0; i < places.length; i++) places[i] = places[i] === -1 ? found.length : placeOf[places[i]!]!;
  return { kind: "words", values: places, words: order.map((code) => shown[code]!) };
}

function compareWords(name: string, a: string, b: string): number {
  if (name === "gate") return GATES.indexOf(a) - GATES.indexOf(b);
  // Hours by how many there are, the whole day first, then by the clock.
  if (name === "allowed_hours") return b.split("+").length - a.split("+").length || Number(a.split("+")[0]) - Number(b.split("+")[0]);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function boardOf(table: ColumnTable): Board {
  const columns: Record<string, BoardColumn> = {};
  for (const [name, raw] of Object.entries(table.columns)) columns[name] = columnOf(name, table.types[name] ?? "double", raw);
  return { rows: table.rows, columns };
}

/** A number of a row; null where there is none, or no such column. */
export function numberAt(board: Board, column: string, row: number): number | null {
  const found = board.columns[column];
  if (found === undefined || found.kind !== "number") return null;
  const value = found.values[row]!;
  return Number.isNaN(value) ? null : value;
}

/** A word of a row; null where there is none, or no such column. */
export function wordAt(board: Board, column: string, row: number): string | null {
  const found = board.columns[column];
  return found === undefined || found.kind !== "words" ? null : (found.words[found.values[row]!] ?? null);
}

/** The row of a combo; -1 where it has none. */
export function rowOf(board: Board, combo: number): number {
  const ids = board.columns["combo_id"];
  return ids === undefined ? -1 : ids.values.indexOf(combo);
}

/** The different values of a column, ascending; words as their places. */
export function distinct(column: BoardColumn): Float64Array {
  if (column.kind === "words") {
    const there = new Uint8Array(column.words.length + 1);
    for (const place of column.values) there[place] = 1;
    return Float64Array.from(column.words.map((_, i) => i).filter((i) => there[i] === 1));
  }
  const set = new Set<number>();
  for (const value of column.values) if (!Number.isNaN(value)) set.add(value);
  return Float64Array.from(set).sort();
}

/** Whether a column says more than one thing; none is a thing too. */
export function varies(board: Board, column: string): boolean {
  const values = board.columns[column]?.values;
  return values?.some((v) => !Object.is(v, values[0])) ?? false;
}

const bestBy = new WeakMap<Float64Array, { same: Float64Array | undefined; best: Float64Array }>();

/** For each row the best-ranked combo with the same trades, itself where it is that one. Rows are in the order of ranks. */
export function bestOfSame(board: Board): Float64Array {
  const ids = board.columns["combo_id"]?.values;
  const same = board.columns["duplicate_of"]?.values;
  const known = ids === undefined ? undefined : bestBy.get(ids);
  let best = known !== undefined && known.same === same ? known.best : undefined;
  if (best === undefined) {
    const first = new Map<number, number>();
    best = new Float64Array(board.rows);
    for (let i = 0; i < board.rows; i++) {
      const id = ids?.[i] ?? i;
      const root = same === undefined || Number.isNaN(same[i]!) ? id : same[i]!;
      if (!first.has(root)) first.set(root, id);
      best[i] = first.get(root)!;
    }
    if (ids !== undefined) bestBy.set(ids, { same, best });
  }
  return best;
}
