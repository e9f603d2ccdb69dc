import { expect, it } from "vitest";
import type { Board } from "../../leaderboard/columns";
import { likenessOf } from "./likeness";

const number = (...values: number[]) => ({ kind: "number" as const, values: Float64Array.from(values) });
// 2 trades as 1 does, 3 as 1 in another size, 4 nearly as 1, 5 in its own way.
const board: Board = {
  rows: 5,
  columns: { combo_id: number(1, 2, 3, 4, 5), duplicate_of: number(NaN, 1, NaN, NaN, NaN), size_group: number(1, 2, 1, 4, 5), near_duplicate_of: number(NaN, NaN, NaN, 1, NaN) },
};

it("says which of the compared combos make the same trades", () => {
  expect(likenessOf(board, [1, 2])).toContain("the same trades, entry by entry");
  expect(likenessOf(board, [1, 3])).toContain("in different sizes");
  expect(likenessOf(board, [1, 2, 5])).toBe("Combos 1 and 2 make the same trades.");
  expect(likenessOf(board, [1, 4])).toBe("Combo 4 shares more than 90% of its trades with combo 1.");
  expect(likenessOf(board, [2, 5])).toBeNull();
});
