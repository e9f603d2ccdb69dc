/** Instants on screen, in one of three zones; the API speaks UTC alone. */

export type ZoneChoice = "utc" | "exchange" | "local";

export const ZONES: readonly ZoneChoice[] = ["utc", "exchange", "local"];

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const LONG_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** Names that the trade uses, where Intl would say GMT-5 or EST and EDT by season. */
const NAMES: Record<string, string> = { UTC: "UTC", "America/New_York": "ET", "America/Chicago": "CT", "America/Bogota": "COT", "Europe/London": "LON" };

export interface Clock {
  /** IANA name. */
  zone: string;
  /** Short name beside an instant. */
  name: string;
}

interface Parts {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: string;
  minute: string;
  second: string;
  milli: string;
}

export type Precision = "minute" | "second" | "milli";

export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** The clock of a choice. Exchange means the row's own exchange, so callers name its zone. */
export function clockOf(choice: ZoneChoice, exchange: string): Clock {
  const zone = choice === "utc" ? "UTC" : choice === "exchange" ? exchange : localZone();
  return { zone, name: NAMES[zone] ?? shortName(zone) };
}

function shortName(zone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "short" }).formatToParts(0).find((p) => p.type === "timeZoneName")?.value ?? zone;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function partsOf(at: Date, zone: string): Parts {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    formats.set(zone, format);
  }
  const found = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value])) as Record<string, string>;
  const [year, month, day] = [Number(found.year), Number(found.month), Number(found.day)];
  return {
    year, month, day, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay(), hour: found.hour!, minute: found.minute!, second: found.second!,
    milli: String(at.getUTCMilliseconds()).padStart(3, "0"),
  };
}

/** Time of day: 09:42, 09:42:07, 09:42:07.402. */
export function timeOfDay(iso: string, clock: Clock, precision: Precision = "minute"): string {
  const p = partsOf(new Date(iso), clock.zone);
  return `${p.hour}:${p.minute}${precision === "minute" ? "" : `:${p.second}`}${precision === "milli" ? `.${p.milli}` : ""}`;
}

/** An instant with its zone: 16 Jan 09:42 ET; the year only where it differs from now's. */
export function instant(iso: string, clock: Clock, now: Date, precision: Precision = "minute"): string {
  const p = partsOf(new Date(iso), clock.zone);
  const year = p.year === partsOf(now, clock.zone).year ? "" : ` ${p.year}`;
  return `${p.day} ${MONTHS[p.month - 1]}${year} ${timeOfDay(iso, clock, precision)} ${clock.name}`;
}

/** An instant with its zone, without the day where that is today's: 09:42:07 ET. */
export function short(iso: string, clock: Clock, now: Date, precision: Precision = "minute"): string {
  const [p, today] = [partsOf(new Date(iso), clock.zone), partsOf(now, clock.zone)];
  return p.day === today.day && p.month === today.month && p.year === today.year ? `${timeOfDay(iso, clock, precision)} ${clock.name}` : instant(iso, clock, now, precision);
}

/** The time alone where the day is today's, else with the day: 09:42, or Mon 18:40, or 16 Jan. */
export function near(iso: string, clock: Clock, now: Date): string {
  const p = partsOf(new Date(iso), clock.zone);
  const today = partsOf(now, clock.zone);
  const days = Math.round((Date.UTC(p.year, p.month - 1, p.day) - Date.UTC(today.year, today.month - 1, today.day)) / 86_400_000);
  if (days === 0) return timeOfDay(iso, clock);
  return Math.abs(days) < 7 ? `${DAYS[p.weekday]!.slice(0, 3)} ${timeOfDay(iso, clock)}` : `${p.day} ${MONTHS[p.month - 1]}${p.year === today.year ? "" : ` ${p.year}`}`;
}

/** A day in full: Tuesday, 16 January. */
export function today(now: Date, clock: Clock): string {
  const p = partsOf(now, clock.zone);
  return `${DAYS[p.weekday]}, ${p.day} ${LONG_MONTHS[p.month - 1]}`;
}

/** All three zones and ISO, for whoever hovers. */
export function everyZone(iso: string, exchange: string, now: Date): string {
  const all = [...new Map(ZONES.map((z) => clockOf(z, exchange)).map((c) => [c.zone, c])).values()];
  return [...all.map((c) => instant(iso, c, now, "second")), new Date(iso).toISOString()].join("\n");
}

/** The day of an instant on a zone's clock: 2026-01-16. */
export function dayIn(iso: string, zone: string): string {
  const p = partsOf(new Date(iso), zone);
  return `${p.year}-${String(p.month).padStart(2, "0")}-${String(p.day).padStart(2, "0")}`;
}

/** A day with its weekday: Mon 16 Jan. */
export function weekday(iso: string): string {
  return `${DAYS[new Date(`${iso.slice(0, 10)}T00:00:00Z`).getUTCDay()]!.slice(0, 3)} ${day(iso, false)}`;
}

/** A day without zone, as daily data have it: 2025-02-12 is 12 Feb 2025. */
export function day(iso: string, withYear = true): string {
  const [year, month, date] = iso.slice(0, 10).split("-").map(Number) as [number, number, number];
  return `${date} ${MONTHS[month - 1]}${withYear ? ` ${year}` : ""}`;
}

/** Two days: 12 Feb 2025 to 20 Nov 2026, or 8 Aug to 29 Dec 2023. */
export function days(from: string, to: string): string {
  return `${day(from, from.slice(0, 4) !== to.slice(0, 4))} to ${day(to)}`;
}

/** Short names of the months, January first. */
export const months: readonly string[] = MONTHS;

/** The zone after this one, for the key that goes round. */
export function nextZone(choice: ZoneChoice): ZoneChoice {
  return ZONES[(ZONES.indexOf(choice) + 1) % ZONES.length]!;
}

export function isZone(text: string | null): text is ZoneChoice {
  return ZONES.includes(text as ZoneChoice);
}
