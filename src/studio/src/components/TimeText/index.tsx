import { useMemo } from "react";
import { everyZone, instant, near, short, timeOfDay } from "../../text/time";
import { useView } from "../../theme/View";
import { Missing } from "../NumberText";
import type { TimeTextProps } from "./types";

/** Every instant of the studio. */
export function TimeText({ at, precision = "minute", exchange, form = "instant" }: TimeTextProps) {
  const view = useView();
  const clock = view.clock(exchange);
  const now = useMemo(() => new Date(), []);
  if (at === null) return <Missing />;
  const text = form === "instant" ? instant(at, clock, now, precision) : form === "short" ? short(at, clock, now, precision) : form === "near" ? near(at, clock, now) : timeOfDay(at, clock, precision);
  return (
    <time dateTime={at} title={everyZone(at, exchange ?? view.exchange, now)}>
      {text}
    </time>
  );
}
