import { useEffect, useMemo, useRef, useState } from "react";
import { drawdown, returnPercent } from "../../text/format";
import { review as words } from "../../text/strings";
import { day } from "../../text/time";
import { digitsOf, marksOf, monthEnds, path, scaleOf } from "./scale";
import type { EquityChartProps } from "./types";
import "./style.css";

const HEIGHT = 292, TOP = 22, EQUITY_END = 202, FALL_FROM = 222, FALL_END = 268, RIGHT = 52, LEFT = 4;

export function EquityChart({ windows, benchmark, note = words.starts, summary, aside }: EquityChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [at, setAt] = useState<number | null>(null);
  useEffect(() => {
    if (box.current === null) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);

  const all = useMemo(() => {
    const joined = <K extends "dates" | "strategy" | "benchmark" | "strategyDrawdown" | "benchmarkDrawdown">(key: K) => windows.flatMap((w) => [...w[key]]);
    let from = 0;
    const spans = windows.map((w) => ({ window: w, from, to: (from += w.dates.length) - 1 }));
    const strategy = joined("strategy") as (number | null)[], held = joined("benchmark") as (number | null)[];
    const falls = joined("strategyDrawdown") as (number | null)[], heldFalls = joined("benchmarkDrawdown") as (number | null)[];
    return { dates: joined("dates") as string[], strategy, held, falls, heldFalls, spans, scale: scaleOf([...strategy, ...held]), fall: scaleOf([...falls, ...heldFalls], 1) };
  }, [windows]);

  const n = all.dates.length;
  const x = (i: number): number => LEFT + (n < 2 ? 0 : (i * (width - RIGHT - LEFT)) / (n - 1));
  const y = (v: number): number => EQUITY_END - ((v - all.scale.low) * (EQUITY_END - TOP)) / (all.scale.high - all.scale.low);
  const deepest = Math.min(-1e-9, all.fall.low);
  const yFall = (v: number): number => FALL_FROM + (v / deepest) * (FALL_END - FALL_FROM);
  const digits = digitsOf(all.scale.ticks);
  const label = (v: number): string => `${v > 0 ? "+" : v < 0 ? "−" : ""}${Math.abs(100 * v).toFixed(digits)}%`;
  const focus = at === null ? null : Math.min(n - 1, Math.max(0, at));

  return (
    <div className="equity" ref={box}>
      {width === 0 || n === 0 ? (
        <div style={{ height: HEIGHT }} />
      ) : (
        <svg
          width={width} height={HEIGHT} role="img" aria-label={summary}
          onPointerMove={(e) => setAt(Math.round(((e.nativeEvent.offsetX - LEFT) / Math.max(1, width - RIGHT - LEFT)) * (n - 1)))}
          onPointerLeave={() => setAt(null)}
        >
          {all.spans.filter((s) => s.window.shaded && all.spans.length > 1).map((s) => (
            <g key={s.window.label}>
              <rect className="eq-held" x={x(s.from)} y={TOP - 12} width={x(s.to) - x(s.from)} height={FALL_END - TOP + 12} />
              <path className="eq-edge" d={`M${x(s.from)} ${TOP - 12}V${FALL_END}`} />
              <text className="eq-name" x={Math.min(x(s.from) + 6, width - RIGHT - 60)} y={TOP - 1}>
                {s.window.label}
              </text>
            </g>
          ))}
          {all.scale.ticks.map((tick) => (
            <g key={tick}>
              <path className={tick === 0 ? "eq-zero" : "eq-grid"} d={`M${LEFT} ${y(tick)}H${width - RIGHT}`} />
              <text className="eq-t" x={width - RIGHT + 6} y={y(tick) + 4}>
                {label(tick)}
              </text>
            </g>
          ))}
          {spaced(marksOf(all.dates), x).map((m) => (
            <g key={m.at}>
              <path className="eq-year" d={`M${x(m.at)} ${TOP}V${FALL_END}`} />
              <text className="eq-t" x={x(m.at)} y={HEIGHT - 8} textAnchor="middle">
                {m.label}
              </text>
            </g>
          ))}
          {all.spans.map((s) => {
            const within = (values: readonly (number | null)[]): (number | null)[] => values.slice(s.from, s.to + 1);
            const of = (i: number): number => x(i + s.from);
            const line = path(within(all.strategy), of, y);
            return (
              <g key={s.window.label}>
                <path className="eq-area" d={`${line}L${x(s.to).toFixed(1)} ${y(0).toFixed(1)}L${x(s.from).toFixed(1)} ${y(0).toFixed(1)}Z`} />
                <path className="eq-bench" d={path(within(all.held), of, y)} />
                <path className="eq-line" d={line} />
                <path className="eq-fall" d={`${path(within(all.falls), of, yFall)}L${x(s.to).toFixed(1)} ${FALL_FROM}L${x(s.from).toFixed(1)} ${FALL_FROM}Z`} />
                <path className="eq-bench" d={path(within(all.heldFalls), of, yFall)} />
              </g>
            );
          })}
          <path className="eq-zero" d={`M${LEFT} ${FALL_FROM}H${width - RIGHT}`} />
          <text className="eq-t" x={width - RIGHT + 6} y={FALL_FROM + 4}>
            0%
          </text>
          <text className="eq-t" x={width - RIGHT + 6} y={FALL_END + 1}>
            −{drawdown(deepest)}
          </text>
          <text className="eq-t" x={LEFT} y={FALL_FROM - 6}>
            {words.drawdown}
          </text>
          {focus === null ? null : (
            <g>
              <path className="eq-cross" d={`M${x(focus)} ${TOP - 12}V${FALL_END}`} />
              {all.strategy[focus] === null ? null : <circle className="eq-dot" cx={x(focus)} cy={y(all.strategy[focus]!)} r={3.5} />}
            </g>
          )}
        </svg>
      )}
      <div className="eq-foot">
        <p className="eq-now" aria-hidden="true">
          {focus === null ? note : `${day(all.dates[focus]!)}: ${words.strategy.toLowerCase()} ${returnPercent(all.strategy[focus])}${benchmark === null ? "" : `, ${benchmark.toLowerCase()} ${returnPercent(all.held[focus])}`}, drawdown ${drawdown(all.falls[focus])}`}
        </p>
        {aside}
      </div>
      <p className="sr">{note}</p>
      <details className="eq-table">
        <summary>{words.table}</summary>
        <div className="scroll-x" tabIndex={0} role="region" aria-label={words.equity}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Month end</th>
                <th scope="col">Window</th>
                <th scope="col" className="r">{words.strategy}</th>
                {benchmark === null ? null : <th scope="col" className="r">{benchmark}</th>}
                <th scope="col" className="r">{words.drawdown}</th>
              </tr>
            </thead>
            <tbody>
              {windows.flatMap((w) => monthEnds(w.dates).map((i) => (
                <tr key={`${w.label} ${w.dates[i]}`}>
                  <td>{day(w.dates[i]!)}</td>
                  <td>{w.label}</td>
                  <td className="r">{returnPercent(w.strategy[i])}</td>
                  {benchmark === null ? null : <td className="r">{returnPercent(w.benchmark[i])}</td>}
                  <td className="r">{drawdown(w.strategyDrawdown[i])}</td>
                </tr>
              )))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  );
}

// Labels that would touch are left out.
function spaced(marks: { at: number; label: string }[], x: (i: number) => number): { at: number; label: string }[] {
  let last = -Infinity;
  return marks.filter((m) => {
    if (x(m.at) - last < 44) return false;
    last = x(m.at);
    return true;
  });
}
