import type { ReliabilityShown } from "../../api/client";

export interface ReliabilityChartProps {
  before: readonly ReliabilityShown[];
  after: readonly ReliabilityShown[];
  /** What it shows, in one sentence. */
  summary: string;
}
