import type { Direction, Places } from "../../designer/walk";
import type { Edge, Workflow } from "../../designer/model";

export type Mark = "added" | "removed" | "changed";

export interface FlowCanvasProps {
  workflow: Workflow;
  at: Places;
  selection: readonly string[];
  onSelect(names: readonly string[]): void;
  label: string;
  /** Which way it leads; down where nothing is said. */
  direction?: Direction;
  /** Second line of a step; the step's own where none is given. */
  noteOf?: (name: string) => string | null;
  /** How many problems a step has. */
  problemsOf?: (name: string) => number;
  /** End states of a case, by step. */
  states?: ReadonlyMap<string, { state: string; wrong: boolean }> | undefined;
  marks?: ReadonlyMap<string, Mark> | undefined;
  /** Shows zoom, fit, the overview and the direction; what turns the graph. */
  onTurn?: (() => void) | undefined;
  /** Dimmed while the text does not parse. */
  stale?: boolean;
  /** Null where nothing may be changed. */
  edit?: FlowEdits | null;
  height?: number | undefined;
}

export interface FlowEdits {
  move(places: Places): void;
  connect(from: string, to: string): void;
  whyNot(from: string, to: string): string | null;
  disconnect(edge: Edge): void;
  drop(kind: string, place: { x: number; y: number }, edge: { from: string; to: string } | null): void;
  enter(name: string): void;
}

/** What a step kind is dragged as. */
export const KIND_DRAG = "application/x-sigmatiq-step-kind";
