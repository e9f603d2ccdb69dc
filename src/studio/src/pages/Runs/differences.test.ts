import { expect, test } from "vitest";
import { areasOf, said } from "./differences";

test("differences keep the server's order of areas and of values, and an area that nobody knows keeps its name", () => {
  const areas = areasOf([
    { area: "parameters", path: "ticker", a: "MKT.SYN", b: "TECH.SYN" },
    { area: "metrics", path: "sharpe", a: 1.5, b: null },
    { area: "parameters", path: "until", a: null, b: "align" },
    { area: "weather", path: "x", a: 1, b: 2 },
  ]);
  expect(areas.map((x) => [x.name, x.label, x.differences.map((d) => d.path)])).toEqual([["parameters", "Parameters", ["ticker", "until"]], ["metrics", "Metrics", ["sharpe"]], ["weather", "weather", ["x"]]]);
});

test("a value is shown as it was sent, and one that is not there as nothing", () => {
  expect([said("a"), said(0.1), said(false), said(null), said(undefined), said({ k: [1] })]).toEqual(["a", "0.1", "false", "", "", '{"k":[1]}']);
});
