/** What differs between two runs, area by area as the server orders them. */
import type { RunDifferenceShown } from "../../api/client";
import { areas as words } from "../../text/strings";

export interface Area {
  name: string;
  label: string;
  note: string;
  differences: RunDifferenceShown[];
}

export function areasOf(differences: readonly RunDifferenceShown[]): Area[] {
  const found = new Map<string, Area>();
  for (const d of differences) {
    const [label, note] = words[d.area] ?? [d.area, ""];
    if (!found.has(d.area)) found.set(d.area, { name: d.area, label, note, differences: [] });
    found.get(d.area)!.differences.push(d);
  }
  return [...found.values()];
}

/** A value as it was sent; one that is not there is nothing. */
export function said(value: unknown): string {
  return value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
}
