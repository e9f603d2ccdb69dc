import { describe, expect, it } from "vitest";
import type { RunAttemptShown, RunShown } from "../../api/client";
import { graphOf } from "../../flow/model";
import { noteOf, problemOf, rowsOf, shareOf, stepAt, stepsDone, voteWord } from "./facts";

const attempt = (step: string, from: string, to: string | null, more: Partial<RunAttemptShown> = {}): RunAttemptShown => ({
  step, item: 0, attempt: 1, status: to === null ? "running" : "succeeded", started_at_utc: `2024-01-16T14:${from}Z`, ended_at_utc: to === null ? null : `2024-01-16T14:${to}Z`, problem: null,
  progress_done: 0, progress_total: 0, progress_text: null, sign_at_utc: null, ...more,
});
const instance = (index: number, status: string) => ({
  index, input: {}, status, attempts: 1, failures: 0, crashes: 0, furthest: 0, input_hash: null, reused_from: null, output: null, problem: null, reason: null, wake_key: null, due_utc: null,
});
const step = (name: string, uses: string, status: string, items = 1) => ({ name, uses, status, reason: null, instances: Array.from({ length: items }, (_, i) => instance(i, status)) });
const run = {
  steps: [step("align", "market.align", "succeeded"), step("sweep", "backtest.sweep", "running"), step("approve", "approval", "waiting"), step("deploy", "trading.deploy", "pending", 0)],
  attempts: [
    attempt("align", "35:38", "36:10", { status: "failed" }), attempt("align", "41:01", "41:31", { attempt: 2 }), attempt("sweep", "41:31", null, { progress_done: 28, progress_total: 45 }),
  ],
} as unknown as RunShown;
const graph = graphOf(run.steps.map((s) => ({ name: s.name, uses: s.uses, needs: [] })), run.steps);
const now = Date.parse("2024-01-16T14:42:43Z");

describe("what is said of a run", () => {
  it("tells how long a step took over all its attempts, and how far one is", () => {
    expect(noteOf(run, graph.nodes[0]!, now)).toBe("5 min 53 s, 2 attempts");
    expect(noteOf(run, graph.nodes[1]!, now)).toBe("1 min 12 s, 28 of 45");
    expect(noteOf(run, graph.nodes[2]!, now)).toBe("waits for a person");
    expect(shareOf(run.attempts[2])).toBeCloseTo(28 / 45, 9);
    expect(shareOf(run.attempts[0])).toBeNull();
    expect(stepsDone(run)).toBe(1);
    expect(stepAt({ ...run, ended_utc: null })).toBe(2);
    expect(stepAt({ ...run, steps: run.steps.slice(0, 1), ended_utc: "2024-01-16T14:50:00Z" })).toBe(1);
  });

  it("counts of a cancelled run the steps that began", () => {
    const cancelled = {
      ...run, ended_utc: "2024-01-16T14:50:00Z", steps: [...run.steps.slice(0, 1), ...["sweep", "approve", "deploy", "monitor"].map((name) => step(name, name, "cancelled"))],
      attempts: [...run.attempts, attempt("approve", "42:00", "42:01", { status: "waiting" })],
    };
    expect(stepAt(cancelled)).toBe(3);
    expect(stepsDone(cancelled)).toBe(1);
    expect(stepAt({ ...cancelled, attempts: [], steps: [step("align", "market.align", "cancelled")] })).toBe(0);
  });

  it("says whose vote it waits for only once that is known", () => {
    const barrier = { code: "APR-1006", message: "eva is the trainer of what is voted on.", where: null, remedy: null };
    expect(voteWord(undefined)).toBe("Waiting for a vote");
    expect(voteWord({ barrier: null, difference: null })).toBe("Waiting for your vote");
    expect(voteWord({ barrier, difference: null })).toBe("Waiting for a vote by somebody else");
    expect(voteWord({ barrier, difference: "evidence.json" })).toBe("Waiting for a vote");
  });

  it("has a row for each node with its attempts", () => {
    const rows = rowsOf(run, graph);
    expect(rows.map((r) => r.spans.length)).toEqual([2, 1, 0, 0]);
    expect(rows[1]!.spans[0]!.to).toBeNull();
  });

  it("reads a failure, also one that is no JSON", () => {
    expect(problemOf('{"code":"DATA_GAP","message":"Gap","where":"DXY","remedy":"Fill it."}')).toEqual({ code: "DATA_GAP", message: "Gap", where: "DXY", remedy: "Fill it." });
    expect(problemOf("boom")?.message).toBe("boom");
    expect(problemOf(null)).toBeNull();
  });
});
