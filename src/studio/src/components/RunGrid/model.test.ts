import { describe, expect, it } from "vitest";
import type { RunGrid as Page, RunGridColumn } from "../../api/client";
import { barsOf, chosenOf, chosenText, dayMarks, joined, linesOf, median, moved, placeOf, stagesOf, stepMs, stepOf, tookMs, usualMs, usualStepMs, withRuns, workedMs, worst } from "./model";

const run = (id: string, status = "completed", worked = 40, took = 50): RunGridColumn => ({
  id, version: "1.0.0", status, reason: null, cause: "person", cause_of: null, requested_by: "operator", ticker: "SPY", planned_utc: null, requested_at_utc: "2024-01-16T14:00:00Z",
  started_at_utc: "2024-01-16T14:00:01Z", ended_at_utc: status === "completed" || status === "failed" ? "2024-01-16T14:00:50Z" : null, took_seconds: took, worked_seconds: worked, problem: null,
});
const page = (runs: RunGridColumn[], rows: Record<string, [stage: string, states: string, took?: (number | null)[]]>, older: string | null = null): Page => ({
  workflow: "lifecycle", at_utc: "2024-01-16T15:00:00Z", runs, older,
  rows: Object.entries(rows).map(([name, [stage, states, took]]) => ({
    name, stage, uses: "test.use", state: states.split(" "), attempts: runs.map(() => 1), items: runs.map(() => 1), took_seconds: took ?? runs.map(() => 2), notes: { [runs[0]!.id]: `why ${name}` },
  })),
});
// Newest first, as the server answers.
const newest = page([run("run_4", "running"), run("run_3", "failed")], { align: ["Data", "succeeded succeeded"], sweep: ["Train", "running failed"], train: ["Train", "pending skipped"], ask: ["Approve", "pending skipped"] }, "run_3");
const older = page([run("run_2"), run("run_1", "completed", 20)], { align: ["Data", "succeeded succeeded"], clean: ["Data", "succeeded skipped"], sweep: ["Train", "succeeded succeeded"], ask: ["Approve", "succeeded succeeded"] });

describe("pages as one grid", () => {
  it("has the newest at the right, and a step of older versions where it stood", () => {
    const grid = joined([newest, older]);
    expect(grid.runs.map((r) => r.id)).toEqual(["run_1", "run_2", "run_3", "run_4"]);
    expect(grid.steps.map((s) => s.name)).toEqual(["align", "clean", "sweep", "train", "ask"]);
    const states = (name: string): string[] => grid.steps.find((s) => s.name === name)!.cells.map((c) => c.state);
    expect(states("clean")).toEqual(["skipped", "succeeded", "absent", "absent"]);
    expect(states("train")).toEqual(["absent", "absent", "skipped", "pending"]);
    expect(grid.steps[0]!.cells.map((c) => c.note)).toEqual([null, "why align", null, "why align"]);
    expect(joined([]).runs).toEqual([]);
  });

  it("shows a run once that two pages hold while a new one pushes it over", () => {
    expect(joined([newest, page([run("run_3", "failed"), run("run_2")], {})]).runs.map((r) => r.id)).toEqual(["run_2", "run_3", "run_4"]);
  });

  it("leaves out the columns that a search does not want", () => {
    const grid = withRuns(joined([newest, older]), (r) => r.status === "completed");
    expect(grid.runs.map((r) => r.id)).toEqual(["run_1", "run_2"]);
    expect(grid.steps.find((s) => s.name === "clean")!.cells.map((c) => c.state)).toEqual(["skipped", "succeeded"]);
  });
});

describe("stages", () => {
  const grid = joined([newest, older]);
  it("have a row where they have several steps, with the state that says most", () => {
    const lines = linesOf(grid, new Set());
    expect(lines.map((l) => l.id)).toEqual(["Data", "align", "clean", "Train", "sweep", "train", "ask"]);
    const train = lines.find((l) => l.id === "Train")!;
    expect(train.kind === "stage" && train.states).toEqual(["succeeded", "succeeded", "failed", "running"]);
    expect(stepOf(train, 2).name).toBe("sweep");
    expect(stagesOf(grid)).toEqual(["Data", "Train"]);
  });

  it("fold, and a workflow of one stage has none", () => {
    expect(linesOf(grid, new Set(["Train"])).map((l) => l.id)).toEqual(["Data", "align", "clean", "Train", "ask"]);
    expect(linesOf(joined([page([run("run_1")], { a: ["Other", "succeeded"], b: ["Other", "failed"] })]), new Set(["Other"])).map((l) => l.id)).toEqual(["a", "b"]);
  });

  it("take a state of a later server for the worst, since nobody knows what it means", () => {
    expect(worst(["succeeded", "melted", "failed"])).toBe("melted");
    expect(worst(["skipped", "succeeded"])).toBe("skipped");
    expect(worst([])).toBe("absent");
  });
});

describe("durations", () => {
  const grid = joined([newest, older]);
  it("count on while a run works and a step is under way", () => {
    const [at, now] = [grid.atMs, grid.atMs + 5_000];
    expect([workedMs(grid.runs[3]!, at, now), workedMs(grid.runs[0]!, at, now)]).toEqual([45_000, 20_000]);
    expect([tookMs(grid.runs[3]!, at, now), tookMs(grid.runs[0]!, at, now)]).toEqual([55_000, 50_000]);
    expect(stepMs(grid.steps.find((s) => s.name === "sweep")!.cells[3]!, at, now)).toBe(7_000);
    expect(stepMs({ state: "succeeded", attempts: 1, items: 1, tookMs: null, note: null }, at, now)).toBeNull();
  });

  it("stand beside the median of what went well", () => {
    expect([median([]), median([3, 1]), median([9, 1, 2])]).toEqual([null, 2, 2]);
    expect(usualMs(grid)).toBe(30_000);
    expect(usualStepMs(grid.steps.find((s) => s.name === "sweep")!)).toBe(2_000);
    expect(usualStepMs(grid.steps.find((s) => s.name === "train")!)).toBeNull();
  });

  it("are bars that one long run does not flatten", () => {
    expect(barsOf([10, 20, 40], 20)).toEqual({ heights: [0.25, 0.5, 1], cut: [false, false, false], median: 0.5, topMs: 40 });
    const long = barsOf([10, 20, 4_000], 20);
    expect([long.topMs, long.heights[1], long.cut]).toEqual([50, 0.4, [false, false, true]]);
    expect(barsOf([], null)).toEqual({ heights: [], cut: [], median: null, topMs: 1 });
  });

  it("have days above them as far as there is room", () => {
    expect(dayMarks(["a", "a", "b", "b", "c", "d", "d", "d"], 3)).toEqual([true, false, false, false, true, false, false, false]);
    expect(dayMarks(["a"], 3)).toEqual([true]);
  });
});

describe("the walk", () => {
  it("goes by arrows, to the ends, and no further", () => {
    const to = (key: string, ctrl = false) => moved({ row: 1, column: 2 }, key, ctrl, 5, 4);
    expect([to("ArrowUp"), to("ArrowLeft"), to("Home"), to("End")]).toEqual([{ row: 0, column: 2 }, { row: 1, column: 1 }, { row: 1, column: 0 }, { row: 1, column: 3 }]);
    expect([to("Home", true), to("End", true), to("ArrowUp", true)]).toEqual([{ row: -1, column: 0 }, { row: 4, column: 3 }, { row: -1, column: 2 }]);
    expect([moved({ row: -1, column: 0 }, "ArrowUp", false, 5, 4), moved({ row: 0, column: 0 }, "x", false, 5, 4)]).toEqual([null, null]);
  });

  it("is in the address, and starts at the newest run", () => {
    expect([chosenOf(null), chosenOf("run_1"), chosenOf("run_1/train")]).toEqual([null, { run: "run_1", row: null }, { run: "run_1", row: "train" }]);
    expect(chosenText({ run: "run_1", row: "train" })).toBe("run_1/train");
    const grid = joined([newest, older]);
    const at = (text: string | null, folded: string[] = []) => placeOf(grid, linesOf(grid, new Set(folded)), chosenOf(text));
    expect([at(null), at("run_9/train"), at("run_2"), at("run_2/sweep"), at("run_2/no")]).toEqual([{ row: -1, column: 3 }, { row: -1, column: 3 }, { row: -1, column: 1 }, { row: 4, column: 1 }, { row: -1, column: 1 }]);
    expect(at("run_2/sweep", ["Train"])).toEqual({ row: 3, column: 1 });
  });
});
