import { describe, expect, it } from "vitest";
import type { ModelListed } from "../../api/client";
import { chosen, filterOf, pathOfNext, reached, withFilter } from "./list";

const model = (id: string, status = "created", next_step = "configure_sweep"): ModelListed => ({
  user_id: "ben", id, name: `The ${id}`, description: "", pack_id: "swingsigma", pack_version: "1.1.0", pack_hash: "", status, next_step, created_at_utc: "2026-01-01T00:00:00Z", ticker: "MKT.SYN", strategy_id: "momentum_swing",
  synthetic: true, config_version: 1, sweeps: 0, trained_models: 0,
});

describe("the list", () => {
  const all = [model("a"), model("b", "retired", "restore"), model("c")];
  it("leaves retired ones out until they are asked for, newest first", () => {
    const of = (text: string): string[] => chosen(all, filterOf(new URLSearchParams(text))).map((m) => m.id);
    expect(of("")).toEqual(["c", "a"]);
    expect(of("f=status:retired")).toEqual(["b"]);
    expect(of("f=status:all&q=the+c")).toEqual(["c"]);
    expect(of("f=pack:other")).toEqual([]);
  });
  it("names a filter it does not know", () => expect(filterOf(new URLSearchParams("f=colour:red")).unknown).toEqual(["colour:red"]));
  it("keeps other filters when one changes", () => {
    expect(withFilter(new URLSearchParams("f=pack:x&f=status:retired&tz=utc"), "status", "use").toString()).toBe("f=pack%3Ax&tz=utc".replace("f=pack%3Ax&tz=utc", "tz=utc&f=pack%3Ax"));
  });
});

describe("the next step", () => {
  it("leads to where it is done", () => {
    expect(pathOfNext(model("a b"))).toBe("/sweeps/new?model=a%20b");
    expect(pathOfNext({ id: "a", next_step: "review" })).toBe("/training?f=model:a");
    expect(pathOfNext({ id: "a", next_step: "what_is_this" })).toBe("/models/a");
  });
  it("has so many stages behind it", () => expect(["configure_sweep", "run_sweep", "train", "publish", "restore"].map(reached)).toEqual([1, 1, 3, 6, 0]));
});
