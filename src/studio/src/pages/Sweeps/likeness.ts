/** Which of the combos that are compared trade alike, by what the sweep found. */
import { bestOfSame, numberAt, rowOf, type Board } from "../../leaderboard/columns";
import { sweeps as words } from "../../text/sweeps";

/** What is to be said before their settings are compared: that a difference in settings made none in trades. Null where each trades in its own way. */
export function likenessOf(board: Board, combos: readonly number[]): string | null {
  const best = bestOfSame(board);
  const same = grouped(combos, (c) => best[rowOf(board, c)]);
  if (same.length === 1 && same[0]!.length === combos.length) return words.sameTrades;
  const sizes = grouped(combos, (c) => numberAt(board, "size_group", rowOf(board, c)));
  if (sizes.length === 1 && sizes[0]!.length === combos.length) return words.sizeTrades;
  const said = [...same.map((g) => words.groupTrades(g)), ...nearly(board, combos).map(([a, b]) => words.nearTrades(a, b))];
  return said.length === 0 ? null : said.join(" ");
}

/** Those that share a key, where more than one does. */
function grouped(combos: readonly number[], keyOf: (combo: number) => number | null | undefined): number[][] {
  const groups = new Map<number, number[]>();
  for (const combo of combos) {
    const key = keyOf(combo);
    if (key !== null && key !== undefined) groups.set(key, [...(groups.get(key) ?? []), combo]);
  }
  return [...groups.values()].filter((g) => g.length > 1);
}

function nearly(board: Board, combos: readonly number[]): [number, number][] {
  return combos.flatMap((c): [number, number][] => {
    const near = numberAt(board, "near_duplicate_of", rowOf(board, c));
    return near !== null && near !== c && combos.includes(near) ? [[c, near]] : [];
  });
}
