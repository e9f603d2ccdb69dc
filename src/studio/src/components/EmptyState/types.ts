import type { ReactNode } from "react";

export interface EmptyStateProps {
  /** What is not there. */
  what: string;
  /** What fills the place, in one sentence. */
  why?: ReactNode;
  /** One button. */
  action?: ReactNode;
  /** The one command that does it. */
  cli?: readonly string[];
  /** h2 in a card, h3 below one. */
  level?: 2 | 3;
}
