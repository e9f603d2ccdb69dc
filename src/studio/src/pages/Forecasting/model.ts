/** What the forecasting page says about forecasts. It computes no figure of its own. */
import type { ColumnTable, ForecastListed } from "../../api/client";
import { rate } from "../../text/format";

/** The forecast that is shown: the one of the address, else the best ranked. */
export function chosenOf(all: readonly ForecastListed[], wanted: string | null): ForecastListed | null {
  return all.find((f) => f.trained_model_id === wanted) ?? (wanted === null ? (all[0] ?? null) : null);
}

/** The one before or after in the ranking; it stays at the ends. */
export function beside(all: readonly ForecastListed[], id: string, step: 1 | -1): string {
  const at = all.findIndex((f) => f.trained_model_id === id);
  return all[Math.min(all.length - 1, Math.max(0, at + step))]?.trained_model_id ?? id;
}

/** What it says now: a probability alone enters nothing, so the rules speak too. */
export function saysNow(f: Pick<ForecastListed, "enters" | "rules_hold" | "probability" | "threshold">): { word: string; state: string } {
  if (f.enters) return { word: "would enter", state: "ok" };
  if (f.probability === null) return { word: "says nothing", state: "pending" };
  return f.probability < f.threshold ? { word: "below its threshold", state: "pending" } : f.rules_hold ? { word: "held back by a gate or the hour", state: "caution" } : { word: "rules do not hold", state: "pending" };
}

/** "3.1% better than saying the same of every row". */
export function edge(f: Pick<ForecastListed, "accuracy" | "base_rate">): string {
  if (f.accuracy === null || f.base_rate === null) return "not known";
  const by = f.accuracy - f.base_rate;
  return Math.abs(by) < 0.0005 ? "as good as saying the same of every row" : `${rate(Math.abs(by))} ${by > 0 ? "better" : "worse"} than saying the same of every row`;
}

export interface ForwardRow {
  at: string;
  close: number | null;
  probability: number | null;
  predicted: number | null;
  rules: boolean;
  enters: boolean;
}

/** The bars of a forecast, oldest first. */
export function forward(table: ColumnTable): ForwardRow[] {
  const of = <T>(name: string): readonly (T | null)[] => (table.columns[name] ?? []) as (T | null)[];
  const [at, close, probability, predicted, rules, enters] = [of<string>("ts"), of<number>("close"), of<number>("probability"), of<number>("predicted_return"), of<boolean>("rules_hold"), of<boolean>("enters")];
  return at.flatMap((t, i) => (t === null ? [] : [{ at: t, close: close[i] ?? null, probability: probability[i] ?? null, predicted: predicted[i] ?? null, rules: rules[i] === true, enters: enters[i] === true }]));
}

/** Positions where a new day begins, for the axis. */
export function dayStarts(rows: readonly ForwardRow[]): number[] {
  return rows.flatMap((r, i) => (i === 0 || r.at.slice(0, 10) !== rows[i - 1]!.at.slice(0, 10) ? [i] : []));
}
