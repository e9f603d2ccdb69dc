import { describe, expect, it } from "vitest";
import { clockOf, day, days, everyZone, instant, isZone, near, nextZone, short, timeOfDay, today } from "./time";

const now = new Date("2024-01-16T14:43:00Z");
const ny = clockOf("exchange", "America/New_York");
const utc = clockOf("utc", "America/New_York");

describe("an instant", () => {
  it("is shown on the exchange's clock, with its name", () => {
    expect(instant("2024-01-16T14:42:00Z", ny, now)).toBe("16 Jan 09:42 ET");
    expect(instant("2024-07-16T14:42:00Z", ny, now)).toBe("16 Jul 10:42 ET");
    expect(instant("2024-01-16T14:42:00Z", clockOf("exchange", "America/Bogota"), now)).toBe("16 Jan 09:42 COT");
  });

  it("is shown in UTC", () => {
    expect(instant("2024-01-16T14:42:00Z", utc, now)).toBe("16 Jan 14:42 UTC");
  });

  it("carries its year only where that is another one, on that clock", () => {
    expect(instant("2023-12-29T20:00:00Z", ny, now)).toBe("29 Dec 2023 15:00 ET");
    expect(instant("2024-01-01T03:00:00Z", ny, now)).toBe("31 Dec 2023 22:00 ET");
  });

  it("has seconds in runs and milliseconds in logs", () => {
    expect(timeOfDay("2024-01-16T14:42:07.402Z", ny, "second")).toBe("09:42:07");
    expect(timeOfDay("2024-01-16T14:42:07.402Z", ny, "milli")).toBe("09:42:07.402");
  });

  it("leaves the day out where that is today's on that clock", () => {
    expect(short("2024-01-16T14:42:07Z", ny, now, "second")).toBe("09:42:07 ET");
    expect(short("2024-01-16T04:30:00Z", ny, now)).toBe("15 Jan 23:30 ET");
    expect(short("2024-01-16T04:30:00Z", utc, now)).toBe("04:30 UTC");
  });

  it("names midnight 00, not 24", () => {
    expect(timeOfDay("2024-01-16T05:00:00Z", ny)).toBe("00:00");
  });

  it("is short beside others of today, with the weekday in a week, with the date beyond", () => {
    expect(near("2024-01-16T15:00:00Z", ny, now)).toBe("10:00");
    expect(near("2024-01-15T23:40:00Z", ny, now)).toBe("Mon 18:40");
    expect(near("2024-01-02T23:40:00Z", ny, now)).toBe("2 Jan");
    expect(near("2023-01-02T23:40:00Z", ny, now)).toBe("2 Jan 2023");
  });

  it("says all zones and ISO on hover", () => {
    const text = everyZone("2024-01-16T14:42:07Z", "America/New_York", now);
    expect(text).toContain("14:42:07 UTC");
    expect(text).toContain("09:42:07 ET");
    expect(text).toContain("2024-01-16T14:42:07.000Z");
  });
});

it("names the day in full", () => {
  expect(today(now, ny)).toBe("Tuesday, 16 January");
});

it("goes round the zones", () => {
  expect([nextZone("utc"), nextZone("exchange"), nextZone("local")]).toEqual(["exchange", "local", "utc"]);
  expect(isZone("utc")).toBe(true);
  expect(isZone("mars")).toBe(false);
});

describe("days without zone", () => {
  it("say the year once where it is one", () => {
    expect(day("2025-02-12")).toBe("12 Feb 2025");
    expect(day("2025-10-02T10:00:00Z", false)).toBe("2 Oct");
    expect(days("2023-08-08", "2023-12-29")).toBe("8 Aug to 29 Dec 2023");
    expect(days("2025-02-12", "2026-11-20")).toBe("12 Feb 2025 to 20 Nov 2026");
  });
});
