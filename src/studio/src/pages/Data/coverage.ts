/** Coverage as squares: what is there beside what the sessions of a calendar have. */
import type { ColumnTable, SeriesCoverage } from "../../api/client";
import { count, many } from "../../text/format";
import { day, months as monthNames } from "../../text/time";

export type Heat = "full" | "part" | "none" | "free";

export interface Square {
  /** 2026-01 or 2026-01-12. */
  key: string;
  bars: number;
  expected: number | null;
  missing: number;
  heat: Heat;
}

/** full: nothing of its sessions is missing; part: something is; none: sessions without a bar; free: bars that no calendar says anything about. */
export function heatOf(bars: number, expected: number | null, missing: number): Heat {
  if (expected === null || expected === 0) return bars > 0 ? "free" : "none";
  return missing === 0 ? "full" : bars === 0 || missing >= expected ? "none" : "part";
}

/** How much of a square is missing, for the strength of its colour. */
export function missingShare(s: Square): number {
  return s.expected === null || s.expected === 0 ? 0 : Math.min(1, s.missing / s.expected);
}

export interface MonthRow {
  series: SeriesCoverage;
  /** One for each month of the years that are shown; null where the series has none. */
  squares: readonly (Square | null)[];
}

/** The years that any series reaches, oldest first. */
export function yearsOf(all: readonly SeriesCoverage[]): readonly number[] {
  const years = all.flatMap((s) => (s.months.length === 0 ? [] : [Number(s.months[0]!.slice(0, 4)), Number(s.months.at(-1)!.slice(0, 4))]));
  if (years.length === 0) return [];
  const [first, last] = [Math.min(...years), Math.max(...years)];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** A row of months for each series over the same years; months between a series' first and last that have nothing are holes, not unknown. */
export function monthRows(all: readonly SeriesCoverage[], years: readonly number[]): readonly MonthRow[] {
  return all.map((series) => {
    const at = new Map(series.months.map((m, i) => [m, i]));
    const [first, last] = [series.months[0] ?? "", series.months.at(-1) ?? ""];
    const squares = years.flatMap((year) =>
      Array.from({ length: 12 }, (_, m): Square | null => {
        const key = `${year}-${String(m + 1).padStart(2, "0")}`;
        const i = at.get(key);
        if (i === undefined) return first !== "" && key > first && key < last ? { key, bars: 0, expected: null, missing: 0, heat: "none" } : null;
        const [bars, expected, missing] = [series.bars[i]!, series.expected[i]!, series.missing[i]!];
        return { key, bars, expected, missing, heat: heatOf(bars, expected, missing) };
      }),
    );
    return { series, squares };
  });
}

/** What a row of months shows, as a sentence. */
export function monthsSentence(row: MonthRow): string {
  const known = row.squares.filter((s) => s !== null);
  if (known.length === 0) return "No bars.";
  const gaps = known.filter((s) => s.heat === "part" || s.heat === "none");
  const range = `${monthText(known[0]!.key)} to ${monthText(known.at(-1)!.key)}`;
  return gaps.length === 0 ? `Complete from ${range}.` : `${range}: ${many(gaps.length, "month", "months")} with gaps, the newest ${monthText(gaps.at(-1)!.key)}.`;
}

/** 2026-01 is Jan 2026. */
export function monthText(month: string): string {
  return `${monthNames[Number(month.slice(5, 7)) - 1]!} ${month.slice(0, 4)}`;
}

/** What a square says: "12 Jan 2026: 6 of 7 bars, 1 missing". */
export function squareText(s: Square): string {
  const name = s.key.length === 7 ? monthText(s.key) : day(s.key);
  const of = s.expected === null ? many(s.bars, "bar", "bars") : s.expected === 0 ? `${many(s.bars, "bar", "bars")}, no session` : `${count(s.bars)} of ${many(s.expected, "bar", "bars")}`;
  return `${name}: ${of}${s.missing > 0 ? `, ${count(s.missing)} missing` : ""}`;
}

/** The days of a coverage answer. */
export function daysOf(table: ColumnTable): readonly Square[] {
  const dates = column<string>(table, "date");
  const [bars, expected, missing] = [column<number>(table, "bars"), column<number | null>(table, "expected"), column<number | null>(table, "missing")];
  return dates.map((key, i) => ({ key, bars: bars[i]!, expected: expected[i] ?? null, missing: missing[i] ?? 0, heat: heatOf(bars[i]!, expected[i] ?? null, missing[i] ?? 0) }));
}

/** A column of an answer in columns; one that is not there is empty. */
export function column<T>(table: ColumnTable, name: string): readonly T[] {
  return ((table.columns as Record<string, unknown>)[name] as readonly T[] | undefined) ?? [];
}

export interface PlacedDay {
  square: Square;
  /** Week of the year's grid, from 0. */
  week: number;
  /** 0 is Monday. */
  weekday: number;
}

const DAY_MS = 86_400_000;

/** The days of a year as a grid of weeks, Monday first. */
export function yearGrid(days: readonly Square[], year: number): readonly PlacedDay[] {
  const start = Date.UTC(year, 0, 1);
  const offset = (new Date(start).getUTCDay() + 6) % 7;
  return days.filter((d) => d.key.startsWith(`${year}-`)).map((square) => {
    const n = Math.round((Date.parse(`${square.key}T00:00:00Z`) - start) / DAY_MS) + offset;
    return { square, week: Math.floor(n / 7), weekday: n % 7 };
  });
}

/** The day that a key leads to: the next one there is in that direction. */
export function stepped(days: readonly Square[], from: string, by: number): string {
  const i = days.findIndex((d) => d.key >= from);
  const at = i < 0 ? days.length - 1 : i;
  if (Math.abs(by) === 1) return days[Math.max(0, Math.min(days.length - 1, at + by))]?.key ?? from;
  // A week on is the same weekday, or the nearest day there is.
  const wanted = new Date(Date.parse(`${from}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);
  const found = by > 0 ? days.find((d) => d.key >= wanted) : days.findLast((d) => d.key <= wanted);
  return (found ?? (by > 0 ? days.at(-1) : days[0]))?.key ?? from;
}

/** The day of a finding; a gap is found at the bar after it, and begins at the bar that its detail names. */
export function dayOf(finding: { rule: string; at_utc: string; detail?: string | null }): string {
  const since = finding.rule === "gap" ? /\bsince (\d{4}-\d{2}-\d{2})/.exec(finding.detail ?? "")?.[1] : undefined;
  return since ?? finding.at_utc.slice(0, 10);
}

/** Findings of one rule, with the days on which it found something. */
export function byRule<T extends { rule: string; at_utc: string; detail?: string | null }>(findings: readonly T[]): readonly { rule: string; first: T; days: readonly string[]; findings: readonly T[] }[] {
  const groups = new Map<string, T[]>();
  for (const f of findings) groups.set(f.rule, [...(groups.get(f.rule) ?? []), f]);
  return [...groups].map(([rule, list]) => ({ rule, first: list[0]!, days: [...new Set(list.map(dayOf))], findings: list }));
}
