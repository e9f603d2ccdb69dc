import type { Precision } from "../../text/time";

export interface TimeTextProps {
  /** ISO 8601; null shows a blank with "n/a" for readers. */
  at: string | null;
  precision?: Precision;
  /** The row's own exchange, as an IANA zone; the studio's where the row has none. */
  exchange?: string | null | undefined;
  /** instant: with day and zone; short: the same without the day where that is today's; time: of day alone; near: of day, or the day where it is another. */
  form?: "instant" | "short" | "time" | "near";
}
