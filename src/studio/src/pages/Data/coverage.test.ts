import { describe, expect, it } from "vitest";
import type { ColumnTable, SeriesCoverage } from "../../api/client";
import { byRule, dayOf, daysOf, heatOf, monthRows, monthsSentence, squareText, stepped, yearGrid, yearsOf, type Square } from "./coverage";

const series = (more: Partial<SeriesCoverage>): SeriesCoverage => ({ symbol: "A", interval: "1h", snapshot: "", calendar: "NYSE", months: [], bars: [], expected: [], missing: [], problem: null, ...more });
const square = (key: string, bars = 7, expected: number | null = 7, missing = 0): Square => ({ key, bars, expected, missing, heat: heatOf(bars, expected, missing) });

describe("a square", () => {
  it("is full, in part, empty, or free of any calendar", () => {
    expect([heatOf(7, 7, 0), heatOf(8, 7, 0), heatOf(5, 7, 2), heatOf(0, 7, 7), heatOf(24, null, 0), heatOf(3, 0, 0), heatOf(0, null, 0)]).toEqual(["full", "full", "part", "none", "free", "free", "none"]);
  });

  it("says what is there and what is not", () => {
    expect(squareText(square("2026-01-12", 6, 7, 1))).toBe("12 Jan 2026: 6 of 7 bars, 1 missing");
    expect(squareText(square("2026-01", 147, 147))).toBe("Jan 2026: 147 of 147 bars");
    expect(squareText(square("2026-01-17", 24, null))).toBe("17 Jan 2026: 24 bars");
    expect(squareText(square("2026-01-19", 2, 0))).toBe("19 Jan 2026: 2 bars, no session");
  });
});

describe("months", () => {
  const all = [
    series({ months: ["2025-11", "2025-12", "2026-02"], bars: [140, 120, 133], expected: [140, 147, 133], missing: [0, 27, 0] }),
    series({ symbol: "B", months: ["2026-01"], bars: [10], expected: [10], missing: [0] }),
  ];
  it("stand below each other over the same years, a month without a bar in between is a hole", () => {
    const years = yearsOf(all);
    expect(years).toEqual([2025, 2026]);
    const rows = monthRows(all, years);
    expect(rows[0]!.squares).toHaveLength(24);
    expect(rows[0]!.squares.slice(9, 15).map((s) => s?.heat ?? "")).toEqual(["", "full", "part", "none", "full", ""]);
    expect(rows[1]!.squares.filter((s) => s !== null)).toHaveLength(1);
    expect(monthsSentence(rows[0]!)).toBe("Nov 2025 to Feb 2026: 2 months with gaps, the newest Jan 2026.");
    expect(monthsSentence(rows[1]!)).toBe("Complete from Jan 2026 to Jan 2026.");
    expect(monthsSentence({ series: all[0]!, squares: [] })).toBe("No bars.");
    expect(yearsOf([])).toEqual([]);
  });
});

describe("days", () => {
  it("are read from columns, and what is missing in them is nothing", () => {
    const table = { rows: 2, about: {}, types: {}, columns: { date: ["2026-01-12", "2026-01-13"], bars: [7, 5], expected: [null, 7], missing: [null, 2] } } as unknown as ColumnTable;
    expect(daysOf(table).map((d) => [d.key, d.heat, d.missing])).toEqual([["2026-01-12", "free", 0], ["2026-01-13", "part", 2]]);
    expect(daysOf({ rows: 0, about: {}, types: {}, columns: {} } as unknown as ColumnTable)).toEqual([]);
  });

  it("lie in the weeks of their year, Monday first", () => {
    // The first of 2026 is a Thursday; the 5th the first Monday.
    expect(yearGrid([square("2025-12-31"), square("2026-01-01"), square("2026-01-04"), square("2026-01-05"), square("2026-12-31")], 2026).map((d) => [d.week, d.weekday])).toEqual([[0, 3], [0, 6], [1, 0], [52, 3]]);
  });

  it("are walked one by one and week by week, over holes and not past the ends", () => {
    const days = ["2026-01-02", "2026-01-05", "2026-01-06", "2026-01-12", "2026-01-13"].map((k) => square(k));
    expect([stepped(days, "2026-01-02", 1), stepped(days, "2026-01-05", -1), stepped(days, "2026-01-13", 1), stepped(days, "2026-01-02", -1)]).toEqual(["2026-01-05", "2026-01-02", "2026-01-13", "2026-01-02"]);
    expect([stepped(days, "2026-01-05", 7), stepped(days, "2026-01-13", -7), stepped(days, "2026-01-12", 7), stepped(days, "2026-01-05", -7)]).toEqual(["2026-01-12", "2026-01-06", "2026-01-13", "2026-01-02"]);
    expect(stepped([], "2026-01-05", 1)).toBe("2026-01-05");
  });
});

it("a gap is of the day on which its first bar is missing, not of the bar after it", () => {
  expect(dayOf({ rule: "gap", at_utc: "2023-07-05T13:30:00Z", detail: "bars=1 since 2023-07-03T16:30:00Z" })).toBe("2023-07-03");
  expect(dayOf({ rule: "jump_over_25pct", at_utc: "2023-07-05T13:30:00Z", detail: "since 2023-07-03" })).toBe("2023-07-05");
});

it("findings stand by their rule with the days on which it found something", () => {
  const found = [{ rule: "gap", at_utc: "2026-01-12T14:30:00Z" }, { rule: "jump_over_25pct", at_utc: "2026-01-12T15:30:00Z" }, { rule: "gap", at_utc: "2026-01-12T16:30:00Z" }, { rule: "gap", at_utc: "2026-01-13T16:30:00Z" }];
  expect(byRule(found).map((g) => [g.rule, g.findings.length, g.days])).toEqual([["gap", 3, ["2026-01-12", "2026-01-13"]], ["jump_over_25pct", 1, ["2026-01-12"]]]);
});
