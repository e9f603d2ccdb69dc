export interface SplitterProps {
  /** What is made wider or narrower. */
  label: string;
  /** Whether the line between the regions stands or lies. */
  orientation: "vertical" | "horizontal";
  value: number;
  least: number;
  most: number;
  /** What it is where nobody changed it. */
  standard: number;
  /** What the value counts, for readers. */
  unit: "px" | "%";
  /** Whether the value grows to the left, or up. */
  isBackward?: boolean;
  /** Pixels of one unit. */
  pixels?: () => number;
  /** Each value on the way, many a second: shown, not kept. */
  onMove(value: number): void;
  onChange(value: number): void;
}
