import { describe, expect, it } from "vitest";
import type { ColumnTable, ReviewGate, ReviewListed, ReviewShown } from "../api/client";
import { barred, beside, cautionsOf, contentChanges, exitSummary, lacks, tradesOf, verdicts, wanted, withoutSkill, yearsOf } from "./facts";

const head: ReviewListed = {
  id: "apr_1", run_id: "run_1", strategy_name: "A on MKT.SYN", pack: "p@1.0.0", target: "paper", status: "pending_approval", recommendation: "review", gates_passed: 5, gates: 7, return: 0.0045, sharpe: 1.89, sharpe_low: -0.89,
  sharpe_high: 4.67, created_utc: "2026-01-16T11:31:00Z", expires_utc: "2026-01-19T21:00:00Z", requested_by: "rita", decided_by: null, decided_utc: null, reason: null, self_approved: false, gate_failed: false,
  difference: null, barrier: null,
};
const gate: ReviewGate = {
  name: "min_win_rate_pct", label: "Minimum win rate", status: "pass", critical: false, comparator: ">=", unit: "share", required: 0.4, actual: 0.525, window: "selection", sample: 80, low: 0.4, high: 0.6, false_pass: 0.97,
  without_skill: "chance",
};
const card = (id: string, verdict: string) => ({ id, title: id, verdict, unit: "ratio", value: verdict === "not_computed" ? null : 1, wanted: "", words: "" });
const review: ReviewShown = {
  head, run_id: "run_1", combo_id: 3, strategy_id: "s", digest: "d".repeat(64), bundle_hash: "b", four_eyes: "strict", quorum: 1, reason_min: 10, is_synthetic: true, missing: [], figures: null, gates: [gate],
  luck: [card("deflated_sharpe", "caution"), card("pbo", "ok"), card("retention", "not_computed")], cautions: ["The bars are synthetic."], changes: null, content: [], parties: [], votes: [], rules: null, months: [],
  exit_reasons: {}, flags: [], deployment_id: null, replaces: null,
};
const said = { reason: "Paper only, look again after 30 trades.", acknowledged: true };

describe("a gate", () => {
  it("says its limit in the unit of its figure, and how often nothing would pass", () => {
    expect(wanted(gate)).toBe("selection, at least 40.0%");
    expect(wanted({ ...gate, unit: "p", comparator: "<", required: 0.05, window: "holdout" })).toBe("hold-out, below 0.05");
    expect(wanted({ ...gate, unit: "whole_share", comparator: "<=", required: 0.2 })).toBe("selection, at most 20%");
    expect(withoutSkill(gate)).toBe("97%");
    expect(["count", "damage", "unknown"].map((without_skill) => withoutSkill({ ...gate, false_pass: null, without_skill }))).toEqual(["a count", "damage only", "not known"]);
  });
});

describe("the verdict", () => {
  it("counts what is not computed as a caution too", () => {
    expect(cautionsOf(review)).toBe(3);
  });
  it("never says that a strategy works", () => {
    const all = verdicts({ ...review, head: { ...head, recommendation: "promote", gates_passed: 7 }, luck: [], cautions: [] }, (iso) => iso.slice(0, 10));
    expect(all.map((v) => v.title)).toEqual(["No gate objects", "Luck is unlikely", "First version"]);
  });
  it("names the gates, the cautions and the risk of what changed", () => {
    const changes = {
      since: "apr_0", approved_utc: "2025-10-02T10:00:00Z", approved_by: "ada",
      settings: [{ setting: "Stop loss", before: "8.00%", now: "6.00%", effect: "", risk: "lower" }, { setting: "Position size", before: "2.00%", now: "3.00%", effect: "", risk: "higher" }, { setting: "Pack", before: "a", now: "b", effect: "", risk: "none" }],
    };
    const all = verdicts({ ...review, gates: [{ ...gate, status: "fail", critical: true }], changes }, (iso) => iso.slice(0, 10));
    expect(all.map((v) => `${v.title}: ${v.detail}`)).toEqual([
      "Vote 1 says review: 5 of 7 gates pass, 1 critical one fails", "Luck is not ruled out: 3 cautions to read", "3 changes: since 2025-10-02, 1 raises the risk, 1 lowers the risk",
    ]);
    expect(all[2]!.tone).toBe("warn");
  });
});

describe("a vote", () => {
  it("sleeps until reason and acknowledgement are there, and names what is missing", () => {
    expect(lacks("approve", { reason: "", acknowledged: false }, review, false)).toEqual(["a reason of 10 characters", "3 acknowledged cautions"]);
    expect(lacks("reject", { reason: "  too short ".slice(0, 8), acknowledged: true }, review, false)).toEqual(["a reason of 10 characters"]);
    expect(lacks("approve", said, review, false)).toEqual([]);
    expect(lacks("approve", said, review, true)).toEqual(["the server"]);
  });
  it("needs a longer note against the gates, to approve alone", () => {
    const against = { ...review, reason_min: 40 };
    expect(lacks("approve", { ...said, reason: "Only for paper." }, against, false)).toEqual(["a reason of 40 characters, since vote 1 says reject"]);
    expect(lacks("reject", { ...said, reason: "Only for paper." }, against, false)).toEqual([]);
  });
  it("is barred by a missing file before anything else, and says why in the server's words", () => {
    const barrier = { code: "APR-1006", message: "ada is the trainer of what is voted on.", where: null, remedy: "Ask another approver." };
    expect(barred({ ...review, head: { ...head, barrier } })).toBe("ada is the trainer of what is voted on. Ask another approver.");
    expect(barred({ ...review, missing: ["trades.parquet"], head: { ...head, barrier } })).toContain("trades.parquet");
    expect(barred(review)).toBeNull();
  });
  it("tells which lines of the content moved", () => {
    const line = (label: string, text: string) => ({ label, text, digest: null });
    expect(contentChanges({ ...review, content: [line("Pack", "a"), line("Target", "Paper")] }, { ...review, content: [line("Pack", "b"), line("Limit", "1")] })).toEqual(["Pack", "Target", "Limit"]);
  });
});

describe("trades", () => {
  const columns: Record<string, unknown[]> = {
    trade_id: [1, 2], decision_ts: ["2025-05-16T19:30:00Z", "2025-08-15T14:30:00Z"], entry_ts: ["2025-05-19T13:30:00Z", "2025-08-15T15:30:00Z"], exit_ts: ["2025-05-19T14:30:00Z", null], entry_price: [10, 11],
    exit_price: [9, 12], quantity: [2, 2], profit: [-2, 2], return: [-0.1, 0.09], mae: [-0.1, 0], mfe: [0.01, 0.1], reason: ["trail", "signal"],
  };
  it("are read from their columns; one that is open has no exit, whatever its last price", () => {
    const rows = tradesOf({ rows: 2, about: {}, types: {}, columns } as ColumnTable);
    expect(rows[0]).toMatchObject({ id: 1, exitPrice: 9, return: -0.1, reason: "trail" });
    expect(rows[1]).toMatchObject({ id: 2, exit: null, exitPrice: null, profit: null, return: null, reason: "open" });
  });
  it("are summed up by why they ended, the most frequent first", () => {
    expect(exitSummary(17, { trail: 1, signal: 15, time_stop: 1 })).toBe("17 closed, rule exit 15, trailing stop 1, time stop 1");
  });
});

describe("months", () => {
  it("stand in rows of twelve, the strongest ground at the largest", () => {
    const years = yearsOf([{ month: "2025-11", return: -0.02, trades: 1 }, { month: "2025-12", return: 0, trades: 0 }, { month: "2026-01", return: 0.01, trades: 2 }]);
    expect(years.map((y) => y.year)).toEqual(["2025", "2026"]);
    expect(years[0]!.cells.map((c) => c?.strength ?? null)).toEqual([null, null, null, null, null, null, null, null, null, null, 50, 0]);
    expect(years[1]!.cells[0]!.strength).toBe(30);
    expect(yearsOf([])).toEqual([]);
  });
});

describe("the inbox", () => {
  it("is walked one way and the other, to its ends", () => {
    const list = ["a", "b", "c"].map((id) => ({ ...head, id }));
    expect([beside(list, "a", -1), beside(list, "a", 1), beside(list, "c", 1), beside(list, "x", 1)]).toEqual([null, "b", null, null]);
  });
});
