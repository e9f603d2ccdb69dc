import type { ReactNode } from "react";

export interface EquityWindow {
  label: string;
  /** Whether it is shaded and named: the hold-out is, the window that was chosen on is not. */
  shaded: boolean;
  dates: readonly string[];
  strategy: readonly (number | null)[];
  benchmark: readonly (number | null)[];
  strategyDrawdown: readonly (number | null)[];
  benchmarkDrawdown: readonly (number | null)[];
}

export interface EquityChartProps {
  /** In order of time; each starts anew at 0. */
  windows: readonly EquityWindow[];
  /** Name of the benchmark; null where there is none, and its columns are empty. */
  benchmark: string | null;
  /** Stands below while nothing is pointed at; without it what windows mean. */
  note?: string;
  /** What it shows, in one sentence. */
  summary: string;
  /** Stands beside the line under the chart. */
  aside?: ReactNode;
}
