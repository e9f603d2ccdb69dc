import { describe, expect, it } from "vitest";
import type { ColumnTable } from "../api/client";
import { axisOf, bandsOf, brushed, heightOf } from "./axes";
import { bestOfSame, boardOf, distinct, numberAt, rowOf, wordAt } from "./columns";
import { cellText, fieldsOf, figureText, parameterField, usualColumns } from "./fields";
import { filterText, filtered, readFilter, readFilters, replaced } from "./filters";
import { heatOf, usualAxes } from "./heat";
import { plainQuery, readSort, sorted, viewOf } from "./view";

// Two thresholds, two presets of hours, sizes of 1 and 2: combos 1 to 8 by their ranks. 2 is 1 in another size, 4 nearly 3, and 8 has no Sharpe ratio.
const table: ColumnTable = {
  rows: 8, about: {},
  types: { rank: "integer", combo_id: "integer", threshold: "double", allowed_hours: "text", position_size_pct: "double", sharpe_ratio: "double", total_trades: "double", gate: "text", gate_reasons: "text", size_group: "integer", duplicate_of: "integer", near_duplicate_of: "integer", selected: "boolean" },
  columns: {
    rank: [1, 2, 3, 4, 5, 6, 7, 8], combo_id: [2, 1, 4, 3, 6, 5, 8, 7], threshold: [0.5, 0.5, 0.6, 0.6, 0.5, 0.5, 0.6, 0.6],
    allowed_hours: ["[9,10,11]", "[9,10,11]", "[9,10,11]", "[9,10,11]", "[9,10,11,12,13,14,15]", "[9,10,11,12,13,14,15]", "[9,10,11,12,13,14,15]", "[9,10,11,12,13,14,15]"],
    position_size_pct: [2, 1, 2, 1, 2, 1, 2, 1], sharpe_ratio: [1.6, 1.5, 1.4, 1.3, 0.9, 0.8, 2.5, null], total_trades: [80, 80, 41, 41, 120, 120, 9, 0],
    gate: ["PASS", "PASS", "PASS", "MARGINAL", "MARGINAL", "FAIL", "FAIL", "FAIL"], gate_reasons: [null, null, null, "min_trades_not_met", "min_sharpe_not_met", "min_sharpe_not_met", "min_trades_not_met", "min_trades_not_met min_sharpe_not_met"],
    size_group: [2, 2, 4, 4, 6, 6, 8, 7], duplicate_of: [1, null, 3, null, 5, null, null, null], near_duplicate_of: [null, null, null, null, 2, null, null, null], selected: [false, true, false, false, false, false, false, false],
  },
};
const board = boardOf(table);
const fields = fieldsOf(board, ["threshold", "allowed_hours", "position_size_pct"]);
const columnOf = (name: string) => fields.find((f) => f.name === name)?.column;
const with_ = (...texts: string[]) => texts.map((t) => ({ ...readFilter(t)!, column: columnOf(readFilter(t)!.field)! }));
const combos = (order: Uint32Array) => Array.from(order, (row) => numberAt(board, "combo_id", row));

describe("a leaderboard in typed arrays", () => {
  it("keeps figures, words and what is not there", () => {
    expect(numberAt(board, "sharpe_ratio", 0)).toBe(1.6);
    expect(numberAt(board, "sharpe_ratio", 7)).toBeNull();
    expect(numberAt(board, "selected", 1)).toBe(1);
    expect(wordAt(board, "gate", 3)).toBe("MARGINAL");
    expect(wordAt(board, "gate_reasons", 0)).toBeNull();
    expect(wordAt(board, "allowed_hours", 0)).toBe("9+10+11");
    expect(rowOf(board, 6)).toBe(4);
    expect(rowOf(board, 99)).toBe(-1);
    expect([...distinct(board.columns["threshold"]!)]).toEqual([0.5, 0.6]);
    expect((board.columns["gate"] as { words: readonly string[] }).words).toEqual(["PASS", "MARGINAL", "FAIL"]);
  });

  it("knows the best of those that trade the same", () => {
    expect([...bestOfSame(board)]).toEqual([2, 2, 4, 4, 6, 6, 8, 7]);
  });

  it("says a cell in its unit", () => {
    const text = (name: string, row: number) => cellText(board, fields.find((f) => f.name === name)!, row);
    expect([text("allowed_hours", 0), text("allowed_hours", 4), text("position_size_pct", 0), text("threshold", 0)]).toEqual(["Morning", "All day", "2%", "0.5"]);
    expect([text("sharpe", 0), text("sharpe", 7), text("trades", 4), text("gate", 5), text("reasons", 7)]).toEqual(["1.60", "", "120", "Fail", "too few trades, Sharpe too low"]);
    expect(parameterField("rsi_period").label).toBe("RSI period");
    expect(usualColumns(fields, board)).toEqual(["rank", "combo", "threshold", "allowed_hours", "position_size_pct", "sharpe", "trades", "equity", "gate"]);
    const many = ["a", "b", "c", "d", "e", "f"];
    const wide = { rows: 8, columns: { ...board.columns, ...Object.fromEntries(many.map((name) => [name, { kind: "number" as const, values: new Float64Array(8).fill(1) }])) } };
    const shown = usualColumns(fieldsOf(wide, [...many, "threshold"]), wide);
    expect(shown.slice(2, 8)).toEqual(["a", "b", "c", "d", "e", "threshold"]);
    expect(shown.slice(8)).toEqual(["sharpe", "trades", "gate"]);
    expect([figureText("probability", 0.9991), figureText("probability", 0.99), figureText("probability", 1)]).toEqual([">0.99", "0.99", "1.00"]);
  });
});

describe("filters of the address", () => {
  it("are read, written and refused by name", () => {
    const read = readFilters(["gate:pass,marginal", "trades:>=20", "wibble:1", "sharpe:>=much", "gate:>=3", "allowed_hours:9+10+11", "nonsense"], fields);
    expect(read.filters.map(filterText)).toEqual(["gate:pass,marginal", "trades:>=20", "allowed_hours:9+10+11"]);
    expect(read.unknown).toEqual(["wibble:1", "sharpe:>=much", "gate:>=3", "nonsense"]);
    expect(replaced(read.filters, "trades", [{ field: "trades", comparator: ">=", values: ["30"] }]).map(filterText)).toEqual(["gate:pass,marginal", "allowed_hours:9+10+11", "trades:>=30"]);
  });

  it("keep what they say and tell how much each takes away", () => {
    const kept = filtered(board, with_("gate:pass,marginal", "trades:>=50", "threshold:0.5"));
    expect([...kept.mask]).toEqual([1, 1, 0, 0, 1, 0, 0, 0]);
    expect([kept.kept, kept.removed]).toEqual([3, [3, 4, 4]]);
    expect(filtered(board, with_("sharpe:none")).kept).toBe(1);
    expect(filtered(board, with_("ticked:yes")).kept).toBe(1);
    expect(filtered(board, with_("allowed_hours:9+10+11")).kept).toBe(4);
    expect(filtered(board, with_("reasons:none")).kept).toBe(3);
    expect(filtered(board, with_("trades:<41")).kept).toBe(2);
  });
});

describe("the order", () => {
  it("is the server's unless something is sorted by", () => {
    expect(combos(viewOf(board, plainQuery).order)).toEqual([2, 1, 4, 3, 6, 5, 8, 7]);
  });

  it("puts FAIL and what is not there last, whichever way it is sorted", () => {
    const by = (text: string) => combos(viewOf(board, { ...plainQuery, sort: readSort(text, columnOf) }).order);
    expect(by("-sharpe")).toEqual([2, 1, 4, 3, 6, 8, 5, 7]);
    expect(by("sharpe")).toEqual([6, 3, 4, 1, 2, 5, 8, 7]);
    expect(by("-gate,-sharpe").slice(0, 3)).toEqual([8, 5, 7]);
    expect(by("trades,-combo")).toEqual([4, 3, 2, 1, 6, 7, 8, 5]);
    expect(readSort("-wibble", columnOf)).toEqual([]);
  });

  it("folds sizes behind the first of them and opens one on demand", () => {
    const folded = viewOf(board, { ...plainQuery, fold: true });
    expect(combos(folded.order)).toEqual([2, 4, 6, 8, 7]);
    expect([...folded.more]).toEqual([1, 1, 1, 0, 0]);
    expect(folded.rows.length).toBe(8);
    const opened = viewOf(board, { ...plainQuery, fold: true, opened: [4] });
    expect(combos(opened.order)).toEqual([2, 4, 3, 6, 8, 7]);
    expect([...opened.below]).toEqual([0, 0, 1, 0, 0, 0]);
    const other = viewOf(board, { ...plainQuery, fold: true, sort: readSort("sharpe", columnOf) });
    expect(combos(other.order)).toEqual([6, 3, 1, 8, 7]);
  });

  it("hides what trades the same or nearly the same as a better one", () => {
    expect(combos(viewOf(board, { ...plainQuery, hideNear: true }).order)).toEqual([2, 4, 8, 7]);
  });

  it("agrees with a plain sort and filter on random boards", () => {
    let seed = 20261121;
    const random = () => ((seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32);
    for (let round = 0; round < 40; round++) {
      const n = 1 + Math.floor(random() * 200);
      const rows = Array.from({ length: n }, (_, i) => ({ combo: i + 1, a: random() < 0.1 ? null : Math.floor(random() * 5), b: random() < 0.1 ? null : Math.round(random() * 100) / 10 }));
      const made = boardOf({ rows: n, about: {}, types: { combo_id: "integer", a: "double", b: "double" }, columns: { combo_id: rows.map((r) => r.combo), a: rows.map((r) => r.a), b: rows.map((r) => r.b) } });
      const limit = Math.floor(random() * 5);
      const view = viewOf(made, { ...plainQuery, filters: [{ field: "a", column: "a", comparator: ">=", values: [String(limit)] }], sort: [{ column: "a", descending: true }, { column: "b", descending: false }] });
      const plain = rows.filter((r) => r.a !== null && r.a >= limit).sort((x, y) => y.a! - x.a! || (x.b === null ? (y.b === null ? x.combo - y.combo : 1) : y.b === null ? -1 : x.b - y.b || x.combo - y.combo));
      expect(Array.from(view.order, (row) => numberAt(made, "combo_id", row)), `seed 20261121, round ${round}`).toEqual(plain.map((r) => r.combo));
    }
  });
});

describe("the heat map", () => {
  it("has a cell for each value across and each pair down, and marks what fails", () => {
    const heat = heatOf(board, { x: "threshold", y: ["allowed_hours", "position_size_pct"], metric: "sharpe_ratio" }, null);
    expect([heat.xs.length, heat.ys.map((y) => y.length)]).toEqual([2, [2, 2]]);
    // All day stands before morning: size 1, size 2; then morning.
    expect([...heat.values]).toEqual([0.8, NaN, 0.9, 2.5, 1.5, 1.3, 1.6, 1.4]);
    expect([...heat.gates]).toEqual([2, 2, 1, 2, 0, 1, 0, 0]);
    expect(heat.largest).toBe(2.5);
    expect(usualAxes(board, ["threshold", "allowed_hours", "position_size_pct"])).toEqual({ x: "threshold", y: ["allowed_hours", "position_size_pct"] });
  });

  it("shows the middle of a cell's combos, not the best", () => {
    const heat = heatOf(board, { x: "threshold", y: [], metric: "sharpe_ratio" }, null);
    // 0.5: 1.6, 1.5, 0.9, 0.8 and 0.6: 1.4, 1.3, 2.5, none.
    expect([...heat.values].map((v) => Math.round(v * 100) / 100)).toEqual([1.2, 1.4]);
    expect([...heat.counts]).toEqual([4, 4]);
    expect(numberAt(board, "combo_id", heat.best[0]!)).toBe(2);
    const some = heatOf(board, { x: "threshold", y: [], metric: "sharpe_ratio" }, Uint32Array.of(0, 6));
    expect([...some.values]).toEqual([1.6, 2.5]);
  });
});

describe("parallel axes", () => {
  it("place values and words, gather lines into bands, and brush to values that are there", () => {
    const threshold = axisOf(board, "threshold")!;
    const sharpe = axisOf(board, "sharpe_ratio")!;
    const hours = axisOf(board, "allowed_hours")!;
    expect([heightOf(threshold, 0.5), heightOf(threshold, 0.6), heightOf(sharpe, NaN)]).toEqual([0, 1, -1]);
    expect(hours.words).toEqual(["9+10+11+12+13+14+15", "9+10+11"]);
    const bands = bandsOf(board.columns["threshold"]!, threshold, board.columns["sharpe_ratio"]!, sharpe, Uint32Array.from({ length: 8 }, (_, i) => i), 2);
    // Sharpe from 0.8 to 2.5, cut at 1.65: left low to low 4, left high to low 2 and to high 1; one has none.
    expect([[...bands.counts], bands.most]).toEqual([[4, 0, 2, 1], 4]);
    expect(brushed(board, threshold, 0.2, 1)).toEqual({ low: 0.6, high: 0.6 });
    expect(brushed(board, hours, 0.9, 1)).toEqual({ words: ["9+10+11"] });
    expect(brushed(board, sharpe, 0, 0.5)).toEqual({ low: 0.8, high: 1.6 });
  });
});

describe("sorting by counting", () => {
  // A small generator of its own, so that a failure can be repeated.
  const chance = (seed: number) => () => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32);

  it("orders as comparing each two rows would, by up to three columns, either way, with ties and what is not there", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = chance(seed);
      const rows = 1 + Math.floor(next() * 80);
      const numbers = (few: number) => Array.from({ length: rows }, () => (next() < 0.15 ? null : next() < 0.1 ? [0, -0, Infinity, -Infinity][Math.floor(next() * 4)]! : Math.floor(next() * few) / 4 - 1));
      const random = boardOf({
        rows, about: {}, types: { combo_id: "integer", a: "double", b: "double", c: "text", gate: "text" },
        columns: {
          combo_id: Array.from({ length: rows }, (_, i) => i + 1), a: numbers(6), b: numbers(1000), c: Array.from({ length: rows }, () => (next() < 0.2 ? null : "pqr"[Math.floor(next() * 3)]!)),
          gate: Array.from({ length: rows }, () => ["PASS", "MARGINAL", "FAIL"][Math.floor(next() * 3)]!),
        },
      });
      const mask = Uint8Array.from({ length: rows }, () => (next() < 0.8 ? 1 : 0));
      const kept = mask.reduce((n, m) => n + m, 0);
      for (let turn = 0; turn < 6; turn++) {
        const sort = ["a", "b", "c", "gate"].filter(() => next() < 0.5).map((column) => ({ column, descending: next() < 0.5 }));
        const missing = (column: string, row: number): boolean => { const c = random.columns[column]!; return c.kind === "words" ? c.values[row] === c.words.length : Number.isNaN(c.values[row]!); };
        const expected = Array.from({ length: rows }, (_, i) => i).filter((i) => mask[i] === 1);
        if (sort.length > 0) expected.sort((x, y) => {
          const failed = (row: number) => (!sort.some((k) => k.column === "gate") && wordAt(random, "gate", row) === "FAIL" ? 1 : 0);
          if (failed(x) !== failed(y)) return failed(x) - failed(y);
          for (const { column, descending } of sort) {
            const [p, q] = [random.columns[column]!.values[x]!, random.columns[column]!.values[y]!];
            if (missing(column, x) !== missing(column, y)) return missing(column, x) ? 1 : -1;
            if (!missing(column, x) && p !== q) return p < q !== descending ? -1 : 1;
          }
          return x - y;
        });
        expect([...sorted(random, mask, kept, sort)], `seed ${seed}, turn ${turn}, by ${JSON.stringify(sort)}`).toEqual(expected);
      }
    }
  });
});
