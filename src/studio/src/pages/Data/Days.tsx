import { months as monthNames } from "../../text/time";
import { missingShare, squareText, stepped, yearGrid, type Square } from "./coverage";

const CELL = 13;
const STEP = 16;
const TOP = 18;
const LEFT = 30;
const WEEKDAYS = ["Mon", "", "Wed", "", "Fri", "", ""];

/** A year of days, one of them chosen: by mouse, or by the arrows, a day up and down, a week left and right. */
export function Days({ days, year, chosen, onChoose }: { days: readonly Square[]; year: number; chosen: string | null; onChoose(day: string): void }) {
  const placed = yearGrid(days, year);
  const inYear = placed.map((p) => p.square);
  const index = inYear.findIndex((s) => s.key === chosen);
  const at = inYear[index];
  const width = LEFT + 54 * STEP;
  const height = TOP + 7 * STEP;
  const step = (by: number): void => {
    const next = stepped(days, chosen ?? inYear[0]?.key ?? "", by);
    if (next !== "") onChoose(next);
  };
  return (
    <div className="scroll-x">
      <div
        className="day-grid" role="slider" tabIndex={0} aria-label="Day" aria-valuemin={1} aria-valuemax={Math.max(1, inYear.length)} aria-valuenow={index + 1} aria-valuetext={at === undefined ? "none" : squareText(at)}
        onKeyDown={(e) => {
          const by = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7 }[e.key];
          if (by === undefined) return;
          e.preventDefault();
          e.stopPropagation();
          step(by);
        }}
      >
        <svg width={width} height={height} aria-hidden="true" onClick={(e) => { const key = (e.target as Element).getAttribute("data-day"); if (key !== null) onChoose(key); }}>
          {Array.from({ length: 12 }, (_, m) => {
            const first = new Date(Date.UTC(year, m, 1));
            const n = Math.floor((first.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + ((new Date(Date.UTC(year, 0, 1)).getUTCDay() + 6) % 7);
            return (
              <text key={m} x={LEFT + Math.ceil(n / 7) * STEP} y={11} className="month-y">
                {monthNames[m]}
              </text>
            );
          })}
          {WEEKDAYS.map((d, i) => (d === "" ? null : <text key={d} x={0} y={TOP + i * STEP + 11} className="month-y">{d}</text>))}
          {placed.map(({ square, week, weekday }) => (
            <rect
              key={square.key} data-day={square.key} x={LEFT + week * STEP} y={TOP + weekday * STEP} width={CELL} height={CELL} rx={2.5}
              className={`sq h-${square.heat}${square.key === chosen ? " on" : ""}`} style={square.heat === "part" ? { opacity: 0.7 + 0.3 * missingShare(square) } : undefined}
            >
              <title>{squareText(square)}</title>
            </rect>
          ))}
        </svg>
      </div>
    </div>
  );
}
