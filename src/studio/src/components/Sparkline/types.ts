export interface SparklineProps {
  /** From 1 on, at even distances. */
  values: readonly number[];
  tone: "ok" | "idle";
}
