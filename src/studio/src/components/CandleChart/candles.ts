import type { ColumnTable } from "../../api/client";

/** Bars as the chart takes them, out of the columns of an answer. */
export function candlesOf(table: ColumnTable) {
  const of = (name: string): number[] => (table.columns[name] ?? []) as number[];
  return { start: (table.columns["start"] ?? []) as string[], open: of("open"), high: of("high"), low: of("low"), close: of("close") };
}
