import { Link } from "react-router";
import type { CalendarFire } from "../../api/client";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { TimeText } from "../../components/TimeText";
import { count } from "../../text/format";
import { fireHints, schedules as words } from "../../text/operate";
import { weekday } from "../../text/time";
import { daysOf, groupsOf, lookOfFire, wordOfFire, type Cell, type Row } from "./week";

const SHOWN = 3;

/** Seven days across, workflows down; many fires of a day stand together with how many there are of each kind. */
export function Week({ rows, monday, today, selected, onSelect }: { rows: readonly Row[]; monday: string; today: string; selected: string | null; onSelect(workflow: string): void }) {
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={words.week}>
      <table className="wk-grid">
        <thead>
          <tr>
            <th scope="col">{words.workflow}</th>
            {daysOf(monday).map((d) => (
              <th key={d} scope="col" className={d === today ? "today" : undefined} aria-current={d === today ? "date" : undefined}>
                {weekday(d)}
                {d === today ? <span className="sr">, {words.today}</span> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.schedule.workflow} className={row.schedule.workflow === selected ? "sel" : undefined}>
              <th scope="row">
                <button type="button" className="mono one" onClick={() => onSelect(row.schedule.workflow)} title={row.schedule.workflow}>
                  <OtherText most={60}>{row.schedule.workflow}</OtherText>
                </button>
                {row.schedule.problems.length > 0 ? <span className="sm t-bad">{words.noFire}</span> : null}
              </th>
              {row.cells.map((cell) => (
                <td key={cell.date} className={[cell.date === today ? "today" : "", cell.holiday === null ? "" : "wk-shut"].join(" ")}>
                  <Day cell={cell} zone={row.schedule.zone} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Day({ cell, zone }: { cell: Cell; zone: string | null }) {
  return (
    <>
      {cell.holiday === null ? null : <span className="wk-shut-n one" title={cell.holiday}>{cell.holiday}</span>}
      {cell.fires.length <= SHOWN ? cell.fires.map((f) => <Fire key={`${f.fire_utc} ${f.state}`} fire={f} zone={zone} />) : groupsOf(cell.fires).map((g) => <Group key={g.word} word={g.word} fires={g.fires} zone={zone} />)}
    </>
  );
}

function hintOf(fire: CalendarFire): string {
  return [wordOfFire(fire), fire.reason ?? fireHints[fire.state], fire.moved_from === null ? null : `moved from ${weekday(fire.moved_from)}`].filter((t) => t !== null && t !== undefined).join(": ");
}

function Fire({ fire, zone }: { fire: CalendarFire; zone: string | null }) {
  const look = lookOfFire(fire);
  const inside = (
    <>
      <Glyph name={look.glyph} size={11} />
      <TimeText at={fire.fire_utc} exchange={zone} form="time" />
      <span className="wk-fire-w">{wordOfFire(fire)}</span>
    </>
  );
  const name = `wk-fire t-${look.tone}${look.dashed === true ? " out" : ""} is-${fire.state}`;
  return fire.run === null ? (
    <span className={name} title={hintOf(fire)}>
      {inside}
    </span>
  ) : (
    <Link className={name} to={`/runs/${fire.run}`} title={hintOf(fire)}>
      {inside}
    </Link>
  );
}

function Group({ word, fires, zone }: { word: string; fires: readonly CalendarFire[]; zone: string | null }) {
  const first = fires[0]!;
  const look = lookOfFire(first);
  return (
    <span className={`wk-fire many t-${look.tone}${look.dashed === true ? " out" : ""}`} title={hintOf(first)}>
      <Glyph name={look.glyph} size={11} />
      <span>
        {count(fires.length)} {word.toLowerCase()}
        <span className="wk-fire-r mut">
          <TimeText at={first.fire_utc} exchange={zone} form="time" />
          {fires.length === 1 ? null : (
            <>
              {" to "}
              <TimeText at={fires.at(-1)!.fire_utc} exchange={zone} form="time" />
            </>
          )}
        </span>
      </span>
    </span>
  );
}

/** The same on a phone: day by day, what fires when. */
export function Agenda({ rows, today }: { rows: readonly Row[]; today: string }) {
  const dates = rows[0]?.cells.map((c) => c.date) ?? [];
  return (
    <ol className="wk-agenda">
      {dates.map((date, i) => {
        const cells = rows.map((r) => ({ row: r, cell: r.cells[i]! })).filter(({ cell }) => cell.fires.length > 0);
        const holidays = [...new Set(rows.flatMap((r) => r.cells[i]!.holiday ?? []))];
        return (
          <li key={date} className={date === today ? "today" : undefined}>
            <h3>
              {weekday(date)}
              {date === today ? <span className="b idle">{words.today}</span> : null}
              {holidays.map((h) => (
                <span key={h} className="sm mut">
                  {h}
                </span>
              ))}
            </h3>
            {cells.length === 0 ? <p className="sm mut">Nothing fires.</p> : null}
            {cells.map(({ row, cell }) => (
              <div key={row.schedule.workflow} className="wk-agenda-w">
                <OtherText className="mono one" most={40}>
                  {row.schedule.workflow}
                </OtherText>
                <span className="wk-agenda-f">
                  {cell.fires.length <= SHOWN ? cell.fires.map((f) => <Fire key={`${f.fire_utc} ${f.state}`} fire={f} zone={row.schedule.zone} />) : groupsOf(cell.fires).map((g) => <Group key={g.word} word={g.word} fires={g.fires} zone={row.schedule.zone} />)}
                </span>
              </div>
            ))}
          </li>
        );
      })}
    </ol>
  );
}
