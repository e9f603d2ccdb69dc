/** What the address says of the list: `f=status:failed,running`, `f=workflow:lifecycle`, `f=ticker:SPY`, `f=by:ana`, `from=2026-01-05`, `to=…`, `q=spy`, `sort=-started`. */
import type { RunListed } from "../../api/client";
import { runStates } from "../../flow/states";

const fields = ["status", "workflow", "ticker", "by"] as const;
export type RunField = (typeof fields)[number];

export interface RunFilter {
  status: readonly string[];
  workflow: readonly string[];
  ticker: readonly string[];
  by: readonly string[];
  /** Days or instants; null where none is said. */
  from: string | null;
  to: string | null;
  /** Filters of the address that mean nothing here; they are said, not silently dropped. */
  unknown: readonly string[];
  query: string;
}

const times = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/;

export function filterOf(search: URLSearchParams): RunFilter {
  const found: Record<RunField | "unknown", string[]> = { status: [], workflow: [], ticker: [], by: [], unknown: [] };
  for (const f of search.getAll("f")) {
    const at = f.indexOf(":");
    const field = fields.find((name) => name === f.slice(0, at));
    const values = f.slice(at + 1).split(",").filter((v) => v !== "");
    const known = field === "status" ? values.filter((v) => runStates.some((s) => s === v)) : values;
    if (field !== undefined && known.length > 0 && known.length === values.length) found[field].push(...values);
    else found.unknown.push(f);
  }
  const time = (name: string): string | null => {
    const text = search.get(name);
    if (text === null || text === "") return null;
    if (times.test(text) && !Number.isNaN(Date.parse(text))) return text;
    found.unknown.push(`${name}=${text}`);
    return null;
  };
  const [from, to] = [time("from"), time("to")];
  return { ...found, from, to, query: search.get("q") ?? "" };
}

export function withFilter(search: URLSearchParams, field: RunField, values: readonly string[]): URLSearchParams {
  const next = new URLSearchParams(search);
  const kept = next.getAll("f").filter((f) => !f.startsWith(`${field}:`));
  next.delete("f");
  for (const f of kept) next.append("f", f);
  if (values.length > 0) next.append("f", `${field}:${values.join(",")}`);
  return next;
}

/** What the server is asked; the search alone is done here. */
export function askedOf(filter: RunFilter, workflow = only(filter.workflow)) {
  return {
    workflow, status: filter.status.length === 0 ? undefined : filter.status.join(","), ticker: only(filter.ticker), by: only(filter.by), from: filter.from ?? undefined, to: filter.to ?? undefined,
  };
}

const only = (values: readonly string[]): string | undefined => (values.length === 1 ? values[0] : undefined);

/** The same as a command. */
export function commandOf(asked: RunsAsked, limit: number): string[] {
  return ["./sigmatiq", "runs", "list", ...Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])), "--limit", String(limit)];
}

export type RunsAsked = ReturnType<typeof askedOf>;

/** Whether anything but the workflow is asked. */
export function isFiltered(filter: RunFilter): boolean {
  return filter.status.length > 0 || filter.ticker.length > 0 || filter.by.length > 0 || filter.from !== null || filter.to !== null || filter.query !== "";
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

/** Whether a text holds every word of a search. */
export function matches(query: string, text: string): boolean {
  const lower = text.toLowerCase();
  return query.toLowerCase().split(/\s+/).every((w) => lower.includes(w));
}

export function chosen(runs: readonly RunListed[], filter: RunFilter): RunListed[] {
  return runs.filter((r) => {
    const ticker = tickerOf(r) ?? "";
    if (filter.status.length > 0 && !filter.status.includes(r.status)) return false;
    if (filter.workflow.length > 0 && !filter.workflow.includes(r.workflow)) return false;
    if (filter.ticker.length > 0 && !filter.ticker.includes(ticker)) return false;
    if (filter.by.length > 0 && !filter.by.includes(r.requested_by)) return false;
    return matches(filter.query, `${r.id} ${r.workflow} ${r.version} ${r.status} ${ticker} ${r.requested_by} ${r.reason ?? ""}`);
  });
}

/** Milliseconds that a run took, or has taken so far. */
export function tookMs(run: RunListed, now: number): number {
  return (run.ended_at_utc === null ? now : Date.parse(run.ended_at_utc)) - Date.parse(run.requested_at_utc);
}
