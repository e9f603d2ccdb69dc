/** What the production page says about standings. It computes no figure. */
import type { GuardrailShown, ProductionStanding } from "../../api/client";
import { count, drawdown, ratio } from "../../text/format";

/** The strategy that is shown: the one of the address, else the newest. */
export function chosenOf(all: readonly ProductionStanding[], wanted: string | null): ProductionStanding | null {
  return all.find((s) => s.strategy_id === wanted) ?? (wanted === null ? (all[0] ?? null) : null);
}

export function inUnit(value: number, unit: string): string {
  return unit === "count" ? count(value) : unit === "drawdown" ? drawdown(value) : ratio(value);
}

/** "2 of 5, 3 left", "0.06% of 12.00%, 11.94% left"; what trips says so, and what was not measured why. */
export function distance(g: GuardrailShown): string {
  if (g.value === null || g.left === null) return `no closed trade yet; trips at ${inUnit(g.limit, g.unit)}`;
  return `${inUnit(g.value, g.unit)} of ${inUnit(g.limit, g.unit)}, ${g.tripped ? "tripped" : `${inUnit(Math.max(0, g.left), g.unit)} left`}`;
}

/** pass, marginal from four fifths of the limit, or tripped. */
export function guardState(g: GuardrailShown): string {
  return g.tripped ? "bad" : g.used === null ? "pending" : g.used >= 0.8 ? "caution" : "ok";
}

/** How far each phase of a deployment is. */
export function phasesOf(phases: readonly string[], progress: { status: string; phase?: string | null | undefined } | null): { phase: string; state: string }[] {
  const at = progress === null ? -1 : progress.status === "completed" ? phases.length : phases.indexOf(progress.phase ?? "");
  return phases.map((phase, i) => ({ phase, state: i < at ? "completed" : i > at || progress === null ? "pending" : progress.status === "failed" ? "failed" : "running" }));
}

/** The word of a standing: "Paper" and where it stands. */
export function standingWords(s: Pick<ProductionStanding, "status" | "mode">): string {
  return s.status === "approved" ? "approved, not deployed yet" : s.status === "paper_trading" ? "paper session" : s.status.replaceAll("_", " ");
}
