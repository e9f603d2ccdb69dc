import { describe, expect, it } from "vitest";
import type { ForecastListed } from "../../api/client";
import { beside, chosenOf, dayStarts, edge, forward, saysNow } from "./model";

const all = ["a", "b", "c"].map((trained_model_id) => ({ trained_model_id })) as ForecastListed[];

describe("the ranking", () => {
  it("is walked and stays at its ends", () => {
    expect([beside(all, "a", 1), beside(all, "a", -1), beside(all, "c", 1)]).toEqual(["b", "a", "c"]);
    expect([chosenOf(all, "b"), chosenOf(all, null), chosenOf(all, "z")].map((f) => f?.trained_model_id ?? null)).toEqual(["b", "a", null]);
  });
});

describe("what it says now", () => {
  const said = { enters: false, rules_hold: true, probability: 0.7, threshold: 0.5 };
  it("never reads a probability alone as an entry", () => {
    expect(saysNow({ ...said, rules_hold: false }).word).toBe("rules do not hold");
    expect(saysNow(said).word).toBe("held back by a gate or the hour");
    expect(saysNow({ ...said, probability: 0.4 }).word).toBe("below its threshold");
    expect(saysNow({ ...said, probability: null }).word).toBe("says nothing");
    expect(saysNow({ ...said, enters: true }).word).toBe("would enter");
  });
  it("is held against saying the same of every row", () => {
    expect(edge({ accuracy: 0.78, base_rate: 0.75 })).toBe("3.0% better than saying the same of every row");
    expect(edge({ accuracy: 0.75, base_rate: 0.75 })).toBe("as good as saying the same of every row");
    expect(edge({ accuracy: 0.7, base_rate: 0.75 })).toBe("5.0% worse than saying the same of every row");
    expect(edge({ accuracy: null, base_rate: 0.75 })).toBe("not known");
  });
});

describe("the forward view", () => {
  it("reads columns bar by bar and knows where days begin", () => {
    const rows = forward({ rows: 3, about: {}, types: {}, columns: { ts: ["2026-11-19T20:30:00Z", "2026-11-20T14:30:00Z", "2026-11-20T15:30:00Z"], close: [1, 2, null], probability: [0.1, null, 0.3], rules_hold: [true, false, false], enters: [false, false, true] } });
    expect(rows.map((r) => [r.close, r.probability, r.predicted, r.rules, r.enters])).toEqual([[1, 0.1, null, true, false], [2, null, null, false, false], [null, 0.3, null, false, true]]);
    expect(dayStarts(rows)).toEqual([0, 1]);
  });
});
