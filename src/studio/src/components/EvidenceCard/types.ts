import type { ReviewShown } from "../../api/client";

export interface EvidenceCardProps {
  card: ReviewShown["luck"][number];
  /** Number of the caution to acknowledge; null where it is none. */
  number: number | null;
}
