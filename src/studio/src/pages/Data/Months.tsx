import { Link } from "react-router";
import { missingShare, monthsSentence, squareText, type MonthRow } from "./coverage";

const YEAR_GAP = 5;
const HEIGHT = 18;
// What the wide page has room for; more years are scrolled.
const ROOM = 990;

/** Months across, series down; each row is a sentence for whoever does not see it. */
export function Months({ rows, years }: { rows: readonly MonthRow[]; years: readonly number[] }) {
  const step = Math.max(6, Math.min(14, Math.floor((ROOM - years.length * YEAR_GAP) / Math.max(1, years.length * 12))));
  const xOf = (i: number): number => i * step + Math.floor(i / 12) * YEAR_GAP;
  const width = xOf(years.length * 12);
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Coverage by month">
      <ul className="month-grid" style={{ minWidth: width + 190 }}>
        <li className="month-h" aria-hidden="true">
          <span />
          <svg width={width} height={16}>
            {years.map((y, i) => (
              <text key={y} x={xOf(i * 12)} y={12} className="month-y">
                {y}
              </text>
            ))}
          </svg>
        </li>
        {rows.map((row) => (
          <li key={`${row.series.symbol} ${row.series.interval}`}>
            <Link className="mono month-l" to={`/data/${encodeURIComponent(row.series.symbol)}/${row.series.interval}`}>
              {row.series.symbol} <span className="mut">{row.series.interval}</span>
            </Link>
            {row.series.problem !== null ? (
              <span className="t-bad sm">
                {row.series.problem.code}: {row.series.problem.message}
              </span>
            ) : (
              <svg width={width} height={HEIGHT} role="img" aria-label={`${row.series.symbol} ${row.series.interval}. ${monthsSentence(row)}`}>
                {row.squares.map((s, i) =>
                  s === null ? null : (
                    <rect key={s.key} x={xOf(i)} y={3} width={step - 1} height={12} rx={2} className={`sq h-${s.heat}`} style={s.heat === "part" ? { opacity: 0.45 + 0.55 * missingShare(s) } : undefined}>
                      <title>{squareText(s)}</title>
                    </rect>
                  ),
                )}
              </svg>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
