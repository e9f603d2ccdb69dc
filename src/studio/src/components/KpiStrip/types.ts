import type { ReactNode } from "react";

export interface Kpi {
  id: string;
  label: string;
  /** State whose glyph and colour the label carries. */
  state?: string;
  value: ReactNode;
  detail: ReactNode;
  to?: string;
}

export interface KpiStripProps {
  label: string;
  items: readonly Kpi[] | null;
  /** How many there will be, while they are read. */
  count: number;
}
