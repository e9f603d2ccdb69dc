import type { ReactNode } from "react";

export interface PreviewDialogProps {
  title: string;
  open: boolean;
  onClose(): void;
  /** Every effect, one a line, before anything happens. */
  effects: readonly ReactNode[];
  /** What stays as it is. */
  stays?: readonly ReactNode[];
  /** Further fields, above the reason. */
  children?: ReactNode;
  confirm: string;
  danger?: boolean;
  /** Whether it is kept with a reason. */
  reason: boolean;
  onConfirm(reason: string): Promise<unknown>;
  cli: readonly string[] | ((reason: string) => readonly string[]);
}
