import type { ReviewGate } from "../../api/client";

export interface GateRowProps {
  gate: ReviewGate;
}
