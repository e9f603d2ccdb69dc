export interface StateBadgeProps {
  state: string;
  /** Instead of the state's own word. */
  label?: string | undefined;
  /** Without a tinted ground, beside text. */
  plain?: boolean;
}
