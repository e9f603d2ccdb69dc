import type { Chosen, Grid } from "./model";

export interface RunGridProps {
  grid: Grid;
  /** Whether there are runs before these. */
  hasOlder: boolean;
  isOlderRead: boolean;
  onOlder(): void;
  chosen: Chosen | null;
  onChoose(chosen: Chosen | null): void;
  /** Stages that are folded. */
  folded: readonly string[];
  onFold(folded: readonly string[]): void;
  /** Keys act; false where the page has others for them. */
  keys?: boolean;
}

export interface FactsProps {
  grid: Grid;
  chosen: Chosen | null;
  /** Counts on what is under way. */
  now: number;
}
