/** Places the nodes of a graph; synchronous, since the largest graph drawn has some hundred nodes. */
import { graphlib, layout } from "@dagrejs/dagre";
import type { FlowGraph } from "./model";

export interface Size {
  width: number;
  height: number;
}

export interface Placed {
  /** Upper left corner of each node. */
  at: Map<string, { x: number; y: number }>;
  width: number;
  height: number;
}

export function place(graph: FlowGraph, node: Size, direction: "LR" | "TB" = "LR", gaps = direction === "LR" ? { beside: 20, ranks: 18 } : { beside: 28, ranks: 44 }): Placed {
  const g = new graphlib.Graph();
  g.setGraph({ rankdir: direction, nodesep: gaps.beside, ranksep: gaps.ranks, marginx: 4, marginy: 4 });
  g.setDefaultEdgeLabel(() => ({}));
  for (const n of graph.nodes) g.setNode(n.id, { width: node.width, height: node.height });
  for (const e of graph.edges) g.setEdge(e.from, e.to);
  layout(g);
  const at = new Map(
    graph.nodes.map((n) => {
      const p = g.node(n.id) as { x: number; y: number };
      return [n.id, { x: p.x - node.width / 2, y: p.y - node.height / 2 }];
    }),
  );
  // Items of one step stand in their order, whichever crossings that costs.
  for (const step of new Set(graph.nodes.filter((n) => n.item !== null).map((n) => n.step))) {
    const items = graph.nodes.filter((n) => n.step === step).sort((a, b) => (a.item ?? 0) - (b.item ?? 0));
    const across = direction === "LR" ? ("y" as const) : ("x" as const);
    const slots = items.map((n) => at.get(n.id)!).sort((a, b) => a[across] - b[across]);
    items.forEach((n, i) => at.set(n.id, slots[i]!));
  }
  const places = [...at.values()];
  return { at, width: Math.max(0, ...places.map((p) => p.x)) + node.width, height: Math.max(0, ...places.map((p) => p.y)) + node.height };
}
