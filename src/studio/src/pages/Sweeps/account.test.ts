import { describe, expect, it } from "vitest";
import { monthsOf, returnsOf } from "./account";

const equity = { rows: 5, about: {}, types: { date: "date", equity: "double" }, columns: { date: ["2024-01-30", "2024-01-31", "2024-02-01", "2024-02-29", "2024-04-02"], equity: [1.01, 1.02, 1.0302, 1.0098, 1.11078] } };

describe("the account of a combo", () => {
  it("has a return for each month in which there were days, from the close of the one before", () => {
    // 1.02 / 1; 1.0098 / 1.02 = 0.99; 1.11078 / 1.0098 = 1.1.
    expect(monthsOf(equity, ["2024-02-05T15:30:00Z", "2024-02-07T15:30:00Z"]).map((m) => [m.month, Math.round(m.return! * 1e6) / 1e6, m.trades])).toEqual([["2024-01", 0.02, 0], ["2024-02", -0.01, 2], ["2024-04", 0.1, 0]]);
    expect(returnsOf(equity)[4]).toBeCloseTo(0.11078, 10);
  });
});
