import { describe, expect, it } from "vitest";
import type { MomentKnown, TradeKnown, ValueKnown } from "../api/client";
import { levelRows, reachedText, scoreOf, sidesText, valueText } from "./known";

const value = (name: string, amount: number | null, is_flag = false): ValueKnown => ({ name, label: name.toUpperCase(), is_flag, value: amount });
const part = (...sides: ValueKnown[]) => ({ sentence: "", expression: "", holds: true, sides });
const exit: MomentKnown = {
  bar_utc: "2025-02-12T15:30:00Z", open: 10, high: 11, low: 9, close: 10, volume: null, hour: null, confirmations: null, lines: [], inputs: [], position: [],
  levels: [value("best", 11.5), value("stop", 9.2), value("days", 3)],
};
const known: TradeKnown = { trade: 1, window: "holdout", is_kept: true, prices: "adjusted", score_source: "classifier", score: 0.62, threshold: 0.55, entry: null, exit: null, features: [] };

describe("a condition", () => {
  it("shows one figure, several sides by name, and nothing beside a flag", () => {
    expect(sidesText(part(value("rsi", 61.3421)))).toEqual({ figure: "61.342", sides: null });
    expect(sidesText(part(value("close", 187.354), value("ema", 182)))).toEqual({ figure: null, sides: "CLOSE 187.35, EMA 182" });
    expect(sidesText(part(value("macd_cross", 1, true)))).toEqual({ figure: null, sides: null });
    expect(sidesText(part())).toEqual({ figure: null, sides: null });
    expect([value("a", 1, true), value("a", 0, true), value("a", null, true), value("a", null)].map(valueText)).toEqual(["true", "false", "n/a", "n/a"]);
  });
});

describe("an exit", () => {
  it("marks the level that ended it and says how the bar reached it", () => {
    expect(levelRows(exit, "stop").map((l) => `${l.label} ${l.text} ${l.reached}`)).toEqual(["BEST 11.50 false", "STOP 9.20 true", "DAYS 3 false"]);
    expect(levelRows(exit, "time_stop").find((l) => l.reached)?.name).toBe("days");
    expect(levelRows(exit, "signal").some((l) => l.reached)).toBe(false);
    expect(reachedText(exit, "stop")).toBe("The bar's low of 9.00 reached the stop.");
    expect(reachedText(exit, "take_profit")).toBe("The bar's high of 11.00 reached the target.");
    expect(reachedText(exit, "signal")).toBeNull();
  });
});

describe("a score", () => {
  it("stands against its threshold and says what kind it is", () => {
    expect(scoreOf(known)).toEqual({ at: 62, wantedAt: 55, text: "0.62, at least 0.55 wanted", from: "Calibrated probability of the trained model" });
    expect(scoreOf({ ...known, score_source: "rule" }).from).toContain("no probability");
    expect(scoreOf({ ...known, score_source: "none", score: null, threshold: null })).toEqual({ at: null, wantedAt: null, text: "no score", from: "Rules alone decide, there is no score" });
    expect(scoreOf({ ...known, score: 1.4 }).at).toBe(100);
  });
});
