import { expect, it } from "vitest";
import type { ImportShown } from "../../api/client";
import { askedOf, commandOf, noOptions, rulesOf } from "./asked";

it("what is left open is not said", () => {
  expect(askedOf("ab", { ...noOptions, symbol: " SPY " })).toEqual({ upload: "ab", symbol: "SPY", interval: null, zone: null, asset_class: null, columns: null, waive: [], reason: null });
});

it("is the command that does the same", () => {
  expect(commandOf("spy.csv", noOptions, true)).toEqual(["./sigmatiq", "data", "import", "spy.csv", "--dry-run"]);
  expect(commandOf("spy.csv", { ...noOptions, zone: "America/New_York", columns: "close=last", waive: ["scale_slip"], reason: "a fact" }, false)).toEqual(
    ["./sigmatiq", "data", "import", "spy.csv", "--tz", "America/New_York", "--columns", "close=last", "--waive", "scale_slip", "--reason", "a fact"]);
});

it("rules that may be let pass are offered once", () => {
  const report = { series: [{ waivable: ["scale_slip", "high_below_body"] }, { waivable: ["high_below_body"] }] } as unknown as ImportShown;
  expect(rulesOf(report)).toEqual(["high_below_body", "scale_slip"]);
});
