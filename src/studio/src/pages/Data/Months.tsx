import { Link } from "react-router";
import { missingShare, monthsSentence, squareText, type MonthRow } from "./coverage";

const YEAR_GAP = 5;
const HEIGHT = 18;
// What the wide page has room for; more years are scrolled.
const ROOM = 990;

/** The same on a phone: each series as a sentence. */
export function MonthsInWords({ rows }: { rows: readonly MonthRow[] }) {
  return (
    <ul className="op-lines" aria-label="Coverage by month">
      {rows.map((row) => (
        <li key={`${row.series.symbol} ${row.series.interval}`}>
          <span className="op-lines-m">
            <Link className="link mono" to={`/data/${encodeURIComponent(row.series.symbol)}/${row.series.interval}`}>
              {row.series.symbol} {row.series.interval}
            </Link>
            <span className="sm sub block">
              <i className={`sq h-${row.squares.some((s) => s !== null && (s.heat === "part" || s.heat === "none")) ? "part" : "full"}`} aria-hidden="true" /> {row.series.problem === null ? monthsSentence(row) : row.series.problem.message}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

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
                    <rect key={s.key} x={xOf(i)} y={3} width={step - 1} height={12} rx={2} className={`sq h-${s.heat}`} style={s.heat === "part" ? { opacity: 0.7 + 0.3 * missingShare(s) } : undefined}>
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
