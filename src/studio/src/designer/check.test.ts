import { describe, expect, it } from "vitest";
import { check, codes } from "./check";
import { kinds, lane } from "./lane.fixture";

const wrong = (text: string) => check(text, kinds).problems;

/** Twenty edits that nobody may save: what is put where, the code, the step, and the text that is marked. */
const planted: [name: string, from: string, to: string, code: string, step: string | null, marked: string, path: string][] = [
  ["an unknown step kind", "uses: backtest.sweep", "uses: backtest.sweeep", codes.unknownKind, "sweep", "backtest.sweeep", "steps.sweep.uses"],
  ["no step kind", "    uses: approval\n", "", codes.structure, "approve", "approve", "steps.approve.uses"],
  ["a need that is no step", "needs: [bootstrap]", "needs: [bootstrp]", codes.unknownStep, "align", "bootstrp", "steps.align.needs"],
  ["a circle", "needs: [bootstrap]", "needs: [train]", codes.cycle, "align", "align", "steps.align.needs"],
  ["a step that needs itself by a value", '"{steps.align.outputs.snapshot}"', '"{steps.sweep.outputs.sweep}"', codes.cycle, "sweep", "sweep", "steps.sweep.needs"],
  ["an output that there is not", "outputs.best(", "outputs.bset(", codes.unknownField, "train", "steps.sweep.outputs.bset", "steps.train.for_each.in"],
  ["a step that there is not, in a value", "steps.align.outputs.snapshot", "steps.aling.outputs.snapshot", codes.unknownStep, "sweep", "steps.aling.outputs.snapshot", "steps.sweep.with.snapshot"],
  ["a parameter that there is not", 'select: "{params.select}"', 'select: "{params.selct}"', codes.unknownParameter, "sweep", "params.selct", "steps.sweep.with.select"],
  ["an input that the kind has not", "kind: simple", "kinds: simple", codes.unknownField, "sweep", "kinds", "steps.sweep.with.kinds"],
  ["a required input left out", ', combo: "{combo}" }', " }", codes.missingInput, "train", "train", "steps.train.with.combo"],
  ["a word outside its list", "kind: simple", "kind: quick", codes.badValue, "sweep", "quick", "steps.sweep.with.kind"],
  ["a value of the wrong type", 'select: "{params.select}"', 'select: "{params.ticker}"', codes.typeMismatch, "sweep", '"{params.ticker}"', "steps.sweep.with.select"],
  ["a fan-out over what is no list", "in: \"{steps.sweep.outputs.best(params.select)}\"", "in: \"{steps.sweep.outputs.sweep}\"", codes.typeMismatch, "train", '"{steps.sweep.outputs.sweep}"', "steps.train.for_each.in"],
  ["a condition that is none", "when: steps.sweep.outputs.passed > 0", "when: steps.sweep.outputs.passed", codes.typeMismatch, "approve", "steps.sweep.outputs.passed", "steps.approve.when"],
  ["an expression that cannot be read", "when: steps.sweep.outputs.passed > 0", "when: steps.sweep.outputs.passed >", codes.syntax, "approve", ">", "steps.approve.when"],
  ["a duration that is none", "timeout: 10m", "timeout: 10 minutes", codes.badValue, "align", "10 minutes", "steps.align.timeout"],
  ["attempts beyond the bound", "attempts: 3", "attempts: 300", codes.badValue, "train", "300", "steps.train.retry.attempts"],
  ["a key that a step has not", "    timeout: 10m", "    timout: 10m", codes.structure, "align", "timout", "steps.align.timout"],
  ["a name that is none", "  approve:\n", "  Approve:\n", codes.badValue, "Approve", "Approve", "steps.Approve"],
  ["a default outside its range", "default: 2, min", "default: 9, min", codes.typeMismatch, null, "9", "parameters.select.default"],
  ["a step twice", "  approve:\n", "  align:\n", codes.structure, null, "a", ""],
  ["indentation that does not fit", "    timeout: 10m", "   timeout: 10m", codes.structure, null, " ", ""],
  ["a second document", "tests:\n", "---\ntests:\n", codes.structure, null, "-", ""],
  ["a version that is none", "version: 1.0.0", "version: 1.0", codes.badValue, null, "1.0", "version"],
];

describe("checking a workflow", () => {
  it("finds nothing wrong in a sound one", () => {
    expect(wrong(lane)).toEqual([]);
  });

  it.each(planted)("says %s at its place", (_, from, to, code, step, marked, path) => {
    expect(lane.split(from).length).toBeGreaterThan(1);
    const text = lane.replace(from, to);
    const found = wrong(text);
    const first = found.find((p) => p.code === code && p.step === step);
    expect(first, JSON.stringify(found)).toBeDefined();
    expect(first!.severity).toBe("error");
    if (path !== "") {
      expect(text.slice(first!.from, first!.to)).toBe(marked);
      expect(first!.path.join(".")).toBe(path);
    }
    expect(first!.message.length).toBeGreaterThan(10);
    expect(first!.remedy.length).toBeGreaterThan(5);
  });

  it("offers the name that was meant, and the fix mends it", () => {
    for (const [from, to] of [["outputs.best(", "outputs.bset("], ["backtest.sweep", "backtest.sweeep"], ["[bootstrap]", "[bootstrp]"], ["params.ticker", "params.tickr"], ["kind: simple", "kinds: simple"], ["kind: simple", "kind: smiple"]] as const) {
      const text = lane.replace(from, to);
      const fix = wrong(text)[0]!.fix!;
      expect(fix, to).toBeDefined();
      expect(text.slice(0, fix.from) + fix.text + text.slice(fix.to)).toBe(lane);
    }
  });

  it("names the output that was misspelt with all there are", () => {
    expect(wrong(lane.replace("outputs.best(", "outputs.bset("))[0]!.message).toBe("a record {sweep, best, passed} has no field 'bset'; there are sweep, best, passed.");
  });

  it("takes a schedule only with defaults, since nobody gives a scheduled run anything", () => {
    const text = lane.replace("steps:\n", 'schedule: { zone: UTC, cron: "0 1 * * *" }\nsteps:\n').replace("{ type: symbol, default: MKT.SYN }", "{ type: symbol }");
    expect(wrong(text).map((p) => p.code)).toEqual([codes.badParameter]);
  });

  it("leaves keys of one's own alone", () => {
    expect(wrong(lane.replace("    timeout: 10m", "    timeout: 10m\n    x_owner: somebody"))).toEqual([]);
  });
});
