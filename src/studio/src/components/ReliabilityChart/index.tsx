import type { ReliabilityShown } from "../../api/client";
import { count, probability, rate } from "../../text/format";
import { training as words } from "../../text/training";
import type { ReliabilityChartProps } from "./types";
import "./style.css";

const SIZE = 300, LEFT = 40, RIGHT = 12, TOP = 10, BOTTOM = 248, BARS = 292;

const x = (p: number): number => LEFT + p * (SIZE + LEFT - RIGHT - LEFT);
const y = (p: number): number => BOTTOM - p * (BOTTOM - TOP);

/** What was said against what came, before and after calibration, with the rows of each bin beneath. */
export function ReliabilityChart({ before, after, summary }: ReliabilityChartProps) {
  const most = Math.max(1, ...after.map((b) => b.count), ...before.map((b) => b.count));
  return (
    <figure className="rel">
      <svg viewBox={`0 0 ${SIZE + LEFT} 318`} role="img" aria-label={summary}>
        {[0, 0.25, 0.5, 0.75, 1].map((p) => (
          <g key={p}>
            <path className="rel-grid" d={`M${x(0)} ${y(p)}H${x(1)}`} />
            <text className="rel-t" x={LEFT - 6} y={y(p) + 4} textAnchor="end">
              {rate(p, 0)}
            </text>
            <text className="rel-t" x={x(p)} y={313} textAnchor="middle">
              {rate(p, 0)}
            </text>
          </g>
        ))}
        <path className="rel-line" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
        <Bins bins={before} kind="before" most={most} shift={-2.5} />
        <Bins bins={after} kind="after" most={most} shift={2.5} />
      </svg>
      <figcaption className="rel-c">
        <span>
          <i className="rel-k before" aria-hidden="true" /> {words.before}
        </span>
        <span>
          <i className="rel-k after" aria-hidden="true" /> {words.after}
        </span>
        <span className="mut">
          Across: probability said. Up: share of gains that came. {words.onLine} {words.overlap}
        </span>
      </figcaption>
      <details className="rel-table">
        <summary>{words.table}</summary>
        <div className="scroll-x" tabIndex={0} role="region" aria-label={words.reliability}>
          <table className="table dense">
            <thead>
              <tr>
                <th scope="col">Said</th>
                <th scope="col" className="r">Rows before</th>
                <th scope="col" className="r">Came before</th>
                <th scope="col" className="r">Rows after</th>
                <th scope="col" className="r">Came after</th>
                <th scope="col">95% interval</th>
              </tr>
            </thead>
            <tbody>
              {after.map((bin, i) => (
                <tr key={bin.from}>
                  <td>
                    {rate(bin.from, 0)} to {rate(bin.to, 0)}
                  </td>
                  <td className="r">{count(before[i]?.count)}</td>
                  <td className="r">{before[i]?.came === null ? "" : probability(before[i]?.came)}</td>
                  <td className="r">{count(bin.count)}</td>
                  <td className="r">{bin.came === null ? "" : probability(bin.came)}</td>
                  <td>{bin.low === null || bin.high === null ? "" : `${probability(bin.low)} to ${probability(bin.high)}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function Bins({ bins, kind, most, shift }: { bins: readonly ReliabilityShown[]; kind: "before" | "after"; most: number; shift: number }) {
  const filled = bins.filter((b) => b.said !== null && b.came !== null);
  return (
    <g className={`rel-${kind}`}>
      <path className="rel-path" d={filled.map((b, i) => `${i === 0 ? "M" : "L"}${x(b.said!).toFixed(1)} ${y(b.came!).toFixed(1)}`).join("")} />
      {filled.map((b) => (
        <g key={b.from}>
          {b.low === null || b.high === null ? null : <path className="rel-i" d={`M${x(b.said!)} ${y(b.low)}V${y(b.high)}`} />}
          {kind === "before" ? <rect className="rel-dot" x={x(b.said!) - 3} y={y(b.came!) - 3} width={6} height={6} /> : <circle className="rel-dot" cx={x(b.said!)} cy={y(b.came!)} r={3.6} />}
        </g>
      ))}
      {bins.filter((b) => b.count > 0).map((b) => {
        const height = Math.max(1, (b.count / most) * 34);
        return <rect key={b.from} className="rel-bar" x={x((b.from + b.to) / 2) + shift * 2 - 5} y={BARS + 6 - height} width={9} height={height} />;
      })}
    </g>
  );
}
