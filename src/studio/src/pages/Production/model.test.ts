import { describe, expect, it } from "vitest";
import type { GuardrailShown, ProductionStanding } from "../../api/client";
import { chosenOf, distance, guardState, phasesOf, standingWords } from "./model";

const guard = (value: number | null, limit: number, unit: string, tripped = false): GuardrailShown => ({
  id: "g", label: "G", window: "paper", unit, value, limit, left: value === null ? null : limit - value, used: value === null ? null : value / limit, tripped, action: "",
});

describe("a guardrail", () => {
  it("says how far its trigger is, in its unit", () => {
    expect(distance(guard(2, 5, "count"))).toBe("2 of 5, 3 left");
    expect(distance(guard(0.0006, 0.12, "drawdown"))).toBe("0.06% of 12.00%, 11.94% left");
    expect(distance(guard(6, 5, "count", true))).toBe("6 of 5, tripped");
    expect(distance(guard(null, 5, "count"))).toBe("no closed trade yet; trips at 5");
  });
  it("warns before it trips", () => expect([guard(1, 5, "count"), guard(4, 5, "count"), guard(5, 5, "count", true), guard(null, 5, "count")].map(guardState)).toEqual(["ok", "caution", "bad", "pending"]));
});

describe("a deployment", () => {
  const phases = ["validate", "train", "register"];
  it("shows what is done, under way and to come", () => {
    const of = (status: string, phase: string | null): string[] => phasesOf(phases, { status, phase }).map((p) => p.state);
    expect(of("running", "train")).toEqual(["completed", "running", "pending"]);
    expect(of("failed", "train")).toEqual(["completed", "failed", "pending"]);
    expect(of("completed", "register")).toEqual(["completed", "completed", "completed"]);
    expect(phasesOf(phases, null).map((p) => p.state)).toEqual(["pending", "pending", "pending"]);
  });
});

describe("the strategy", () => {
  const all = [{ strategy_id: "a" }, { strategy_id: "b" }] as ProductionStanding[];
  it("is the one of the address, else the newest, and never another than was asked for", () => {
    expect([chosenOf(all, "b"), chosenOf(all, null), chosenOf(all, "c"), chosenOf([], null)].map((s) => s?.strategy_id ?? null)).toEqual(["b", "a", null, null]);
  });
  it("stands in words", () => expect([standingWords({ status: "approved", mode: "paper" }), standingWords({ status: "paper_trading", mode: "paper" })]).toEqual(["approved, not deployed yet", "paper session"]));
});
