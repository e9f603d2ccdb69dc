import type { Span } from "../../flow/timeline";

export interface TimelineRow {
  id: string;
  label: string;
  state: string;
  /** One item of a fan-out, indented. */
  isItem: boolean;
  /** Said in place of a bar, e.g. "waits for a person". */
  note: string | null;
  spans: readonly Span[];
}

export interface TimelineProps {
  rows: readonly TimelineRow[];
  now: number;
  isOpen: boolean;
  collapse: boolean;
  selected: string | null;
  onSelect(id: string): void;
}
