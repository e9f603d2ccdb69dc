import { describe, expect, it } from "vitest";
import { YamlDoc } from "./document";
import { readWorkflow } from "./model";
import { drawnPlaces, keptPlaces, NODE, placed, tidied, turned, walked, type Direction, type Places } from "./walk";

const diamond = readWorkflow(YamlDoc.read("workflow: d\nversion: 1.0.0\nsummary: x\nsteps:\n  a: { uses: report }\n  b: { uses: report, needs: [a] }\n  c: { uses: report, needs: [a] }\n  d: { uses: report, needs: [b, c] }\n").doc!);

function overlaps(at: Places): string[] {
  const all = [...at];
  return all.flatMap(([n, p], i) => all.slice(i + 1).filter(([, q]) => Math.abs(p.x - q.x) < NODE.width && Math.abs(p.y - q.y) < NODE.height).map(([m]) => `${n} ${m}`));
}

describe("where steps stand", () => {
  it("is down or to the right, each behind what it needs, and nothing lies on another", () => {
    const [down, right] = [tidied(diamond, "TB"), tidied(diamond, "LR")];
    for (const e of diamond.drawn) {
      expect(down.get(e.to)!.y).toBeGreaterThan(down.get(e.from)!.y + NODE.height);
      expect(right.get(e.to)!.x).toBeGreaterThan(right.get(e.from)!.x + NODE.width);
    }
    expect(right.get("b")!.x).toBeCloseTo(right.get("c")!.x);
    expect([overlaps(down), overlaps(right)]).toEqual([[], []]);
  });

  it("is the same after it was turned and turned back, to the pixel that is kept", () => {
    for (const x of [-700, -3, 0, 17, 1234]) for (const y of [-40, 0, 92, 555]) {
      const back = turned(turned({ x, y }, "LR"), "TB");
      expect([Math.round(back.x), Math.round(back.y)]).toEqual([x, y]);
    }
    const kept = new Map([["a", { x: 10, y: 20 }]]);
    expect(keptPlaces(drawnPlaces(kept, "TB"), "TB")).toBe(kept);
    expect(drawnPlaces(kept, "LR").get("a")!.y).toBeLessThan(drawnPlaces(kept, "LR").get("a")!.x);
  });

  it.each(["TB", "LR"] as const)("keeps what somebody placed and puts a new step behind what it needs (%s)", (direction: Direction) => {
    const drawn = new Map([["a", { x: 0, y: 0 }], ["b", { x: 300, y: 300 }]]);
    const at = placed(diamond, drawn, direction);
    expect(at.get("b")).toEqual({ x: 300, y: 300 });
    expect(overlaps(at)).toEqual([]);
    const along = direction === "TB" ? ("y" as const) : ("x" as const);
    expect(at.get("c")![along]).toBeGreaterThan(at.get("a")![along]);
    expect(at.get("d")![along]).toBeGreaterThan(at.get("b")![along]);
  });
});

describe("the arrows", () => {
  it("go along edges in the direction of the graph, and beside across it", () => {
    const down = tidied(diamond, "TB");
    expect(walked(diamond, down, "a", "ArrowDown")).toMatch(/[bc]/);
    expect(walked(diamond, down, "d", "ArrowUp")).toMatch(/[bc]/);
    const [left, right] = down.get("b")!.x < down.get("c")!.x ? ["b", "c"] : ["c", "b"];
    expect(walked(diamond, down, left!, "ArrowRight")).toBe(right);
    expect(walked(diamond, down, left!, "ArrowLeft")).toBeNull();

    const across = tidied(diamond, "LR");
    expect(walked(diamond, across, "a", "ArrowRight", "LR")).toMatch(/[bc]/);
    expect(walked(diamond, across, "d", "ArrowLeft", "LR")).toMatch(/[bc]/);
    const [upper, lower] = across.get("b")!.y < across.get("c")!.y ? ["b", "c"] : ["c", "b"];
    expect(walked(diamond, across, upper!, "ArrowDown", "LR")).toBe(lower);
    expect(walked(diamond, across, lower!, "ArrowUp", "LR")).toBe(upper);
  });
});
