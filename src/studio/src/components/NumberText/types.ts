export type NumberKind = "return" | "rate" | "drawdown" | "ratio" | "bps" | "probability" | "p" | "count" | "money" | "duration";

export interface NumberTextProps {
  value: number | null | undefined;
  kind: NumberKind;
  /** Why there is none, on hover. */
  why?: string;
}
