/** What the address says of the list: `f=status:failed,running`, `f=workflow:lifecycle`, `q=spy`, `sort=-started`. */
import type { RunListed } from "../../api/client";

export interface RunFilter {
  status: readonly string[];
  workflow: readonly string[];
  /** Filters of the address that mean nothing here; they are said, not silently dropped. */
  unknown: readonly string[];
  query: string;
}

export function filterOf(search: URLSearchParams): RunFilter {
  const found: { status: string[]; workflow: string[]; unknown: string[] } = { status: [], workflow: [], unknown: [] };
  for (const f of search.getAll("f")) {
    const at = f.indexOf(":");
    const field = f.slice(0, at);
    const values = f.slice(at + 1).split(",").filter((v) => v !== "");
    if (at > 0 && (field === "status" || field === "workflow") && values.length > 0) found[field].push(...values);
    else found.unknown.push(f);
  }
  return { ...found, query: search.get("q") ?? "" };
}

export function withFilter(search: URLSearchParams, field: "status" | "workflow", values: readonly string[]): URLSearchParams {
  const next = new URLSearchParams(search);
  const kept = next.getAll("f").filter((f) => !f.startsWith(`${field}:`));
  next.delete("f");
  for (const f of kept) next.append("f", f);
  if (values.length > 0) next.append("f", `${field}:${values.join(",")}`);
  return next;
}

/** The instrument that a run works on; null where it has none. */
export function tickerOf(run: RunListed): string | null {
  const ticker = (run.parameters as Record<string, unknown> | null)?.["ticker"];
  return typeof ticker === "string" ? ticker : null;
}

/** Whether a run's instrument is one of the simulator's; null where it names none. */
export function isSynthetic(ticker: unknown): boolean | null {
  return typeof ticker === "string" ? ticker.toUpperCase().endsWith(".SYN") : null;
}

export function chosen(runs: readonly RunListed[], filter: RunFilter): RunListed[] {
  const words = filter.query.toLowerCase().split(/\s+/).filter((w) => w !== "");
  return runs.filter((r) => {
    if (filter.status.length > 0 && !filter.status.includes(r.status)) return false;
    if (filter.workflow.length > 0 && !filter.workflow.includes(r.workflow)) return false;
    const text = `${r.id} ${r.workflow} ${r.version} ${r.status} ${tickerOf(r) ?? ""} ${r.requested_by} ${r.reason ?? ""}`.toLowerCase();
    return words.every((w) => text.includes(w));
  });
}

/** Milliseconds that a run took, or has taken so far. */
export function tookMs(run: RunListed, now: number): number {
  return (run.ended_at_utc === null ? now : Date.parse(run.ended_at_utc)) - Date.parse(run.requested_at_utc);
}
