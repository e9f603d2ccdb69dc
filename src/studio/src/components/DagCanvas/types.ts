import type { FlowGraph } from "../../flow/model";

export interface DagCanvasProps {
  graph: FlowGraph;
  /** Id of the chosen node. */
  selected: string | null;
  onSelect(id: string): void;
  /** What stands under the name of a node. */
  noteOf(id: string): string;
  /** How much of a node that runs is done, 0 to 1. */
  shareOf(id: string): number | null;
  label: string;
}
