/** What the columns of a leaderboard are called on screen and in the address, and in which unit their figures are. */
import * as format from "../text/format";
import { varies, wordAt, numberAt, type Board } from "./columns";

export type FieldKind = "id" | "words" | "ratio" | "return" | "rate" | "drawdown" | "count" | "bps" | "p" | "probability" | "days" | "hours" | "percent" | "number" | "flag";

export interface Field {
  /** In the address. */
  name: string;
  /** In the answer of the server. */
  column: string;
  label: string;
  kind: FieldKind;
  /** What it is, in one sentence. */
  hint?: string;
  /** Swept. */
  parameter?: true;
}

const known: readonly Field[] = [
  { name: "rank", column: "rank", label: "Rank", kind: "count", hint: "FAIL after all others, then Sharpe ratio, return, win rate, smaller drawdown" },
  { name: "combo", column: "combo_id", label: "Combo", kind: "id" },
  { name: "sharpe", column: "sharpe_ratio", label: "Sharpe", kind: "ratio", hint: "A year, without interest; the best is the best of many" },
  { name: "low", column: "sharpe_low", label: "Sharpe from", kind: "ratio", hint: "Lower end of the 95% interval" },
  { name: "high", column: "sharpe_high", label: "Sharpe to", kind: "ratio", hint: "Upper end of the 95% interval" },
  { name: "dsr", column: "deflated_sharpe", label: "Deflated", kind: "probability", hint: "Deflated Sharpe: probability that the Sharpe ratio is above what the best of all trials has by chance; want 0.95" },
  { name: "return", column: "total_return", label: "Return", kind: "return" },
  { name: "cagr", column: "annualized_return", label: "Return a year", kind: "return" },
  { name: "volatility", column: "annual_volatility", label: "Volatility", kind: "rate", hint: "A year" },
  { name: "sortino", column: "sortino_ratio", label: "Sortino", kind: "ratio" },
  { name: "dd", column: "max_drawdown", label: "Max DD", kind: "drawdown", hint: "Deepest fall from a peak" },
  { name: "dd_days", column: "max_drawdown_duration_days", label: "DD days", kind: "days", hint: "Longest time below a peak" },
  { name: "calmar", column: "calmar_ratio", label: "Calmar", kind: "ratio" },
  { name: "win", column: "win_rate", label: "Win", kind: "rate", hint: "Share of trades with a gain" },
  { name: "pf", column: "profit_factor", label: "Profit factor", kind: "ratio" },
  { name: "trades", column: "total_trades", label: "Trades", kind: "count" },
  { name: "held", column: "avg_trade_duration_days", label: "Nights held", kind: "days", hint: "Mean calendar days between the dates of entry and exit" },
  { name: "held_hours", column: "avg_trade_duration_hours", label: "Hours held", kind: "hours", hint: "Mean hours between entry and exit by the clock, nights and weekends too" },
  { name: "best", column: "best_trade", label: "Best trade", kind: "return" },
  { name: "worst", column: "worst_trade", label: "Worst trade", kind: "return" },
  { name: "winner", column: "avg_winner", label: "Mean winner", kind: "return" },
  { name: "loser", column: "avg_loser", label: "Mean loser", kind: "return" },
  { name: "expectancy", column: "expectancy", label: "Expectancy", kind: "return", hint: "Mean return of a trade" },
  { name: "beta", column: "beta", label: "Beta", kind: "ratio" },
  { name: "alpha", column: "alpha", label: "Alpha", kind: "return", hint: "Jensen's, a year" },
  { name: "ir", column: "information_ratio", label: "Information ratio", kind: "ratio" },
  { name: "var", column: "var_95", label: "VaR 95%", kind: "rate", hint: "Loss of a day that one in twenty exceeds" },
  { name: "cvar", column: "cvar_95", label: "CVaR 95%", kind: "rate" },
  { name: "exposure", column: "exposure", label: "Exposure", kind: "rate", hint: "Share of time invested" },
  { name: "turnover", column: "turnover", label: "Turnover", kind: "ratio", hint: "Traded value over equity, a year" },
  { name: "t", column: "t_statistic", label: "t", kind: "ratio" },
  { name: "p", column: "p_value", label: "p", kind: "p", hint: "In-sample and not corrected for the trials: it gates nothing" },
  { name: "skewness", column: "skewness", label: "Skewness", kind: "ratio" },
  { name: "kurtosis", column: "kurtosis", label: "Kurtosis", kind: "ratio" },
  { name: "periods", column: "periods", label: "Days", kind: "count", hint: "Returns that the ratios are made of" },
  { name: "cost", column: "break_even_bps", label: "Break-even", kind: "bps", hint: "Extra cost a side at which nothing is left" },
  { name: "ambiguous", column: "ambiguous_bars", label: "Ambiguous bars", kind: "count", hint: "Bars that held both stop and target; the stop is taken" },
  { name: "optimistic", column: "optimistic_return", label: "Optimistic return", kind: "return", hint: "With the target taken in ambiguous bars" },
  { name: "optimistic_sharpe", column: "optimistic_sharpe", label: "Optimistic Sharpe", kind: "ratio" },
  { name: "optimistic_dd", column: "optimistic_drawdown", label: "Optimistic DD", kind: "drawdown" },
  { name: "gate", column: "gate", label: "Gates", kind: "words" },
  { name: "reasons", column: "gate_reasons", label: "Why not pass", kind: "words" },
  { name: "above_cap", column: "exceeds_model_cap", label: "Above cap", kind: "flag", hint: "Size above the model's cap: cannot be published" },
  { name: "ticked", column: "selected", label: "Ticked", kind: "flag", hint: "Chosen for training" },
];

const parameterLabels: Record<string, string> = {
  threshold: "Threshold", allowed_hours: "Hours", position_size_pct: "Size", stop_loss_pct: "Stop", take_profit_pct: "Target", trailing_stop_pct: "Trail", hold_days: "Time stop", time_stop_days: "Time stop, days", max_positions: "Positions",
};

/** A swept parameter by its key. */
export function parameterField(key: string): Field {
  const label = parameterLabels[key] ?? key.replaceAll("_", " ").replace(/^[a-z]+/, (w) => (w.length <= 4 ? w.toUpperCase() : w[0]!.toUpperCase() + w.slice(1)));
  return { name: key, column: key, label, kind: key === "allowed_hours" ? "words" : key.endsWith("_pct") ? "percent" : "number", parameter: true };
}

/** All fields that a leaderboard has, parameters after the combo, in the order they are offered. */
export function fieldsOf(board: Board, parameters: readonly string[]): readonly Field[] {
  const there = (f: Field): boolean => board.columns[f.column] !== undefined;
  const swept = parameters.map(parameterField).filter(there);
  const [rank, combo, ...rest] = known;
  return [rank!, combo!, ...swept, ...rest].filter(there);
}

const PARAMETERS_MOST = 6;

/** The columns that are shown unless the address says others: the parameters, of many those that vary, and the fewer figures beside them the more there are. */
export function usualColumns(fields: readonly Field[], board: Board): string[] {
  const swept = fields.filter((f) => f.parameter);
  const first = swept.length <= PARAMETERS_MOST ? swept : [...swept].sort((a, b) => Number(varies(board, b.column)) - Number(varies(board, a.column))).slice(0, PARAMETERS_MOST);
  const parameters = swept.filter((f) => first.includes(f)).map((f) => f.name);
  const wanted = ["rank", "combo", ...parameters, "sharpe", ...(parameters.length > 4 ? [] : ["dsr"]), "return", "dd", "trades", ...(parameters.length > 5 ? [] : ["equity"]), "gate"];
  return wanted.filter((n) => n === "equity" || fields.some((f) => f.name === n));
}

const names: Record<string, string> = { "9+10+11": "Morning", "13+14+15": "Afternoon", "9+10+11+12+13+14+15": "All day" };

/** Hours of a filter in words. */
export function hoursText(word: string): string {
  return names[word] ?? word.replaceAll("+", " ");
}

const gateWords: Record<string, string> = { PASS: "Pass", MARGINAL: "Marginal", FAIL: "Fail" };

const reasonWords: Record<string, string> = { min_trades_not_met: "too few trades", min_sharpe_not_met: "Sharpe too low", max_dd_exceeded: "drawdown too deep", min_win_rate_not_met: "wins too seldom" };

export function wordText(field: Field, word: string | null): string {
  if (word === null) return "";
  if (field.column === "gate") return gateWords[word] ?? word;
  if (field.column === "gate_reasons") return word.split(" ").map((r) => reasonWords[r] ?? r.replaceAll("_", " ")).join(", ");
  return field.column === "allowed_hours" ? hoursText(word) : word;
}

/** A figure in its unit; "" where there is none. */
export function figureText(kind: FieldKind, value: number | null): string {
  if (value === null) return "";
  switch (kind) {
    case "return": return format.returnPercent(value);
    case "rate": return format.rate(value);
    case "drawdown": return format.drawdown(value);
    case "count": return format.count(value);
    case "id": return String(value);
    case "bps": return format.bps(value);
    case "p": return format.pValue(value);
    // What rounds to certainty is none.
    case "probability": return value < 1 && value > 0.995 ? ">0.99" : format.probability(value);
    case "days":
    case "hours": return format.decimals(value, 1);
    case "percent": return format.percentGiven(value);
    case "number": return format.given(value);
    case "flag": return value === 1 ? "yes" : "";
    default: return format.ratio(value);
  }
}

/** What a cell of the table says. */
export function cellText(board: Board, field: Field, row: number): string {
  if (board.columns[field.column]?.kind === "words") return wordText(field, wordAt(board, field.column, row));
  const value = numberAt(board, field.column, row);
  return value === null && field.parameter === true ? "off" : figureText(field.kind, value);
}
