import { describe, expect, it } from "vitest";
import type { RunListed } from "../../api/client";
import { askedOf, chosen, commandOf, filterOf, isFiltered, tookMs, withFilter } from "./filter";

const run = (id: string, workflow: string, status: string, ticker?: string): RunListed => ({
  id, workflow, version: "1.0.0", status, reason: null, requested_by: "operator", requested_at_utc: "2024-01-16T14:00:00Z", changed_at_utc: "2024-01-16T14:00:00Z",
  ended_at_utc: status === "completed" ? "2024-01-16T14:01:12Z" : null, parameters: ticker === undefined ? {} : { ticker },
});
const all = [run("run_1", "lifecycle", "completed", "SPY"), run("run_2", "lifecycle", "failed", "QQQ"), run("run_3", "sweep", "running")];

describe("the list by its address", () => {
  it("filters by state and workflow, and searches in what is shown", () => {
    const ids = (search: string): string[] => chosen(all, filterOf(new URLSearchParams(search))).map((r) => r.id);
    expect(ids("")).toEqual(["run_1", "run_2", "run_3"]);
    expect(ids("f=status:failed,running")).toEqual(["run_2", "run_3"]);
    expect(ids("f=status:failed&f=workflow:sweep")).toEqual([]);
    expect(ids("q=SPY")).toEqual(["run_1"]);
    expect(ids("q=lifecycle+qqq")).toEqual(["run_2"]);
  });

  it("says which filters it does not know", () => {
    expect(filterOf(new URLSearchParams("f=colour:red&f=status:&f=status:failed")).unknown).toEqual(["colour:red", "status:"]);
    expect(filterOf(new URLSearchParams("f=status:failed,melted&from=yesterday&to=2026-13-45"))).toMatchObject({ status: [], from: null, to: null, unknown: ["status:failed,melted", "from=yesterday", "to=2026-13-45"] });
  });

  it("asks the server for everything but the search, which is done over what is shown", () => {
    const filter = filterOf(new URLSearchParams("f=status:failed,running&f=workflow:lifecycle&f=ticker:SPY&f=by:ana&from=2026-01-05&to=2026-01-09T12:00Z&q=gap"));
    expect(askedOf(filter)).toEqual({ workflow: "lifecycle", status: "failed,running", ticker: "SPY", by: "ana", from: "2026-01-05", to: "2026-01-09T12:00Z" });
    expect(commandOf(askedOf(filter), 25).join(" ")).toBe("./sigmatiq runs list --workflow lifecycle --status failed,running --ticker SPY --by ana --from 2026-01-05 --to 2026-01-09T12:00Z --limit 25");
    expect(askedOf(filterOf(new URLSearchParams("f=workflow:a,b&f=ticker:SPY,QQQ")))).toEqual({ workflow: undefined, status: undefined, ticker: undefined, by: undefined, from: undefined, to: undefined });
    expect([isFiltered(filter), isFiltered(filterOf(new URLSearchParams("f=workflow:a")))]).toEqual([true, false]);
    expect(chosen(all, filterOf(new URLSearchParams("f=ticker:SPY,QQQ&f=by:operator"))).map((r) => r.id)).toEqual(["run_1", "run_2"]);
  });

  it("changes one filter and keeps the rest of the address", () => {
    const next = withFilter(new URLSearchParams("tz=utc&f=status:failed&f=workflow:sweep"), "status", ["running"]);
    expect(next.toString()).toBe("tz=utc&f=workflow%3Asweep&f=status%3Arunning");
    expect(withFilter(next, "status", []).getAll("f")).toEqual(["workflow:sweep"]);
  });
});

it("takes an open run's time up to now", () => {
  expect(tookMs(all[0]!, 0)).toBe(72_000);
  expect(tookMs(all[2]!, Date.parse("2024-01-16T14:00:05Z"))).toBe(5_000);
});
