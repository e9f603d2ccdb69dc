import type { TradeRow } from "../../evidence/facts";

export interface TradeTableProps {
  rows: readonly TradeRow[];
  /** The trade that is chosen. */
  focus: number | null;
  onFocus(trade: number): void;
}
