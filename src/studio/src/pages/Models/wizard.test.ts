import { describe, expect, it } from "vitest";
import type { ModelDrafted, ModelInputRead, ModelSettingRead } from "../../api/client";
import { addedWhy, against, commandOf, draftFrom, emptyDraft, numberOf, problemsOf, proposedId, proposedName, requestOf, selectionOf, slug, sourceOf, stepOf } from "./wizard";

const input = (id: string, kind: string, selected: boolean, needed_by: string | null = null): ModelInputRead => ({ id, kind, name: id, formula: "", selected, needed_by });
const setting = (key: string, group: string): ModelSettingRead => ({ key, group, of: "", pack_default: 8, default: 8, value: 8, source: "pack", min: 0, min_excluded: true, max: 100, whole: false });
const answer: ModelDrafted = { valid: true, problems: [], warnings: [], pack: "swingsigma@1.1.0", strategy: null, settings: [setting("rsi_period", "indicators"), setting("stop_loss_pct", "risk")], inputs: [], gates: [], config: null };

describe("the selection", () => {
  const inputs = [input("rsi", "indicator", false, "strategy momentum_swing"), input("obv", "indicator", false), input("macd_cross", "feature", false)];
  it("is all features and what they need until somebody chooses", () => {
    expect(selectionOf(emptyDraft("a@1"), inputs)).toEqual({ features: ["macd_cross"], indicators: ["rsi"] });
  });
  it("is what somebody chose, be it nothing", () => {
    expect(selectionOf({ ...emptyDraft("a@1"), features: [], indicators: ["obv"] }, inputs)).toEqual({ features: [], indicators: ["obv"] });
  });
  it("says of an added input who needs it", () => {
    expect(addedWhy(input("stochastic", "indicator", false, "feature momentum_composite"))).toBe("added because momentum_composite needs it");
    expect(addedWhy(input("stochastic", "indicator", true, "feature momentum_composite"))).toBeNull();
  });
});

describe("what is kept of a draft", () => {
  const start = emptyDraft("a@1");
  it("comes back as it was written", () => {
    const written = { ...start, pack: "a@2", ticker: "SPY", overrides: { rsi_period: "21" } };
    expect(draftFrom(JSON.stringify(written), start)).toEqual(written);
  });
  it("is nothing where none is kept, or something else lies there", () => {
    for (const text of [null, "", "null", "7", "{}", "[]", '{"pack":1}']) expect(draftFrom(text, start)).toBeNull();
  });
});

describe("the id", () => {
  it("is made of ticker, strategy and profile, and evades those that are taken", () => {
    const draft = { ...emptyDraft("a@1"), ticker: "MKT.SYN" };
    expect(proposedId(draft, "momentum_swing", [])).toBe("mkt-syn-momentum-swing");
    expect(proposedId(draft, "momentum_swing", ["mkt-syn-momentum-swing"])).toBe("mkt-syn-momentum-swing-2");
    expect(proposedId({ ...draft, profile: "aggressive", ticker: "9988.HK" }, "x", [])).toBe("m-9988-hk-x-aggressive");
  });
  it("is a slug whatever is typed, at most 64 long", () => {
    for (const text of ["", "<script>", "Ünïcode \u202e rsi", "a".repeat(200), "--1--"]) expect(slug(text)).toMatch(/^([a-z][a-z0-9-]{0,63})?$/);
  });
});

describe("the command and the name", () => {
  const draft = { ...emptyDraft("swingsigma@1.1.0"), ticker: "spy", strategy: "momentum_swing", overrides: { rsi_period: "21", stop_loss_pct: "x" } };
  it("are those of what was chosen", () => {
    expect(commandOf(draft, "mine", null).slice(3)).toEqual(["--ticker", "SPY", "--pack", "swingsigma@1.1.0", "--strategy", "momentum_swing", "--id", "mine", "--set", "rsi_period=21"]);
    expect(commandOf({ ...draft, features: [] }, "mine", null).slice(3)).toEqual(["--request", "mine.json"]);
    expect(commandOf(draft, "mine", "mine")).toEqual(["./sigmatiq", "models", "change", "mine.json"]);
    expect(proposedName(draft, "Momentum", "mine", [])).toBe("SPY Momentum");
    expect(proposedName({ ...draft, profile: "aggressive" }, "Momentum", "mine", ["SPY Momentum, aggressive"])).toBe("SPY Momentum, aggressive (mine)");
  });
});

describe("an override", () => {
  it("is a number with point or comma, or nothing", () => {
    expect([numberOf("6"), numberOf(" 2,5 "), numberOf(""), numberOf("six"), numberOf(undefined)]).toEqual([6, 2.5, null, null, null]);
  });
  it("is sent as a number, and what is none is told at its field and not sent", () => {
    const draft = { ...emptyDraft("swingsigma@1.1.0"), overrides: { stop_loss_pct: "6", rsi_period: "many" } };
    expect(requestOf(draft, "ben", "mine", "Mine", { indicators: [], features: [] })).toMatchObject({ pack_id: "swingsigma", pack_version: "1.1.0", parameter_overrides: { stop_loss_pct: 6 } });
    expect(problemsOf(draft, answer).map((p) => p.where)).toEqual(["parameter_overrides.rsi_period"]);
  });
  it("says how far it is from the default", () => {
    expect(against({ value: 12, default: 8 })).toBe("+50%");
    expect(against({ value: 6, default: 8 })).toBe("−25%");
    expect(against({ value: 8, default: 8 })).toBeNull();
  });
});

describe("a problem", () => {
  it("leads to the step of its field", () => {
    const steps = ["strategy_id", "ticker", "selected_indicators", "parameter_overrides.rsi_period", "parameter_overrides.stop_loss_pct", "risk_profile", "parameter_overrides.nothing"].map((w) => stepOf(w, answer.settings));
    expect(steps).toEqual([0, 1, 2, 2, 3, 3, 2]);
  });
});

describe("a source", () => {
  it("is named", () => {
    expect(["override", "pack", "profile", "catalog"].map((source) => sourceOf({ source }, "swingsigma@1.1.0", "conservative"))).toEqual(["override", "swingsigma 1.1.0", "conservative profile", "catalog"]);
  });
});
