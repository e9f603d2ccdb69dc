import type { Board } from "../../leaderboard/columns";
import type { Field } from "../../leaderboard/fields";
import type { HeatCells } from "../../leaderboard/heat";

export interface HeatMapProps {
  board: Board;
  cells: HeatCells;
  x: Field;
  y: readonly Field[];
  metric: Field;
  /** The combo whose cell is ringed. */
  focus: number | null;
  onFocus(combo: number): void;
}
