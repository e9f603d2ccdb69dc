/** A week of fires as rows and days. The server says what fires and why not; here it is laid out. */
import type { CalendarFire, ClosedDay, FireCalendar, ScheduleListed } from "../../api/client";
import type { Look } from "../../flow/states";
import { lookOf, wordOf } from "../../flow/states";
import { fireStates } from "../../text/operate";

const DAY_MS = 86_400_000;

/** One day of one workflow. */
export interface Cell {
  date: string;
  /** The holiday for which nobody trades. */
  holiday: string | null;
  fires: readonly CalendarFire[];
}

export interface Row {
  schedule: ScheduleListed;
  cells: readonly Cell[];
}

/** The Monday of a day's week. */
export function mondayOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  return dateOf(day.getTime() - ((day.getUTCDay() + 6) % 7) * DAY_MS);
}

/** Its seven days, Monday first. */
export function daysOf(monday: string): readonly string[] {
  return Array.from({ length: 7 }, (_, i) => moved(monday, i));
}

/** A day so many days later. */
export function moved(date: string, days: number): string {
  return dateOf(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
}

/** A day as text is one that exists. */
export function isDay(text: string | null): text is string {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && dateOf(Date.parse(`${text}T00:00:00Z`)) === text;
}

/** What to ask for: a day more on each side, since the clocks of the rows are apart. */
export function stretchOf(monday: string): { from: string; to: string } {
  return { from: moved(monday, -1), to: moved(monday, 7) };
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Rows of the week, in the order of the schedules. */
export function rowsOf(calendar: FireCalendar, schedules: readonly ScheduleListed[], monday: string, dayIn: (iso: string, zone: string | null) => string): readonly Row[] {
  const days = daysOf(monday);
  const byWorkflow = new Map<string, CalendarFire[]>();
  for (const fire of calendar.fires) {
    const list = byWorkflow.get(fire.workflow);
    if (list === undefined) byWorkflow.set(fire.workflow, [fire]);
    else list.push(fire);
  }
  return schedules.map((schedule) => {
    const cells = new Map(days.map((date) => [date, { date, holiday: holidayOn(calendar.closed_days, schedule.calendar, date), fires: [] as CalendarFire[] }]));
    for (const fire of byWorkflow.get(schedule.workflow) ?? []) cells.get(dayIn(fire.fire_utc, schedule.zone))?.fires.push(fire);
    return { schedule, cells: [...cells.values()] };
  });
}

function holidayOn(closed: readonly ClosedDay[], calendar: string | null, date: string): string | null {
  return calendar === null ? null : (closed.find((d) => d.calendar === calendar && d.date === date)?.name ?? null);
}

/** How a fire looks: like the run that came of it, or as what it came to. */
export function lookOfFire(fire: Pick<CalendarFire, "state" | "run_status">): Look {
  if ((fire.state === "started" || fire.state === "made_up") && fire.run_status !== null) return lookOf(fire.run_status);
  return looks[fire.state] ?? lookOf(fire.state);
}

const looks: Record<string, Look> = {
  coming: { glyph: "clock", tone: "idle" },
  held: { glyph: "bars", tone: "wait" },
  paused: { glyph: "bars", tone: "wait", dashed: true },
  closed: { glyph: "dash", tone: "idle" },
  skipped: { glyph: "triangle", tone: "warn", dashed: true },
  dropped: { glyph: "dash", tone: "warn", dashed: true },
  refused: { glyph: "cross", tone: "bad", dashed: true },
  undecided: { glyph: "dots", tone: "idle" },
};

/** The word of a fire. */
export function wordOfFire(fire: Pick<CalendarFire, "state" | "run_status">): string {
  return (fire.state === "started" || fire.state === "made_up") && fire.run_status !== null ? wordOf(fire.run_status) : (fireStates[fire.state] ?? wordOf(fire.state));
}

/** Whether it should have started a run and did not. */
export function cameToNothing(fire: CalendarFire): boolean {
  return fire.state === "skipped" || fire.state === "refused" || fire.state === "dropped" || fire.state === "paused";
}

/** Fires of a cell that look alike, in the order in which the first of each comes. */
export function groupsOf(fires: readonly CalendarFire[]): readonly { word: string; fires: readonly CalendarFire[] }[] {
  const groups = new Map<string, CalendarFire[]>();
  for (const fire of fires) {
    const word = wordOfFire(fire);
    const list = groups.get(word);
    if (list === undefined) groups.set(word, [fire]);
    else list.push(fire);
  }
  return [...groups].map(([word, list]) => ({ word, fires: list }));
}

export type Show = "all" | "firing" | "held" | "faulty";

/** What fires stands above what is held, and what has a fault above all. */
export function shownOf(all: readonly ScheduleListed[], show: Show): readonly ScheduleListed[] {
  const rank = (s: ScheduleListed): number => (s.problems.length > 0 ? 0 : s.paused === null ? 1 : s.can_pause ? 2 : 3);
  return all.filter((s) => show === "all" || kindOf(s) === show).map((s, i) => ({ s, i })).sort((a, b) => rank(a.s) - rank(b.s) || a.i - b.i).map(({ s }) => s);
}

export function kindOf(s: ScheduleListed): Exclude<Show, "all"> {
  return s.problems.length > 0 ? "faulty" : s.paused === null ? "firing" : "held";
}
