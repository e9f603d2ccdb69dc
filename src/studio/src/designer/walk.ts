/** Ways over the canvas with the arrows, and where steps stand. */
import { place } from "../flow/layout";
import { graphOf } from "../flow/model";
import type { Workflow } from "./model";

export const NODE = { width: 172, height: 48 } as const;

export type Places = ReadonlyMap<string, { x: number; y: number }>;

/** Where steps stand that nobody moved. */
export function tidied(workflow: Workflow): Map<string, { x: number; y: number }> {
  const steps = workflow.steps.map((s) => ({ name: s.name, uses: s.uses, needs: workflow.edges.filter((e) => e.to === s.name).map((e) => e.from) }));
  return place(graphOf(steps), NODE, "TB").at;
}

/** Places of all steps: kept ones as they are, new ones below what they need, clear of others. */
export function placed(workflow: Workflow, kept: Places): Map<string, { x: number; y: number }> {
  const moved = workflow.steps.filter((s) => kept.has(s.name));
  if (moved.length === 0) return tidied(workflow);
  const fresh = moved.length === workflow.steps.length ? null : tidied(workflow);
  const at = new Map<string, { x: number; y: number }>(moved.map((s) => [s.name, kept.get(s.name)!]));
  for (const step of workflow.steps) {
    if (at.has(step.name)) continue;
    const before = workflow.edges.filter((e) => e.to === step.name).map((e) => at.get(e.from)).filter((p) => p !== undefined);
    const lowest = before.sort((a, b) => b.y - a.y)[0];
    const want = lowest === undefined ? { ...fresh!.get(step.name)! } : { x: lowest.x, y: lowest.y + 92 };
    while ([...at.values()].some((p) => Math.abs(p.x - want.x) < NODE.width + 12 && Math.abs(p.y - want.y) < NODE.height + 12)) want.x += NODE.width + 28;
    at.set(step.name, want);
  }
  return at;
}

export type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

/** Up and down go along edges, left and right to the nearest step beside. */
export function walked(workflow: Workflow, at: Places, from: string | null, key: Arrow): string | null {
  const here = from === null ? undefined : at.get(from);
  if (from === null || here === undefined) return workflow.steps[0]?.name ?? null;
  const near = (names: readonly string[]): string | null => [...names].sort((a, b) => Math.abs(at.get(a)!.x - here.x) - Math.abs(at.get(b)!.x - here.x))[0] ?? null;
  if (key === "ArrowDown") return near(workflow.drawn.filter((e) => e.from === from).map((e) => e.to));
  if (key === "ArrowUp") return near(workflow.drawn.filter((e) => e.to === from).map((e) => e.from));
  const side = key === "ArrowRight" ? 1 : -1;
  return (
    workflow.steps
      .map((s) => ({ name: s.name, p: at.get(s.name)! }))
      .filter((s) => s.name !== from && (s.p.x - here.x) * side > 1 && Math.abs(s.p.y - here.y) < NODE.height * 3)
      .sort((a, b) => Math.abs(a.p.x - here.x) + 3 * Math.abs(a.p.y - here.y) - (Math.abs(b.p.x - here.x) + 3 * Math.abs(b.p.y - here.y)))[0]?.name ?? null
  );
}
