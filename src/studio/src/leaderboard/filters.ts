/** Filters as the address holds them: f=gate:pass,marginal and f=trades:>=20; a brush is two of them. */
import type { Board, BoardColumn } from "./columns";
import { hoursWord } from "./columns";
import type { Field } from "./fields";

export type Comparator = ">=" | "<=" | ">" | "<" | "in";

export interface Filter {
  field: string;
  comparator: Comparator;
  values: readonly string[];
}

export interface ReadFilters {
  filters: readonly Filter[];
  /** What of the address means nothing here; said, not silently dropped. */
  unknown: readonly string[];
}

export function readFilters(texts: readonly string[], fields: readonly Field[]): ReadFilters {
  const filters: Filter[] = [];
  const unknown: string[] = [];
  for (const text of texts) {
    const read = readFilter(text);
    const field = read === null ? undefined : fields.find((f) => f.name === read.field);
    const isNumber = field !== undefined && field.kind !== "words";
    if (read === null || field === undefined || (read.comparator !== "in" && (!isNumber || !Number.isFinite(Number(read.values[0]))))) unknown.push(text);
    else filters.push(read);
  }
  return { filters, unknown };
}

export function readFilter(text: string): Filter | null {
  const at = text.indexOf(":");
  if (at <= 0) return null;
  const field = text.slice(0, at);
  const rest = text.slice(at + 1);
  const compared = /^(>=|<=|>|<)(.+)$/.exec(rest);
  if (compared !== null) return { field, comparator: compared[1] as Comparator, values: [compared[2]!.trim()] };
  const values = rest.split(",").map((v) => v.trim()).filter((v) => v !== "");
  return values.length === 0 ? null : { field, comparator: "in", values };
}

export function filterText(filter: Filter): string {
  return `${filter.field}:${filter.comparator === "in" ? "" : filter.comparator}${filter.values.join(",")}`;
}

/** The filters without those of a field, and with others in their place. */
export function replaced(filters: readonly Filter[], field: string, by: readonly Filter[]): Filter[] {
  return [...filters.filter((f) => f.field !== field), ...by];
}

/** Marks the rows that a filter keeps. A word that is not there keeps none. */
export function keeps(filter: Filter, column: BoardColumn, rows: number): Uint8Array {
  const mask = new Uint8Array(rows);
  const values = column.values;
  if (filter.comparator !== "in") {
    const limit = Number(filter.values[0]);
    switch (filter.comparator) {
      case ">=": for (let i = 0; i < rows; i++) mask[i] = values[i]! >= limit ? 1 : 0; break;
      case "<=": for (let i = 0; i < rows; i++) mask[i] = values[i]! <= limit ? 1 : 0; break;
      case ">": for (let i = 0; i < rows; i++) mask[i] = values[i]! > limit ? 1 : 0; break;
      default: for (let i = 0; i < rows; i++) mask[i] = values[i]! < limit ? 1 : 0;
    }
    return mask;
  }
  const wantsNone = filter.values.some((v) => v === "none" || v === "off");
  if (column.kind === "words") {
    const wanted = new Set(filter.values.map((v) => hoursWord(v).toLowerCase()));
    const kept = Uint8Array.from([...column.words.map((w) => (wanted.has(w.toLowerCase()) ? 1 : 0)), wantsNone ? 1 : 0]);
    for (let i = 0; i < rows; i++) mask[i] = kept[values[i]!]!;
    return mask;
  }
  const wanted = filter.values.map((v) => (v === "yes" ? 1 : v === "no" ? 0 : Number(v))).filter((v) => Number.isFinite(v));
  for (let i = 0; i < rows; i++) {
    const value = values[i]!;
    mask[i] = Number.isNaN(value) ? (wantsNone ? 1 : 0) : wanted.includes(value) ? 1 : 0;
  }
  return mask;
}

export interface Filtered {
  /** 1 for each row that all filters keep. */
  mask: Uint8Array;
  kept: number;
  /** How many rows each filter alone takes away. */
  removed: readonly number[];
}

export function filtered(board: Board, filters: readonly (Filter & { column: string })[]): Filtered {
  const mask = new Uint8Array(board.rows).fill(1);
  const removed: number[] = [];
  for (const filter of filters) {
    const column = board.columns[filter.column];
    if (column === undefined) {
      removed.push(0);
      continue;
    }
    const own = keeps(filter, column, board.rows);
    let gone = 0;
    for (let i = 0; i < own.length; i++) {
      if (own[i] === 0) {
        gone++;
        mask[i] = 0;
      }
    }
    removed.push(gone);
  }
  let kept = 0;
  for (const one of mask) kept += one;
  return { mask, kept, removed };
}
