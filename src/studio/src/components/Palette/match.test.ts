import { expect, it } from "vitest";
import { matches } from "./match";

it("finds what has every word, the beginning first, and all where nothing is asked", () => {
  const all = ["Runs", "Workflows", "Cancel run", "Reruns of a sweep"];
  expect(matches(all, "", (t) => t)).toEqual(all);
  expect(matches(all, "run", (t) => t)).toEqual(["Runs", "Cancel run", "Reruns of a sweep"]);
  expect(matches(all, "SWEEP run", (t) => t)).toEqual(["Reruns of a sweep"]);
  expect(matches(all, "nothing", (t) => t)).toEqual([]);
});
