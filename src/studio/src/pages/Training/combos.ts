/** The top of a leaderboard, read from its columns. */
import type { ColumnTable } from "../../api/client";

export interface ComboRow {
  combo: number;
  rank: number;
  gate: string;
  sharpe: number | null;
  trades: number | null;
  ticked: boolean;
}

/** Rows by rank; a column that is not there leaves its figure out. */
export function combosOf(table: ColumnTable): ComboRow[] {
  const of = <T>(name: string): readonly (T | null)[] => (table.columns[name] ?? []) as (T | null)[];
  const [combos, ranks, gates, sharpes, trades, ticks] = [of<number>("combo_id"), of<number>("rank"), of<string>("gate"), of<number>("sharpe_ratio"), of<number>("total_trades"), of<boolean>("selected")];
  return combos
    .flatMap((combo, i) => (combo === null ? [] : [{ combo, rank: ranks[i] ?? i + 1, gate: (gates[i] ?? "").toUpperCase(), sharpe: sharpes[i] ?? null, trades: trades[i] ?? null, ticked: ticks[i] === true }]))
    .sort((a, b) => a.rank - b.rank);
}
