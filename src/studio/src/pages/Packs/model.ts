/** What the pack pages say about packs: grouping, units, places. It computes no figure. */
import type { PackFinding, PackGateRead, PackListed, PackParameterRead } from "../../api/client";
import * as format from "../../text/format";

export interface PackGroup {
  id: string;
  /** The newest version, which the others are read by. */
  newest: PackListed;
  /** Newest first. */
  versions: readonly PackListed[];
}

/** Packs with their versions, in the server's order of packs. */
export function grouped(listed: readonly PackListed[]): PackGroup[] {
  const groups = new Map<string, PackListed[]>();
  for (const pack of listed) groups.set(pack.pack_id, [pack, ...(groups.get(pack.pack_id) ?? [])]);
  return [...groups].map(([id, versions]) => ({ id, newest: versions.find((v) => !v.version.includes("-")) ?? versions[0]!, versions }));
}

export function pathOf(pack: { pack_id: string; version: string }): string {
  return `/packs/${encodeURIComponent(pack.pack_id)}/${encodeURIComponent(pack.version)}`;
}

/** "at least 30", "at most 25.00%". */
export function limit(gate: PackGateRead): string {
  if (gate.required === null) return "left to the platform";
  return `${gate.comparator === ">=" ? "at least" : "at most"} ${inUnit(gate.required, gate.unit)}`;
}

export function inUnit(value: number, unit: string): string {
  switch (unit) {
    case "count": return format.count(value);
    case "shares": return `${format.count(value)} shares`;
    case "bps": return format.bps(value);
    case "drawdown": return format.drawdown(value);
    case "share": return format.rate(value);
    default: return format.ratio(value);
  }
}

/** A value in the unit of its key: keys that end in _pct are percent. */
export function valueOf(key: string, value: number | null): string {
  if (value === null) return "off";
  return format.setting(value) + (key.endsWith("_pct") ? "%" : key.endsWith("_days") ? (value === 1 ? " day" : " days") : "");
}

/** "2 to 500, whole", "above 0% to 5%". */
export function bounds(p: Pick<PackParameterRead, "key" | "min" | "max" | "whole" | "min_excluded">): string {
  return `${p.min_excluded ? "above " : ""}${valueOf(p.key, p.min)} to ${valueOf(p.key, p.max)}${p.whole ? ", whole" : ""}`;
}

/** Where a finding stands, as an editor would say it. */
export function placeOf(finding: PackFinding): string {
  return finding.file === null ? finding.path : `${finding.file}${finding.line === null ? "" : `:${finding.line}:${finding.column ?? 1}`}`;
}

/** Where a line begins in a text, from 0; the end where there is no such line. */
export function offsetOf(text: string, line: number, column = 1): number {
  let at = 0;
  for (let i = 1; i < line; i++) {
    const end = text.indexOf("\n", at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  const end = text.indexOf("\n", at);
  return Math.min(at + column - 1, end < 0 ? text.length : end);
}

/** What a change is: added, removed or changed. */
export function changeOf(change: { before: string | null; after: string | null }): { sign: string; word: string } {
  return change.before === null ? { sign: "+", word: "added" } : change.after === null ? { sign: "−", word: "removed" } : { sign: "~", word: "changed" };
}
