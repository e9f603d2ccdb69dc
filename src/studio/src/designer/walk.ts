/** Ways over the canvas with the arrows, and where steps stand. */
import { place } from "../flow/layout";
import { graphOf } from "../flow/model";
import type { Workflow } from "./model";

export const NODE = { width: 172, height: 48 } as const;

export type Places = ReadonlyMap<string, { x: number; y: number }>;

/** Which way a graph leads: down, or to the right. */
export type Direction = "TB" | "LR";

// From rank to rank and from step to step beside it, as they stand when nobody moved them.
const RANK = { TB: NODE.height + 44, LR: NODE.width + 81 } as const;
const BESIDE = { TB: NODE.width + 28, LR: NODE.height + 28 } as const;

/** A place of a graph that leads down, as it is in one that leads to the right, and back: what was put side by side stays so. */
export function turned(place: { x: number; y: number }, to: Direction): { x: number; y: number } {
  return to === "LR" ? { x: (place.y * RANK.LR) / RANK.TB, y: (place.x * BESIDE.LR) / BESIDE.TB } : { x: (place.y * BESIDE.TB) / BESIDE.LR, y: (place.x * RANK.TB) / RANK.LR };
}

/** Places that are kept, always those of a graph that leads down, as they are drawn. */
export function drawnPlaces(kept: Places, direction: Direction): Places {
  return direction === "TB" ? kept : new Map([...kept].map(([name, p]) => [name, turned(p, "LR")]));
}

/** Places as they are drawn, as they are kept. */
export function keptPlaces(drawn: Places, direction: Direction): Places {
  return direction === "TB" ? drawn : new Map([...drawn].map(([name, p]) => [name, turned(p, "TB")]));
}

/** Where steps stand that nobody moved. */
export function tidied(workflow: Workflow, direction: Direction = "TB"): Map<string, { x: number; y: number }> {
  const steps = workflow.steps.map((s) => ({ name: s.name, uses: s.uses, needs: workflow.edges.filter((e) => e.to === s.name).map((e) => e.from) }));
  return place(graphOf(steps), NODE, direction, direction === "LR" ? { beside: BESIDE.LR - NODE.height, ranks: RANK.LR - NODE.width } : undefined).at;
}

/** Places of all steps: drawn ones as they are, new ones behind what they need, clear of others. */
export function placed(workflow: Workflow, drawn: Places, direction: Direction = "TB"): Map<string, { x: number; y: number }> {
  const moved = workflow.steps.filter((s) => drawn.has(s.name));
  if (moved.length === 0) return tidied(workflow, direction);
  const fresh = moved.length === workflow.steps.length ? null : tidied(workflow, direction);
  const at = new Map(moved.map((s) => [s.name, { ...drawn.get(s.name)! }]));
  const [along, across] = direction === "TB" ? (["y", "x"] as const) : (["x", "y"] as const);
  for (const step of workflow.steps) {
    if (at.has(step.name)) continue;
    const before = workflow.edges.filter((e) => e.to === step.name).map((e) => at.get(e.from)).filter((p) => p !== undefined);
    const last = before.sort((a, b) => b[along] - a[along])[0];
    const want = last === undefined ? { ...fresh!.get(step.name)! } : { ...last, [along]: last[along] + RANK[direction] };
    while ([...at.values()].some((p) => Math.abs(p.x - want.x) < NODE.width + 12 && Math.abs(p.y - want.y) < NODE.height + 12)) want[across] += BESIDE[direction];
    at.set(step.name, want);
  }
  return at;
}

export type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

/** Two arrows go along edges, forth and back, and two to the nearest step beside. */
export function walked(workflow: Workflow, at: Places, from: string | null, key: Arrow, direction: Direction = "TB"): string | null {
  const here = from === null ? undefined : at.get(from);
  if (from === null || here === undefined) return workflow.steps[0]?.name ?? null;
  const [along, across] = direction === "TB" ? (["y", "x"] as const) : (["x", "y"] as const);
  const [forth, back, beside] = direction === "TB" ? ["ArrowDown", "ArrowUp", "ArrowRight"] : ["ArrowRight", "ArrowLeft", "ArrowDown"];
  const near = (names: readonly string[]): string | null => [...names].sort((a, b) => Math.abs(at.get(a)![across] - here[across]) - Math.abs(at.get(b)![across] - here[across]))[0] ?? null;
  if (key === forth) return near(workflow.drawn.filter((e) => e.from === from).map((e) => e.to));
  if (key === back) return near(workflow.drawn.filter((e) => e.to === from).map((e) => e.from));
  const side = key === beside ? 1 : -1;
  const far = (p: { x: number; y: number }): number => Math.abs(p[across] - here[across]) + 3 * Math.abs(p[along] - here[along]);
  return (
    workflow.steps
      .map((s) => ({ name: s.name, p: at.get(s.name)! }))
      .filter((s) => s.name !== from && (s.p[across] - here[across]) * side > 1 && Math.abs(s.p[along] - here[along]) < 1.5 * RANK[direction])
      .sort((a, b) => far(a.p) - far(b.p))[0]?.name ?? null
  );
}
