import type { Board } from "../../leaderboard/columns";
import type { Field } from "../../leaderboard/fields";
import type { BoardView, SortKey } from "../../leaderboard/view";

export interface LeaderboardTableProps {
  board: Board;
  view: BoardView;
  /** The columns that are shown, in order; a column "equity" is drawn. */
  fields: readonly Field[];
  sort: readonly SortKey[];
  onSort(field: Field, also: boolean): void;
  /** Chosen combos. */
  selected: ReadonlySet<number>;
  onSelect(combo: number, on: boolean): void;
  /** The combo that the keys act on; null where none. */
  focus: number | null;
  onFocus(combo: number): void;
  onOpen(combo: number): void;
  /** Opens or closes the sizes of a row. */
  onToggle(group: number): void;
  opened: ReadonlySet<number>;
  /** Points of the accounts that are there. */
  sparklines: ReadonlyMap<number, readonly number[]>;
  /** Told which combos are on screen. */
  onShown(combos: readonly number[]): void;
  /** Whether each row is a card. */
  cards: boolean;
  /** Whether rows may be chosen. */
  selectable: boolean;
  label: string;
}

/** The account drawn small: no column of the board. */
export const EQUITY: Field = { name: "equity", column: "", label: "Equity", kind: "words" };
