/** The usual cron texts as sentences; any other is shown as it is written. The server alone knows when a schedule fires. */

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** `*\/5 8-12 * * 1-5 (unix)` reads "every 5 min, 8 to 12, Mon to Fri". */
export function inWords(summary: string): string {
  return summary.split(" + ").map(one).join("; ");
}

function one(line: string): string {
  const found = /^(\S+) (\S+) (\S+) (\S+) (\S+) \(unix(?:, (\w+))?\)$/.exec(line);
  if (found === null) return line;
  const [, minute, hour, day, month, weekday, holiday] = found as unknown as [string, string, string, string, string, string, string | undefined];
  const time = timeText(minute, hour);
  const days = month === "*" && day === "*" ? daysText(weekday) : null;
  return time === null || days === null ? line : [time, days, holiday === undefined ? null : `holidays ${holiday}`].filter((p) => p !== null && p !== "").join(", ");
}

function timeText(minute: string, hour: string): string | null {
  const every = /^\*\/(\d+)$/.exec(minute);
  const range = /^(\d+)-(\d+)$/.exec(hour);
  const hours = hour === "*" ? "" : range === null ? null : `, ${range[1]} to ${range[2]}`;
  if (every !== null) return hours === null ? null : `every ${every[1]} min${hours}`;
  if (!/^\d+$/.test(minute)) return null;
  const past = minute.padStart(2, "0");
  if (/^\d+$/.test(hour)) return `at ${hour.padStart(2, "0")}:${past}`;
  return hours === null ? null : `hourly at :${past}${hours}`;
}

function daysText(weekday: string): string | null {
  if (weekday === "*") return "every day";
  const range = /^(\d)-(\d)$/.exec(weekday);
  if (range !== null) return `${DAYS[Number(range[1])]} to ${DAYS[Number(range[2])]}`;
  return /^\d(,\d)*$/.test(weekday) ? weekday.split(",").map((d) => DAYS[Number(d)]).join(", ") : null;
}
