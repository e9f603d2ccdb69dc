import { describe, expect, it } from "vitest";
import { place } from "./layout";
import { firstShown, graphOf, neighbour, nodeOf, reducedNeeds, spoken, type StepFacts } from "./model";

const lifecycle: StepFacts[] = [
  { name: "bootstrap", uses: "store.bootstrap", needs: [] },
  { name: "align", uses: "market.align", needs: ["bootstrap"] },
  { name: "sweep", uses: "backtest.sweep", needs: ["align"] },
  { name: "train", uses: "learning.train", needs: ["sweep"] },
  { name: "forecast", uses: "learning.forecast", needs: ["sweep", "train"] },
  { name: "evidence", uses: "backtest.evidence", needs: ["forecast", "sweep", "train"] },
];

const at = (name: string, status: string, items: string[] = [status]) => ({ name, status, instances: items.map((s, index) => ({ index, status: s })) });

describe("the graph of a workflow", () => {
  it("draws no edge that a longer way already implies", () => {
    expect(reducedNeeds(lifecycle).get("evidence")).toEqual(["forecast"]);
    expect(reducedNeeds(lifecycle).get("forecast")).toEqual(["train"]);
  });

  it("keeps two ways that do not imply each other", () => {
    const diamond = [{ name: "a", uses: "x", needs: [] }, { name: "b", uses: "x", needs: ["a"] }, { name: "c", uses: "x", needs: ["a"] }, { name: "d", uses: "x", needs: ["a", "b", "c"] }];
    expect(reducedNeeds(diamond).get("d")).toEqual(["b", "c"]);
  });

  it("ends on a cycle too, which no valid workflow has", () => {
    expect([...reducedNeeds([{ name: "a", uses: "x", needs: ["b"] }, { name: "b", uses: "x", needs: ["a"] }]).keys()]).toEqual(["a", "b"]);
  });

  it("draws the items of a small fan-out apart and those of a large one together", () => {
    const few = graphOf(lifecycle, [at("sweep", "succeeded"), at("train", "running", ["succeeded", "running"])]);
    expect(few.nodes.filter((n) => n.step === "train").map((n) => [n.id, n.state])).toEqual([["train[0]", "succeeded"], ["train[1]", "running"]]);
    expect(few.edges.filter((e) => e.to.startsWith("train"))).toHaveLength(2);
    const many = graphOf(lifecycle, [at("train", "running", ["succeeded", ...Array<string>(8).fill("running")])]);
    expect(many.nodes.filter((n) => n.step === "train")).toMatchObject([{ id: "train", items: 9, ended: 1 }]);
  });

  it("marks the edges that were walked and those that are being walked", () => {
    const graph = graphOf(lifecycle, [at("bootstrap", "succeeded"), at("align", "running")]);
    expect(graph.edges.find((e) => e.from === "bootstrap")?.state).toBe("walked");
    expect(graph.edges.find((e) => e.from === "align")?.state).toBe("active");
    expect(graph.edges.find((e) => e.from === "sweep")?.state).toBe("open");
  });

  it("is placed with every edge leading on and no two nodes over each other", () => {
    const graph = graphOf(lifecycle, [at("train", "running", ["running", "running", "running"])]);
    const placed = place(graph, { width: 132, height: 48 });
    for (const e of graph.edges) expect(placed.at.get(e.to)!.x).toBeGreaterThan(placed.at.get(e.from)!.x);
    const boxes = [...placed.at.values()];
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => expect(Math.abs(a.x - b.x) >= 132 || Math.abs(a.y - b.y) >= 48).toBe(true)));
  });
});

describe("where to look and go", () => {
  it("shows the failed step first, else the running one, else the waiting one, else the last that did anything", () => {
    expect(firstShown([at("a", "succeeded"), at("b", "running"), at("c", "failed")])).toBe("c");
    expect(firstShown([at("a", "waiting"), at("b", "running")])).toBe("b");
    expect(firstShown([at("a", "succeeded"), at("b", "waiting"), at("c", "pending")])).toBe("b");
    expect(firstShown([at("a", "succeeded"), at("b", "succeeded"), at("c", "skipped")])).toBe("b");
    expect(firstShown([])).toBeNull();
  });

  it("takes a step's name for the item of it that says most", () => {
    const graph = graphOf(lifecycle, [at("train", "failed", ["succeeded", "failed", "skipped"]), at("sweep", "running", ["succeeded", "running"])]);
    expect([nodeOf(graph, "train"), nodeOf(graph, "sweep"), nodeOf(graph, "train[0]"), nodeOf(graph, "align"), nodeOf(graph, "no")].map((n) => n?.id ?? null)).toEqual(["train[1]", "sweep[1]", "train[0]", "align", null]);
  });

  it("goes along edges and between neighbours by the arrows", () => {
    const graph = graphOf(lifecycle, [at("train", "running", ["running", "running"])]);
    const placed = place(graph, { width: 132, height: 48 });
    expect(neighbour(graph, "bootstrap", "ArrowRight", placed.at)).toBe("align");
    expect(neighbour(graph, "align", "ArrowLeft", placed.at)).toBe("bootstrap");
    expect(neighbour(graph, "train[0]", "ArrowDown", placed.at)).toBe("train[1]");
    expect(neighbour(graph, "train[1]", "ArrowUp", placed.at)).toBe("train[0]");
    expect(neighbour(graph, "bootstrap", "ArrowLeft", placed.at)).toBeNull();
  });

  it("is told to a reader", () => {
    const graph = graphOf(lifecycle, []);
    expect(spoken(graph, graph.nodes[3]!, "Not started")).toBe("train, learning train, not started, needs sweep, leads to forecast, 4 of 6");
  });
});
