import { expect, it } from "vitest";
import { combosOf } from "./combos";

it("reads combos by rank, with a blank where a figure is missing", () => {
  const table = { rows: 2, about: {}, types: {}, columns: { combo_id: [9, 3], rank: [2, 1], gate: ["marginal", "PASS"], sharpe_ratio: [null, 1.7], selected: [false, true] } };
  expect(combosOf(table)).toEqual([{ combo: 3, rank: 1, gate: "PASS", sharpe: 1.7, trades: null, ticked: true }, { combo: 9, rank: 2, gate: "MARGINAL", sharpe: null, trades: null, ticked: false }]);
});
