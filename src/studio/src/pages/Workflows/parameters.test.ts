import { describe, expect, it } from "vitest";
import type { GraphParameter } from "../../api/client";
import type { Kind } from "../../designer/types";
import { readParameters, withChoices } from "./parameters";

const p = (name: string, type: string, value: unknown, more: Partial<GraphParameter> = {}): GraphParameter => ({ name, type, is_required: false, default: value, one_of: [], min: null, max: null, help: null, ...more });

describe("what is written into a trigger", () => {
  it("is sent only where it differs from the default", () => {
    expect(readParameters([p("ticker", "symbol", "MKT.SYN"), p("select", "int", 2)], { ticker: "MKT.SYN", select: " 3 " })).toEqual({ values: { select: 3 }, problems: {} });
  });

  it("is read by its type and refused in words", () => {
    const all = [p("n", "int", 1, { min: 1, max: 5 }), p("m", "map", {}), p("l", "list", []), p("d", "date", null), p("b", "bool", false), p("x", "number", null)];
    expect(readParameters(all, { n: "6", m: "[1]", l: "{", d: "1 Jan", b: "yes", x: "one" }).problems).toEqual({
      n: "At most 5.", m: 'An object, such as {"rsi_period": 10}.', l: 'A list, such as ["a", "b"].', d: "A date, such as 2024-01-31.", b: "true or false.", x: "It is a number.",
    });
    expect(readParameters(all, { n: "2.5" }).problems).toEqual({ n: "It is a whole number." });
    expect(readParameters(all, { n: "5", m: '{"a":1}', l: "[1]", d: "2024-01-31", b: "true", x: "0.5" }).values).toEqual({ n: 5, m: { a: 1 }, l: [1], d: "2024-01-31", b: true, x: 0.5 });
  });

  it("is held against the words that its step knows, and two dates against each other", () => {
    const kinds = new Map([["backtest.sweep", { id: "backtest.sweep", inputs: [{ name: "confidence", type: { kind: "text", choices: ["classifier", "rule"] } }, { name: "pack", type: { kind: "text" } }] } as unknown as Kind]]);
    const file = { steps: { sweep: { uses: "backtest.sweep", with: { confidence: "{params.confidence}", pack: "{params.pack}" } } } };
    const known = withChoices([p("confidence", "text", "classifier"), p("pack", "text", ""), p("from", "date", null), p("to", "date", null)], file, kinds);
    expect(known.map((k) => k.one_of)).toEqual([["classifier", "rule"], [], [], []]);
    expect(readParameters(known, { confidence: "magic", from: "2024-02-01", to: "2024-01-31" }).problems).toEqual({ confidence: "One of classifier, rule.", to: "It lies before from, 2024-02-01." });
    expect(readParameters(known, { confidence: "rule", from: "2024-01-31", to: "2024-01-31" }).problems).toEqual({});
  });

  it("misses what must be given", () => {
    expect(readParameters([p("pack", "pack", null, { is_required: true })], {}).problems).toEqual({ pack: "It must be given." });
  });
});
