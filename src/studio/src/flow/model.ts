/** The graph of a run or a workflow, apart from how it is drawn. */

export interface StepFacts {
  name: string;
  uses: string;
  needs: readonly string[];
}

export interface InstanceFacts {
  index: number;
  status: string;
}

export interface RunStepFacts {
  name: string;
  status: string;
  instances: readonly InstanceFacts[];
}

export interface FlowNode {
  /** The step's name, or name and item where its items are drawn apart. */
  id: string;
  step: string;
  uses: string;
  /** Which item of a fan-out; null for the step as a whole. */
  item: number | null;
  /** How many items the step has. */
  items: number;
  /** How many of them have ended. */
  ended: number;
  state: string;
}

export interface FlowEdge {
  id: string;
  from: string;
  to: string;
  /** Where the step before stands: an edge is walked once that has ended well. */
  state: "walked" | "active" | "open";
}

export interface FlowGraph {
  nodes: FlowNode[];
  edges: FlowEdge[];
}

/** Up to so many items of a fan-out are drawn apart. */
const ITEMS_APART = 4;

const finals = new Set(["succeeded", "failed", "skipped", "cancelled"]);

/** Needs without those that another need already implies: what is drawn, never what is stored. */
export function reducedNeeds(steps: readonly StepFacts[]): Map<string, string[]> {
  const above = new Map<string, Set<string>>();
  const byName = new Map(steps.map((s) => [s.name, s]));
  const ancestors = (name: string): Set<string> => {
    const known = above.get(name);
    if (known !== undefined) return known;
    const found = new Set<string>();
    above.set(name, found);
    for (const need of byName.get(name)?.needs ?? []) {
      found.add(need);
      for (const further of ancestors(need)) found.add(further);
    }
    return found;
  };
  return new Map(
    steps.map((s) => {
      const own = s.needs.filter((n) => byName.has(n));
      return [s.name, own.filter((n) => !own.some((other) => other !== n && ancestors(other).has(n)))];
    }),
  );
}

/** The graph of steps, with the states of a run where there is one. */
export function graphOf(steps: readonly StepFacts[], run: readonly RunStepFacts[] = []): FlowGraph {
  const states = new Map(run.map((s) => [s.name, s]));
  const needs = reducedNeeds(steps);
  const nodesOf = new Map<string, FlowNode[]>();
  for (const step of steps) {
    const at = states.get(step.name);
    const instances = at?.instances ?? [];
    const whole: FlowNode = {
      id: step.name, step: step.name, uses: step.uses, item: null, items: Math.max(1, instances.length), ended: instances.filter((i) => finals.has(i.status)).length,
      state: at?.status ?? "pending",
    };
    const apart = instances.length > 1 && instances.length <= ITEMS_APART;
    nodesOf.set(step.name, apart ? instances.map((i) => ({ ...whole, id: `${step.name}[${i.index}]`, item: i.index, state: i.status, ended: finals.has(i.status) ? 1 : 0 })) : [whole]);
  }
  const edges = steps.flatMap((step) =>
    (needs.get(step.name) ?? []).flatMap((need) =>
      (nodesOf.get(need) ?? []).flatMap((from) => (nodesOf.get(step.name) ?? []).map((to) => ({ id: `${from.id}>${to.id}`, from: from.id, to: to.id, state: edgeState(from.state, to.state) }))),
    ),
  );
  return { nodes: steps.flatMap((s) => nodesOf.get(s.name) ?? []), edges };
}

function edgeState(from: string, to: string): FlowEdge["state"] {
  if (from === "succeeded") return to === "pending" || to === "skipped" || to === "cancelled" ? "open" : "walked";
  return from === "running" || from === "retrying" ? "active" : "open";
}

/** The step to look at first: the failed one, else one that runs, else one that waits, else the last that did anything. */
export function firstShown(run: readonly RunStepFacts[]): string | null {
  const find = (...wanted: string[]): string | undefined => run.find((s) => wanted.includes(s.status))?.name;
  return find("failed") ?? find("running", "retrying") ?? find("waiting") ?? [...run].reverse().find((s) => s.status !== "pending" && s.status !== "skipped")?.name ?? run[0]?.name ?? null;
}

/** The node that a name means: itself, or of a step whose items are drawn apart the item that says most; null where there is none. */
export function nodeOf(graph: FlowGraph, name: string): FlowNode | null {
  const items = graph.nodes.filter((n) => n.step === name);
  const find = (...wanted: string[]): FlowNode | undefined => items.find((n) => wanted.includes(n.state));
  return graph.nodes.find((n) => n.id === name) ?? find("failed") ?? find("running", "retrying") ?? find("waiting") ?? items[0] ?? null;
}

/** The node that an arrow key leads to: along an edge, or to the neighbour in the same column. */
export function neighbour(graph: FlowGraph, id: string, key: "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown", at: ReadonlyMap<string, { x: number; y: number }>): string | null {
  if (key === "ArrowRight") return graph.edges.find((e) => e.from === id)?.to ?? null;
  if (key === "ArrowLeft") return graph.edges.find((e) => e.to === id)?.from ?? null;
  const here = at.get(id);
  if (here === undefined) return null;
  const side = key === "ArrowDown" ? 1 : -1;
  const same = graph.nodes
    .map((n) => ({ id: n.id, place: at.get(n.id) }))
    .filter((n): n is { id: string; place: { x: number; y: number } } => n.place !== undefined && Math.abs(n.place.x - here.x) < 1 && (n.place.y - here.y) * side > 0)
    .sort((a, b) => Math.abs(a.place.y - here.y) - Math.abs(b.place.y - here.y));
  return same[0]?.id ?? null;
}

/** What a reader hears of a node. */
export function spoken(graph: FlowGraph, node: FlowNode, stateWord: string): string {
  const list = (ids: string[]): string => [...new Set(ids.map((i) => graph.nodes.find((n) => n.id === i)?.step ?? i))].join(" and ");
  const before = list(graph.edges.filter((e) => e.to === node.id).map((e) => e.from));
  const after = list(graph.edges.filter((e) => e.from === node.id).map((e) => e.to));
  const place = graph.nodes.indexOf(node) + 1;
  return [
    node.item === null ? node.step : `${node.step} ${node.item + 1} of ${node.items}`, node.uses.replace(".", " "), stateWord.toLowerCase(), before === "" ? null : `needs ${before}`,
    after === "" ? null : `leads to ${after}`, `${place} of ${graph.nodes.length}`,
  ].filter((part) => part !== null).join(", ");
}
