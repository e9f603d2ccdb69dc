/** What the address says of the list of models, and where each goes next. */
import type { ModelListed } from "../../api/client";
import { stages } from "../../text/models";

export type Kept = "use" | "retired" | "all";

export interface ModelFilter {
  status: Kept;
  pack: string | null;
  query: string;
  unknown: readonly string[];
}

export function filterOf(search: URLSearchParams): ModelFilter {
  const found: { status: Kept; pack: string | null; unknown: string[] } = { status: "use", pack: null, unknown: [] };
  for (const f of search.getAll("f")) {
    const [field, value] = [f.slice(0, f.indexOf(":")), f.slice(f.indexOf(":") + 1)];
    if (field === "status" && (value === "retired" || value === "all")) found.status = value;
    else if (field === "pack" && value !== "") found.pack = value;
    else found.unknown.push(f);
  }
  return { ...found, query: search.get("q") ?? "" };
}

export function withFilter(search: URLSearchParams, field: "q" | "status" | "pack", value: string): URLSearchParams {
  const next = new URLSearchParams(search);
  if (field === "q") {
    if (value === "") next.delete("q");
    else next.set("q", value);
    return next;
  }
  const kept = next.getAll("f").filter((f) => !f.startsWith(`${field}:`));
  next.delete("f");
  for (const f of kept) next.append("f", f);
  if (value !== "" && value !== "use") next.append("f", `${field}:${value}`);
  return next;
}

/** Newest first. */
export function chosen(models: readonly ModelListed[], filter: ModelFilter): ModelListed[] {
  const words = filter.query.toLowerCase().split(/\s+/).filter((w) => w !== "");
  return models
    .filter((m) => (filter.status === "all" || (m.status === "retired") === (filter.status === "retired")) && (filter.pack === null || m.pack_id === filter.pack))
    .filter((m) => words.every((w) => `${m.id} ${m.name} ${m.ticker} ${m.pack_id} ${m.strategy_id} ${m.user_id}`.toLowerCase().includes(w)))
    .reverse();
}

/** How many stages lie behind a model whose next step this is. */
export function reached(next: string): number {
  const at = stages.findIndex((s) => s.id === next);
  return next === "restore" ? 0 : next === "configure_sweep" ? 1 : at < 0 ? 0 : next === "publish" ? stages.length : at;
}

export const planPath = (model: string): string => `/sweeps/new?model=${encodeURIComponent(model)}`;

/** Where the next step is done. */
export function pathOfNext(model: Pick<ModelListed, "id" | "next_step">): string {
  const id = encodeURIComponent(model.id);
  switch (model.next_step) {
    case "configure_sweep": return planPath(model.id);
    case "run_sweep":
    case "select_configs": return `/sweeps?q=${id}`;
    case "train": return `/training?f=model:${id}`;
    case "review": return `/training?f=model:${id}`;
    case "publish": return "/dashboard";
    default: return `/models/${id}`;
  }
}
