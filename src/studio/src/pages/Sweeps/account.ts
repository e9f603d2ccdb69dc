/** The account of a combo by its columns: months and the line that is drawn. */
import type { ColumnTable, MonthShown } from "../../api/client";

/** Returns by month out of an account that is 1 before its first day. */
export function monthsOf(equity: ColumnTable, exits: readonly string[] = []): MonthShown[] {
  const dates = (equity.columns["date"] ?? []) as string[];
  const worth = (equity.columns["equity"] ?? []) as number[];
  const months: MonthShown[] = [];
  let before = 1;
  dates.forEach((date, i) => {
    const month = date.slice(0, 7);
    if (dates[i + 1]?.slice(0, 7) === month) return;
    months.push({ month, return: worth[i]! / before - 1, trades: exits.filter((e) => e.startsWith(month)).length });
    before = worth[i]!;
  });
  return months;
}

/** An account as returns since its start. */
export function returnsOf(equity: ColumnTable): (number | null)[] {
  return ((equity.columns["equity"] ?? []) as (number | null)[]).map((e) => (e === null ? null : e - 1));
}
