import { describe, expect, it } from "vitest";
import { boardOf } from "../../leaderboard/columns";
import { combosOf, sortAfter, stateOf, withFilters, withKey } from "./state";

const board = boardOf({
  rows: 2, about: {}, types: { rank: "integer", combo_id: "integer", threshold: "double", position_size_pct: "double", sharpe_ratio: "double", total_trades: "double", gate: "text" },
  columns: { rank: [1, 2], combo_id: [2, 1], threshold: [0.5, 0.6], position_size_pct: [2, 2], sharpe_ratio: [1, 0.5], total_trades: [30, 20], gate: ["PASS", "FAIL"] },
});
const of = (text: string) => stateOf(new URLSearchParams(text), board, ["threshold", "position_size_pct"], []);

describe("the address of a leaderboard", () => {
  it("holds filters, sort, columns, choice and folds, and leaves the usual out", () => {
    const plain = of("");
    expect([plain.shown.map((f) => f.name), plain.fold, plain.hideNear, plain.compare, plain.unknown]).toEqual([["rank", "combo", "threshold", "position_size_pct", "sharpe", "trades", "equity", "gate"], true, false, false, []]);
    const all = of("f=gate:pass&f=trades:>=20&sort=-sharpe,trades&cols=combo,sharpe&sel=2,1,x,2&focus=combo:2&sizes=apart&near=hide&view=compare");
    expect(all.query.filters.map((f) => f.column)).toEqual(["gate", "total_trades"]);
    expect(all.query.sort).toEqual([{ column: "sharpe_ratio", descending: true }, { column: "total_trades", descending: false }]);
    expect([all.shown.map((f) => f.name), all.selected, all.focus, all.fold, all.hideNear, all.compare]).toEqual([["combo", "sharpe"], [2, 1], 2, false, true, true]);
  });

  it("names what it does not know", () => {
    expect(of("f=wibble:1&cols=combo,moon&sort=-luck").unknown).toEqual(["wibble:1", "moon", "-luck"]);
  });

  it("changes one thing at a time", () => {
    expect(withKey(new URLSearchParams("f=gate:pass&near=hide"), "near", "").toString()).toBe("f=gate%3Apass");
    expect(withFilters(new URLSearchParams("f=gate:pass&tz=utc"), [{ field: "trades", comparator: ">=", values: ["20"] }]).getAll("f")).toEqual(["trades:>=20"]);
    expect(combosOf("combo:7")).toEqual([7]);
    const field = (name: string) => of("").fields.find((f) => f.name === name)!;
    expect([sortAfter(null, field("sharpe"), false), sortAfter("-sharpe", field("sharpe"), false), sortAfter("sharpe", field("sharpe"), false)]).toEqual(["-sharpe", "sharpe", ""]);
    expect([sortAfter("-sharpe", field("trades"), true), sortAfter("-sharpe", field("trades"), false), sortAfter(null, field("gate"), false)]).toEqual(["-sharpe,-trades", "-trades", "gate"]);
  });
});
