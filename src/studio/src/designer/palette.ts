/** How step kinds are offered: in groups, under words of their own. */
import type { IconName } from "../components/Icon/types";
import { designer as words } from "../text/designer";
import type { Kind } from "./types";

export interface KindGroup {
  label: string;
  kinds: readonly Kind[];
}

const order = ["Data", "Research", "Learning", "Decide", "Act", "Plug-ins"] as const;

function groupOf(id: string): (typeof order)[number] {
  const [room] = id.split(".");
  switch (room) {
    case "store":
    case "market":
    case "sql":
      return "Data";
    case "backtest":
      return "Research";
    case "learning":
      return "Learning";
    case "approval":
    case "wait":
    case "shard":
    case "workflow":
    case "workflows":
      return "Decide";
    case "trading":
    case "notify":
    case "http":
    case "report":
      return "Act";
    default:
      return "Plug-ins";
  }
}

const labels: Record<string, string> = {
  "workflow": "Run a workflow", "workflows.upstream": "After a workflow", "shard.for_each": "For each, in shards", "wait.until": "Wait", "sql.query": "SQL query", "http.call": "HTTP call", "backtest.queued_sweep": "Queued sweep", "learning.queued_training": "Queued training",
};

/** The kind in a word or two. */
export function labelOf(id: string): string {
  const last = (id.split(".").at(-1) ?? id).replaceAll("_", " ");
  return labels[id] ?? last.charAt(0).toUpperCase() + last.slice(1);
}

export function iconOf(id: string): IconName {
  switch (groupOf(id)) {
    case "Data":
      return "data";
    case "Research":
      return id.endsWith("evidence") ? "runs" : "sweeps";
    case "Learning":
      return id.endsWith("forecast") ? "forecasting" : "training";
    case "Decide":
      return id === "approval" ? "review" : id === "wait.until" ? "pause" : "workflows";
    case "Act":
      return id.startsWith("trading") ? "production" : id === "report" ? "packs" : "cli";
    default:
      return "system";
  }
}

export function matches(kind: Kind, query: string): boolean {
  const text = `${kind.id} ${labelOf(kind.id)} ${kind.summary}`.toLowerCase();
  return query.toLowerCase().split(/\s+/).every((w) => text.includes(w));
}

/** Kinds that match, those of this release in their groups, the announced ones last. */
export function grouped(kinds: ReadonlyMap<string, Kind>, query: string): KindGroup[] {
  const found = [...kinds.values()].filter((k) => matches(k, query.trim()));
  const built = order.map((label) => ({ label: label as string, kinds: found.filter((k) => k.isBuilt && groupOf(k.id) === label).sort((a, b) => labelOf(a.id).localeCompare(labelOf(b.id))) }));
  return [...built, { label: words.announced, kinds: found.filter((k) => !k.isBuilt) }].filter((g) => g.kinds.length > 0);
}
