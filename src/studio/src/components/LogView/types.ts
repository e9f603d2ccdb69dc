import type { LogEvent } from "../../live/source";

export interface LogViewProps {
  lines: readonly LogEvent[];
  /** Whether more may come. */
  isOpen: boolean;
  query: string;
  onQuery(query: string): void;
  /** Whether lines name their item, where a step has several. */
  namesItem: boolean;
}
