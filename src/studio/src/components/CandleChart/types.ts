import type { Tone } from "../../flow/states";

export interface CandleMark {
  trade: number;
  entryUtc: string;
  exitUtc: string | null;
  entryPrice: number;
  exitPrice: number | null;
  exitTone: Tone;
}

export interface CandleChartProps {
  /** Starts of the bars, ISO 8601 UTC, oldest first. */
  start: readonly string[];
  open: readonly number[];
  high: readonly number[];
  low: readonly number[];
  close: readonly number[];
  marks: readonly CandleMark[];
  /** The trade that is looked at. */
  focus: number | null;
  onFocus(trade: number): void;
  /** What it shows, in one sentence; the table of trades is its alternative. */
  label: string;
  height: number;
}
