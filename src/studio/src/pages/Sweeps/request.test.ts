import { describe, expect, it } from "vitest";
import type { SweepableParameter, SweepForm } from "../../api/client";
import { askedOf, commandOf, draftOf, emptyDraft, readValues, searchOf, usualModel, type Draft } from "./request";

const number = (key: string, over: Partial<SweepableParameter> = {}): SweepableParameter => ({ key, combo_key: key, simple: false, kind: "number", whole: false, min: 0, max: 100, above_min: true, allows_none: false, now: null, simple_values: null, ...over });
const form: SweepForm = {
  model_id: "syn", pack: "swingsigma@1.1.0", ticker: "MKT.SYN", interval: "1h", synthetic: true, uses_confidence: true, first_day: "2018-01-02", last_day: "2021-12-31", plan: "pro", simple_cap: 45, custom_cap: 3000,
  may_custom: true, may_settle: true,
  parameters: [
    number("thresholds", { combo_key: "threshold", simple: true, max: 1, above_min: false, simple_values: [0.5, 0.55, 0.6] }), number("allowed_hours", { simple: true, kind: "hours", min: null, max: null, simple_values: ["all_day", "morning_only"] }),
    number("position_size_pct", { simple: true, max: 25, simple_values: [1, 2, 3] }), number("rsi_period", { whole: true, min: 2, max: 500, above_min: false, now: 14 }), number("stop_loss_pct", { allows_none: true }),
  ],
};
const of = (key: string) => form.parameters.find((p) => p.key === key)!;

describe("values as they are typed", () => {
  it("are numbers, ranges, hours and none", () => {
    expect(readValues("0.5, 0.55", of("thresholds"))).toEqual({ values: [0.5, 0.55], problem: null });
    expect(readValues("0.5..0.7 by 0.05", of("thresholds")).values).toEqual([0.5, 0.55, 0.6, 0.65, 0.7]);
    expect(readValues("none, 3..5 by 1", of("stop_loss_pct")).values).toEqual(["none", 3, 4, 5]);
    expect(readValues("all_day, 9+10+11", of("allowed_hours")).values).toEqual(["all_day", [9, 10, 11]]);
  });

  it("are refused with the reason where they are", () => {
    const problem = (text: string, key: string) => readValues(text, of(key)).problem;
    expect(problem("1.2", "thresholds")).toBe("1.2 is above 1.");
    expect(problem("14.5", "rsi_period")).toBe("14.5 is no whole number.");
    expect(problem("0", "stop_loss_pct")).toBe("0 is not above 0.");
    expect(problem("none", "rsi_period")).toBe("“none” is no number.");
    expect(problem("noon", "allowed_hours")).toContain("is no hours");
    expect(problem("2, 2", "position_size_pct")).toBe("2 stands twice.");
    expect(problem(" ", "thresholds")).toBe("Give at least one value.");
    expect(problem("1..2 by 0.0001", "stop_loss_pct")).toContain("too many");
  });
});

describe("a draft", () => {
  it("is the same after a way through the address", () => {
    const draft: Draft = { model: "syn", kind: "custom", values: { thresholds: "0.5, 0.6", rsi_period: "7..21 by 7" }, from: "2019-01-02", to: "2021-12-31", holdout: "25", confidence: "rule", tag: "first look", seed: "7", onCap: "sample", earlyStop: true, refine: true };
    const search = searchOf(draft, new URLSearchParams("tz=utc&model=other&v=thresholds:1"));
    expect(draftOf(search)).toEqual(draft);
    expect(search.get("tz")).toBe("utc");
    expect(searchOf({ ...emptyDraft, model: "syn" }, new URLSearchParams()).toString()).toBe("model=syn");
  });

  it("asks for the simple sweep unless other values were typed, and says the same as a command", () => {
    const simple = askedOf({ ...emptyDraft, model: "syn" }, form);
    expect(simple.body).toEqual({ model_id: "syn", sweep_type: "simple", parameters: { thresholds: [0.5, 0.55, 0.6], allowed_hours: ["all_day", "morning_only"], position_size_pct: [1, 2, 3] }, holdout: 0.2, seed: 42, confidence: "classifier" });
    expect(simple.counts).toEqual({ thresholds: 3, allowed_hours: 2, position_size_pct: 3 });
    const custom = askedOf({ ...emptyDraft, model: "syn", kind: "custom", values: { allowed_hours: "9+10+11", stop_loss_pct: "none, 4" }, confidence: "rule", tag: "x" }, form);
    expect(commandOf("plan", custom.body!)).toEqual(["./sigmatiq", "sweeps", "plan", "--model", "syn", "--vary", "allowed_hours=9+10+11", "stop_loss_pct=none,4", "--confidence", "rule", "--tag", "x"]);
  });

  it("asks for nothing while something is wrong, and says where", () => {
    const wrong = askedOf({ ...emptyDraft, model: "syn", kind: "custom", values: { thresholds: "2" }, from: "2020", holdout: "100", seed: "x" }, form);
    expect(wrong.body).toBeNull();
    expect(Object.keys(wrong.problems).sort()).toEqual(["from", "holdout", "seed", "thresholds", "to"]);
    expect(askedOf({ ...emptyDraft, model: "syn", kind: "custom" }, form).problems["parameters"]).toBe("Vary at least one parameter.");
  });
});

describe("the model to begin with", () => {
  const model = (id: string, ticker: string, day: number) => ({ id, ticker, created_at_utc: `2026-01-0${day}T00:00:00Z` });

  it("is the newest with bars, and without any the newest", () => {
    const all = [model("old", "SPY", 1), model("new", "NONE", 3), model("mid", "SPY", 2)];
    expect(usualModel(all, [{ symbol: "SPY" }])).toBe("mid");
    expect(usualModel(all, [])).toBe("new");
    expect(usualModel([], [])).toBe("");
  });
});
