import type { Board } from "../../leaderboard/columns";
import type { Field } from "../../leaderboard/fields";
import type { Filter } from "../../leaderboard/filters";

export interface FilterBarProps {
  board: Board;
  fields: readonly Field[];
  filters: readonly Filter[];
  onChange(filters: readonly Filter[]): void;
  /** Whether the form is open. */
  open: boolean;
  onOpen(open: boolean): void;
}
