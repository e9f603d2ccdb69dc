import { describe, expect, it } from "vitest";
import { candidates, matching, openAt } from "./complete";
import { YamlDoc } from "./document";
import { controlOf, readWritten, written } from "./fields";
import { kinds, lane } from "./lane.fixture";
import { readWorkflow } from "./model";
import { nodeAt } from "./yaml";

const w = readWorkflow(YamlDoc.read(lane).doc!);

describe("completing an expression", () => {
  it("offers what fits first: outputs above, then parameters, never what needs the step itself", () => {
    const all = candidates(w, kinds, "sweep", { kind: "whole" });
    expect(all[0]).toEqual({ expression: "steps.align.outputs.sessions", type: "whole number", fits: true });
    expect(all.find((c) => c.expression === "params.ticker")).toMatchObject({ fits: false });
    expect(all.some((c) => c.expression.startsWith("steps.train") || c.expression.startsWith("steps.sweep"))).toBe(false);
  });

  it("gives lists for steps that run once for each", () => {
    expect(candidates(w, kinds, "approve").find((c) => c.expression === "steps.train.outputs.trained_model")?.type).toBe("list of text");
  });

  it("knows where a name begins, and that a text in quotes is none", () => {
    expect(openAt("a {steps.al", 11)).toEqual({ from: 3, typed: "steps.al" });
    expect(openAt("{a} b", 5)).toBeNull();
    expect(openAt('{x == "appro', 12)).toBeNull();
    expect(matching(candidates(w, kinds, "sweep"), "snap").map((c) => c.expression)).toEqual(["steps.align.outputs.snapshot"]);
  });
});

describe("a value in a form", () => {
  it("is read by its type and stands as it was written", () => {
    expect([readWritten("", { kind: "text" }), readWritten("1.5", { kind: "number" }), readWritten("1.5", { kind: "text" }), readWritten("true", { kind: "truth" })]).toEqual([undefined, 1.5, "1.5", true]);
    expect(readWritten("{params.select}", { kind: "whole" })).toBe("{params.select}");
    expect(readWritten("{ a: 1 }", { kind: "map" })).toEqual({ a: 1 });
    expect(readWritten("[gates, person]", { kind: "list", item: { kind: "text" } })).toEqual(["gates", "person"]);
    expect(readWritten("[gates, ", { kind: "list", item: { kind: "text" } })).toBe("[gates, ");
    expect(written(nodeAt(w.doc.root, ["steps", "approve", "with", "votes"]))).toBe("[gates, person]");
  });

  it("has words to choose from, unless it is an expression", () => {
    const words = { kind: "text", choices: ["simple", "custom"] } as const;
    expect(controlOf(words, nodeAt(w.doc.root, ["steps", "sweep", "with", "kind"]))).toBe("choice");
    expect(controlOf(words, nodeAt(w.doc.root, ["steps", "sweep", "with", "snapshot"]))).toBe("line");
  });
});
