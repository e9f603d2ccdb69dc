import { useMemo, type CSSProperties } from "react";
import { lookOf, wordOf } from "../../flow/states";
import { scaleOf, ticksOf, type Gap, type Span } from "../../flow/timeline";
import { age, duration } from "../../text/format";
import { timeOfDay } from "../../text/time";
import { useView } from "../../theme/View";
import type { TimelineProps } from "./types";
import "./style.css";

const causes: Record<Gap["cause"], string> = { retry: "retry delay", wait: "waiting", idle: "nothing to do" };

/** Every attempt of a run on one scale; long idle stretches are a strip with their cause. */
export function Timeline({ rows, now, isOpen, collapse, selected, onSelect }: TimelineProps) {
  const view = useView();
  const clock = view.clock();
  const spans = useMemo(() => rows.flatMap((r) => r.spans), [rows]);
  const scale = useMemo(() => scaleOf(spans, now, collapse), [spans, now, collapse]);
  const ticks = useMemo(() => ticksOf(scale, spans, now), [scale, spans, now]);
  const at = (ms: number): string => `${(100 * scale.x(ms)).toFixed(3)}%`;
  const showsNow = isOpen && spans.some((s) => s.to === null);

  // A word stands after the last bar of its row, or before the first where there is no room.
  function besides(of: readonly Span[]): CSSProperties | undefined {
    const [first, last] = [of[0], of.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const end = last.to ?? now;
    return scale.x(end) > 0.7 ? { left: "auto", right: `calc(${(100 * (1 - scale.x(first.from))).toFixed(3)}% + 8px)` } : { left: `calc(${at(end)} + 8px)` };
  }

  return (
    <div className="tl" role="grid" aria-label="Timeline" aria-rowcount={rows.length}>
      <div className="tl-axis" aria-hidden="true">
        {ticks.map((ms) => {
          const x = scale.x(ms);
          const isNow = showsNow && ms === scale.to;
          return (
            <span key={ms} className={isNow ? "tick now" : "tick"} style={{ left: at(ms), translate: x < 0.06 ? "0" : x > 0.94 ? "-100%" : "-50%" }}>
              {isNow ? "now" : timeOfDay(new Date(ms).toISOString(), clock, "second")}
            </span>
          );
        })}
      </div>
      <div className="tl-back" aria-hidden="true">
        {ticks.map((ms) => (
          <i key={ms} className={showsNow && ms === scale.to ? "line now" : "line"} style={{ left: at(ms) }} />
        ))}
        {scale.gaps.map((gap) => (
          <span key={gap.from} className="gap" style={{ left: at(gap.from), width: `${(100 * (scale.x(gap.to) - scale.x(gap.from))).toFixed(3)}%` }}>
            <b>
              {duration(gap.to - gap.from).replace(/( min| h) .*$/, "$1")} idle, {causes[gap.cause]}
            </b>
          </span>
        ))}
      </div>
      {rows.map((row) => (
        <div key={row.id} role="row" className={row.id === selected ? "tl-row on" : "tl-row"}>
          <div role="rowheader" className={row.isItem ? "tl-n item" : "tl-n"}>
            <button type="button" className={row.state === "pending" || row.state === "skipped" ? "mut" : ""} onClick={() => onSelect(row.id)} aria-pressed={row.id === selected}>
              <span className="one">{row.label}</span>
            </button>
          </div>
          <div role="gridcell" className="tl-b" onClick={() => onSelect(row.id)}>
            {row.spans.map((span) => (
              <Bar key={`${span.item} ${span.attempt}`} span={span} many={row.spans.length > 1} left={at(span.from)} width={scale.x(span.to ?? now) - scale.x(span.from)} now={now} />
            ))}
            {row.note === null ? null : (
              <span className="tl-note" style={besides(row.spans)}>
                {row.note}
              </span>
            )}
          </div>
        </div>
      ))}
    </div>
  );
}

function Bar({ span, many, left, width, now }: { span: Span; many: boolean; left: string; width: number; now: number }) {
  const look = lookOf(span.status);
  const took = (span.to ?? now) - span.from;
  const text = `Attempt ${span.attempt}, ${wordOf(span.status).toLowerCase()}, ${span.to === null ? age(took) : duration(took)}`;
  return (
    <span className={`bar ${look.tone}${span.status === "waiting" ? " hatched" : ""}`} style={{ left, width: `${(100 * width).toFixed(3)}%` }} title={text}>
      <span className="sr">{text}</span>
      {many && width > 0.02 ? <b aria-hidden="true">{span.attempt}</b> : null}
    </span>
  );
}
