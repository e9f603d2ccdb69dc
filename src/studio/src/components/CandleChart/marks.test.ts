import { describe, expect, it } from "vitest";
import { around, nearest } from "./marks";
import type { CandleMark } from "./types";

const mark = (trade: number, entryUtc: string, exitUtc: string | null): CandleMark => ({ trade, entryUtc, exitUtc, entryPrice: 1, exitPrice: exitUtc === null ? null : 2, exitTone: "ok" });
const marks = [mark(1, "2025-01-02T15:00:00Z", "2025-01-02T18:00:00Z"), mark(2, "2025-01-05T15:00:00Z", null)];
const at = (iso: string): number => Date.parse(iso) / 1000;

describe("a click on the chart", () => {
  it("means the trade that is open then, else the closest", () => {
    expect(nearest(marks, at("2025-01-02T16:00:00Z"))).toBe(1);
    expect(nearest(marks, at("2025-01-03T00:00:00Z"))).toBe(1);
    expect(nearest(marks, at("2025-01-05T00:00:00Z"))).toBe(2);
    expect(nearest(marks, at("2030-01-01T00:00:00Z"))).toBe(2);
    expect(nearest([], 0)).toBeNull();
  });
});

describe("the bars around a trade", () => {
  const hours = Array.from({ length: 200 }, (_, i) => new Date(Date.parse("2025-01-01T00:00:00Z") + i * 3_600_000).toISOString());
  it("hold both ends with room beside them, and stay in the window", () => {
    const { from, to } = around(hours, marks[0]!);
    expect(from).toBeLessThan(39);
    expect(to).toBeGreaterThan(42);
    expect(to - from).toBeGreaterThanOrEqual(60);
    const open = around(hours, marks[1]!);
    expect(open.from).toBeGreaterThanOrEqual(0);
    expect(open.to).toBe(199);
  });
});
