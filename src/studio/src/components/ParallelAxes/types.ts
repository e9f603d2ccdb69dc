import type { Bands } from "../../leaderboard/axes";
import type { Board } from "../../leaderboard/columns";
import type { Field } from "../../leaderboard/fields";
import type { Filter } from "../../leaderboard/filters";

export interface ParallelAxesProps {
  board: Board;
  axes: readonly Field[];
  /** Rows that the filters keep. */
  rows: Uint32Array;
  /** Lines gathered, where there are too many rows to draw one by one. */
  bands: readonly (Bands | null)[] | null;
  filters: readonly Filter[];
  /** Chosen combos: the first white, the second amber. */
  focus: readonly number[];
  /** Filters in the place of those of a field. */
  onBrush(field: string, filters: readonly Filter[]): void;
}
