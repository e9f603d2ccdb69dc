import { describe, expect, it } from "vitest";
import type { CalendarFire, FireCalendar, ScheduleListed } from "../../api/client";
import { dayIn } from "../../text/time";
import { cameToNothing, daysOf, groupsOf, isDay, lookOfFire, mondayOf, rowsOf, shownOf, stretchOf, wordOfFire } from "./week";

const fire = (workflow: string, fire_utc: string, state: string, more: Partial<CalendarFire> = {}): CalendarFire => ({ workflow, fire_utc, state, run: null, run_status: null, reason: null, moved_from: null, ...more });
const schedule = (workflow: string, more: Partial<ScheduleListed> = {}): ScheduleListed => ({
  workflow, version: "1.0.0", workflow_summary: null, schedule: "0 9 * * * (unix)", zone: "America/Bogota", calendar: "COLOMBIA", catch_up: "skip", next_fires: [], paused: null, paused_by: null, paused_at_utc: null, can_pause: true,
  problems: [], ...more,
});

describe("a week", () => {
  it("begins on Monday, also across a year", () => {
    expect(mondayOf("2026-01-01")).toBe("2025-12-29");
    expect(mondayOf("2025-12-29")).toBe("2025-12-29");
    expect(mondayOf("2026-01-04")).toBe("2025-12-29");
    expect(daysOf("2025-12-29").at(-1)).toBe("2026-01-04");
    expect(stretchOf("2025-12-29")).toEqual({ from: "2025-12-28", to: "2026-01-05" });
  });

  it("takes no day that does not exist", () => {
    expect([isDay("2026-02-28"), isDay("2026-02-29"), isDay("2026-2-1"), isDay(null), isDay("soon")]).toEqual([true, false, false, false, false]);
  });

  it("puts each fire on the day of its row's clock, and shades the holidays of its calendar alone", () => {
    const calendar: FireCalendar = {
      from_utc: "2026-01-11T00:00:00Z", to_utc: "2026-01-20T00:00:00Z", now_utc: "2026-01-14T12:00:00Z", left_out: {},
      closed_days: [{ calendar: "COLOMBIA", date: "2026-01-12", name: "Epiphany" }, { calendar: "NYSE", date: "2026-01-19", name: "Martin Luther King Jr. Day" }],
      // 04:30 UTC on Tuesday is still Monday evening in Bogota, and the fire before lies on Sunday there.
      fires: [fire("a", "2026-01-12T04:30:00Z", "started"), fire("a", "2026-01-13T04:30:00Z", "closed"), fire("b", "2026-01-13T04:30:00Z", "coming")],
    };
    const rows = rowsOf(calendar, [schedule("a"), schedule("b", { zone: "UTC", calendar: null })], "2026-01-12", (iso, zone) => dayIn(iso, zone ?? "UTC"));
    expect(rows[0]!.cells.map((c) => c.fires.length)).toEqual([1, 0, 0, 0, 0, 0, 0]);
    expect(rows[0]!.cells[0]).toMatchObject({ date: "2026-01-12", holiday: "Epiphany", fires: [{ state: "closed" }] });
    expect(rows[1]!.cells[1]!.fires).toHaveLength(1);
    expect(rows[1]!.cells.every((c) => c.holiday === null)).toBe(true);
  });
});

describe("a fire", () => {
  it("looks like the run that came of it, and is outlined where none came that should have", () => {
    expect(lookOfFire({ state: "started", run_status: "failed" })).toEqual({ glyph: "cross", tone: "bad" });
    expect(lookOfFire({ state: "made_up", run_status: "completed" })).toEqual({ glyph: "tick", tone: "ok" });
    expect(lookOfFire({ state: "skipped", run_status: null })).toMatchObject({ tone: "warn", dashed: true });
    expect(wordOfFire({ state: "skipped", run_status: null })).toBe("Missed");
    expect(wordOfFire({ state: "started", run_status: "running" })).toBe("Running");
    expect(["skipped", "refused", "dropped", "paused", "closed", "coming", "started"].filter((s) => cameToNothing(fire("a", "", s)))).toEqual(["skipped", "refused", "dropped", "paused"]);
  });

  it("stands in a group with those that look alike", () => {
    const groups = groupsOf([fire("a", "1", "coming"), fire("a", "2", "skipped"), fire("a", "3", "coming")]);
    expect(groups.map((g) => [g.word, g.fires.length])).toEqual([["Coming", 2], ["Missed", 1]]);
  });
});

it("faults stand above what fires, and that above what is held", () => {
  const all = [schedule("later", { paused: "x arrives with a later release", can_pause: false }), schedule("paused", { paused: "why" }), schedule("fires"), schedule("broken", { problems: [{ code: "WFL-1021", message: "", where: null, remedy: null }] })];
  expect(shownOf(all, "all").map((s) => s.workflow)).toEqual(["broken", "fires", "paused", "later"]);
  expect(shownOf(all, "held").map((s) => s.workflow)).toEqual(["paused", "later"]);
  expect(shownOf(all, "firing").map((s) => s.workflow)).toEqual(["fires"]);
  expect(shownOf(all, "faulty").map((s) => s.workflow)).toEqual(["broken"]);
});
