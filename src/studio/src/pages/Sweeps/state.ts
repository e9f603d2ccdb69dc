/** The state of a leaderboard page, all of it in the address: f, sort, cols, sel, sizes, near, focus, view and the axes of the heat map. */
import type { Field } from "../../leaderboard/fields";
import { fieldsOf, usualColumns } from "../../leaderboard/fields";
import type { Board } from "../../leaderboard/columns";
import { EQUITY } from "../../components/LeaderboardTable/types";
import { filterText, readFilters, type Filter } from "../../leaderboard/filters";
import { readSort, type BoardQuery, type SortKey } from "../../leaderboard/view";

export interface PageState {
  fields: readonly Field[];
  shown: readonly Field[];
  filters: readonly Filter[];
  /** Filters and columns of the address that mean nothing here. */
  unknown: readonly string[];
  sort: readonly SortKey[];
  selected: readonly number[];
  focus: number | null;
  fold: boolean;
  hideNear: boolean;
  compare: boolean;
  query: BoardQuery;
}

export const COMPARE_MOST = 4;

const fieldsBy = new WeakMap<Board, { swept: string; fields: readonly Field[] }>();

// The same fields for the same board, so that what is drawn of them is not drawn anew at each change of the address.
function knownFields(board: Board, parameters: readonly string[]): readonly Field[] {
  const swept = parameters.join(",");
  const known = fieldsBy.get(board);
  if (known?.swept === swept) return known.fields;
  const fields = fieldsOf(board, parameters);
  fieldsBy.set(board, { swept, fields });
  return fields;
}

export function stateOf(search: URLSearchParams, board: Board, parameters: readonly string[], opened: readonly number[]): PageState {
  const fields = knownFields(board, parameters);
  const offered = [...fields, EQUITY];
  const { filters, unknown } = readFilters(search.getAll("f"), fields);
  const columnOf = (name: string): string | undefined => fields.find((f) => f.name === name)?.column;
  const asked = (search.get("cols") ?? "").split(",").filter((c) => c !== "");
  const names = asked.length === 0 ? usualColumns(fields, board) : asked;
  const lost = [...names.filter((n) => !offered.some((f) => f.name === n)), ...(search.get("sort") ?? "").split(",").filter((s) => s !== "" && columnOf(s.replace(/^-/, "")) === undefined)];
  const sort = readSort(search.get("sort"), columnOf);
  const fold = search.get("sizes") !== "apart" && board.columns["position_size_pct"] !== undefined;
  const hideNear = search.get("near") === "hide";
  return {
    fields, shown: names.flatMap((n) => offered.find((f) => f.name === n) ?? []), filters, unknown: fields.length === 0 ? [] : [...unknown, ...lost], sort, fold, hideNear,
    selected: combosOf(search.get("sel")), focus: combosOf(search.get("focus"))[0] ?? null, compare: search.get("view") === "compare",
    query: { filters: filters.map((f) => ({ ...f, column: columnOf(f.field)! })), sort, fold, opened, hideNear },
  };
}

export function combosOf(text: string | null): number[] {
  return [...new Set((text ?? "").replace(/^combo:/, "").split(",").map(Number).filter((n) => Number.isInteger(n) && n > 0))];
}

/** The address with another value of a key; the usual one is left out. */
export function withKey(search: URLSearchParams, key: string, value: string): URLSearchParams {
  const next = new URLSearchParams(search);
  if (value === "") next.delete(key);
  else next.set(key, value);
  return next;
}

export function withFilters(search: URLSearchParams, filters: readonly Filter[]): URLSearchParams {
  const next = new URLSearchParams(search);
  next.delete("f");
  for (const f of filters) next.append("f", filterText(f));
  return next;
}

/** The sort after a click on a column: a figure begins with its highest, a word with its first; the same again turns it, and a third time ends it. */
export function sortAfter(text: string | null, field: Field, also: boolean): string {
  const parts = (text ?? "").split(",").filter((s) => s !== "");
  const was = parts.find((s) => s.replace(/^-/, "") === field.name);
  const usual = field.kind === "words" || field.kind === "id" || field.name === "rank" ? field.name : `-${field.name}`;
  const turned = usual.startsWith("-") ? field.name : `-${field.name}`;
  const next = was === undefined ? usual : was === usual ? turned : "";
  const others = also ? parts.filter((s) => s !== was) : [];
  return [...others, ...(next === "" ? [] : [next])].join(",");
}
