export interface ErrorPanelProps {
  error: unknown;
  onRetry?: (() => void) | undefined;
  /** What could not be read or done. */
  what?: string;
}
