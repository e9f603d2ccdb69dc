import { describe, expect, it } from "vitest";
import { digitsOf, marksOf, monthEnds, path, scaleOf } from "./scale";

describe("the scale", () => {
  it("holds every value and 0 in round steps", () => {
    expect(scaleOf([0, 0.0198, -0.003]).ticks).toEqual([-0.005, 0, 0.005, 0.01, 0.015, 0.02]);
    expect(scaleOf([0.31, 1.2]).ticks[0]).toBe(0);
  });
  it("never has fewer than two ticks, whatever comes", () => {
    for (const values of [[], [0, 0], [null, null], [Number.NaN], [1e-9], [-3]]) {
      const scale = scaleOf(values);
      expect(scale.ticks.length).toBeGreaterThan(1);
      expect(scale.high).toBeGreaterThan(scale.low);
      for (const v of values) if (v !== null && Number.isFinite(v)) expect(v >= scale.low - 1e-12 && v <= scale.high + 1e-12).toBe(true);
    }
  });
  it("says a tick with as many digits as tell it from the next", () => {
    expect(digitsOf([0, 0.005])).toBe(1);
    expect(digitsOf([0, 0.5])).toBe(0);
    expect(digitsOf([0, 0.00025])).toBe(3);
  });
});

describe("the line", () => {
  it("breaks where a value is missing", () => {
    expect(path([0, 1, null, 2], (i) => i, (v) => v)).toBe("M0.0 0.0L1.0 1.0M3.0 2.0");
  });
});

describe("the axis", () => {
  it("marks quarters within two years and years beyond", () => {
    const days = ["2025-02-12", "2025-03-31", "2025-04-01", "2025-12-31", "2026-01-02"];
    expect(marksOf(days)).toEqual([{ at: 2, label: "Apr" }, { at: 3, label: "" }, { at: 4, label: "2026" }]);
    expect(marksOf(["2021-05-01", "2022-01-03", "2023-01-03"])).toEqual([{ at: 1, label: "2022" }, { at: 2, label: "2023" }]);
  });
  it("knows the last mark of each month", () => {
    expect(monthEnds(["2025-02-12", "2025-02-28", "2025-03-03"])).toEqual([1, 2]);
  });
});
