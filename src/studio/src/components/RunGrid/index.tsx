import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Link, useNavigate } from "react-router";
import type { RunGridColumn } from "../../api/client";
import { lookOf, wordOf } from "../../flow/states";
import { duration, many, shortId } from "../../text/format";
import { grid as words } from "../../text/strings";
import { day, dayIn } from "../../text/time";
import { useNow, useView } from "../../theme/View";
import { Glyph, Icon } from "../Icon";
import { useKeys } from "../Shell/keys";
import { Facts } from "./Facts";
import { barsOf, dayMarks, linesOf, moved, placeOf, stagesOf, stepOf, usualMs, workedMs, type Chosen, type Grid, type Line } from "./model";
import type { RunGridProps } from "./types";
import "./style.css";

const legend = ["succeeded", "failed", "running", "waiting", "skipped", "pending"] as const;

/** Columns that a day's text takes. */
const DAY_APART = 3;

/** Where a cell leads: to its run, with its step chosen there. */
function addressOf(run: RunGridColumn, step: string | null): string {
  return `/runs/${run.id}${step === null ? "" : `?sel=${encodeURIComponent(step)}`}`;
}

/** Steps down, runs across, the newest at the right, with how long each run worked on top. */
export function RunGrid({ grid, hasOlder, isOlderRead, onOlder, chosen, onChoose, folded, onFold, keys = true }: RunGridProps) {
  const moves = grid.runs.some((r) => r.status === "running");
  const now = useNow(moves ? 1000 : 60_000).getTime();
  const view = useView();
  const clock = view.clock();
  const go = useNavigate();
  const lines = useMemo(() => linesOf(grid, new Set(folded)), [grid, folded]);
  const stages = useMemo(() => stagesOf(grid), [grid]);
  const place = placeOf(grid, lines, chosen);
  const [over, setOver] = useState<Chosen | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  useNewestInView(scroller, grid.runs.length, chosen !== null && grid.runs.some((r) => r.id === chosen.run));

  const usual = useMemo(() => usualMs(grid), [grid]);
  const bars = useMemo(() => barsOf(grid.runs.map((r) => workedMs(r, grid.atMs, now)), usual), [grid, usual, now]);
  const days = useMemo(() => grid.runs.map((r) => dayIn(r.requested_at_utc, clock.zone)), [grid.runs, clock.zone]);
  const marks = useMemo(() => dayMarks(days, DAY_APART), [days]);

  const choose = useCallback(
    (row: number, column: number) => {
      const run = grid.runs[column];
      if (run !== undefined) onChoose({ run: run.id, row: row < 0 ? null : lines[row]!.id });
    },
    [grid.runs, lines, onChoose],
  );

  function focus(row: number, column: number) {
    scroller.current?.querySelector<HTMLElement>(`[data-place="${row},${column}"]`)?.focus();
  }

  function walk(event: KeyboardEvent) {
    const from = event.target instanceof HTMLElement ? event.target.dataset["place"]?.split(",").map(Number) : undefined;
    if (from === undefined || event.altKey || event.metaKey) return;
    if (event.key === " ") {
      event.preventDefault();
      choose(from[0]!, from[1]!);
      return;
    }
    const to = moved({ row: from[0]!, column: from[1]! }, event.key, event.ctrlKey, lines.length, grid.runs.length);
    if (to === null) return;
    event.preventDefault();
    focus(to.row, to.column);
  }

  useKeys(
    {
      j: () => focus(place.row, Math.max(0, place.column - 1)),
      k: () => focus(place.row, Math.min(grid.runs.length - 1, place.column + 1)),
      Enter: (e) => {
        const run = grid.runs[place.column];
        if (e.target instanceof HTMLElement && /^(A|BUTTON|SUMMARY)$/.test(e.target.tagName)) e.target.click();
        else if (chosen !== null && run !== undefined) void go(addressOf(run, place.row < 0 ? null : stepOf(lines[place.row]!, place.column).name));
      },
      x: () => onChoose(null),
    },
    keys,
  );

  function pointed(target: EventTarget) {
    const at = target instanceof Element ? target.closest<HTMLElement>("[data-place]")?.dataset["place"]?.split(",").map(Number) : undefined;
    const run = at === undefined ? undefined : grid.runs[at[1]!];
    setOver(at === undefined || run === undefined ? null : { run: run.id, row: at[0]! < 0 ? null : (lines[at[0]!]?.id ?? null) });
  }

  return (
    <div className="rg">
      <div className="rg-scroll" ref={scroller} onKeyDown={walk} onMouseOver={(e) => pointed(e.target)} onMouseLeave={() => setOver(null)} onFocus={(e) => pointed(e.target)} onBlur={() => setOver(null)}>
        <div className="rg-days">
          <div className="rg-n">
            {hasOlder ? (
              <button type="button" className="btn s" onClick={onOlder} disabled={isOlderRead}>
                <Icon name="back" size={12} />
                {words.older}
              </button>
            ) : (
              <span className="mut sm">{words.first}</span>
            )}
          </div>
          {days.map((d, i) => (
            <div key={grid.runs[i]!.id} className="rg-c" aria-hidden="true">
              {marks[i] ? <span className="rg-day">{day(d, false)}</span> : null}
            </div>
          ))}
        </div>
        <div role="grid" aria-label={`${words.label}: ${many(grid.steps.length, "step", "steps")}, ${many(grid.runs.length, "run", "runs")}`} aria-rowcount={lines.length + 1} aria-colcount={grid.runs.length + 1} aria-readonly="true">
          <div role="row" aria-rowindex={1} className="rg-r rg-head">
            <div role="columnheader" aria-colindex={1} className="rg-n">
              <span className="sr">Step</span>
              <span aria-hidden="true" className="rg-top mut">{duration(bars.topMs)}</span>
              {bars.median === null ? null : <span aria-hidden="true" className="rg-med-n" data-low={bars.median < 0.3 ? "" : undefined} style={{ bottom: `${(24 + 56 * bars.median).toFixed(1)}px` }}>median {duration(usual)}</span>}
            </div>
            {grid.runs.map((run, i) => (
              <Head key={run.id} run={run} column={i} isOn={place.column === i} isTab={place.row === -1 && place.column === i} height={bars.heights[i]!} isCut={bars.cut[i]!} workedMs={workedMs(run, grid.atMs, now)} onFocus={choose} />
            ))}
            {bars.median === null ? null : <i aria-hidden="true" className="rg-med" style={{ bottom: `${(24 + 56 * bars.median).toFixed(1)}px` }} />}
          </div>
          {lines.map((line, row) => (
            <Row key={line.kind + line.id} line={line} row={row} runs={grid.runs} column={place.column} isRow={place.row === row} onFocus={choose} onFold={line.kind === "stage" ? () => onFold(line.isOpen ? [...folded, line.id] : folded.filter((f) => f !== line.id)) : undefined} />
          ))}
        </div>
      </div>
      <Facts grid={grid} chosen={over ?? chosen} now={now} />
      <div className="rg-foot sm sub">
        <ul className="rg-legend">
          {legend.map((s) => (
            <li key={s}>
              <span className={`t-${lookOf(s).tone}`}>
                <Glyph name={lookOf(s).glyph} size={11} />
              </span>
              {wordOf(s)}
            </li>
          ))}
          <li>
            <b className="rg-two">2</b>
            {words.attempts}
          </li>
          <li>{words.bars}</li>
        </ul>
        <span className="sp" />
        {stages.length > 1 ? (
          <button type="button" className="link" onClick={() => onFold(folded.length === 0 ? stages : [])}>
            {folded.length === 0 ? words.foldAll : words.unfoldAll}
          </button>
        ) : null}
      </div>
    </div>
  );
}

/** The newest runs are seen first, unless an older one is chosen; what is read before them moves nothing that is looked at. */
function useNewestInView(scroller: React.RefObject<HTMLDivElement | null>, columns: number, isFound: boolean) {
  const width = useRef(0);
  useLayoutEffect(() => {
    const at = scroller.current;
    if (at === null) return;
    at.scrollLeft = width.current === 0 ? at.scrollWidth : at.scrollLeft + Math.max(0, at.scrollWidth - width.current);
    width.current = at.scrollWidth;
  }, [scroller, columns]);
  useLayoutEffect(() => {
    const at = scroller.current;
    if (isFound && at !== null && !at.contains(document.activeElement)) at.querySelector("a[tabindex='0']")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [scroller, isFound]);
}

interface HeadProps {
  run: RunGridColumn;
  column: number;
  isOn: boolean;
  isTab: boolean;
  height: number;
  isCut: boolean;
  workedMs: number;
  onFocus(row: number, column: number): void;
}

const Head = memo(function Head({ run, column, isOn, isTab, height, isCut, workedMs: worked, onFocus }: HeadProps) {
  const look = lookOf(run.status);
  return (
    <div role="columnheader" aria-colindex={column + 2} className={isOn ? "rg-c on" : "rg-c"}>
      <Link
        to={addressOf(run, null)} className={`rg-bar ${look.tone}`} data-place={`-1,${column}`} data-state={run.status} tabIndex={isTab ? 0 : -1} onFocus={() => onFocus(-1, column)}
        aria-label={`${shortId(run.id)}, ${wordOf(run.status)}, worked ${duration(worked)}`}
      >
        <span className="rg-b" aria-hidden="true">
          <i className={isCut ? "cut" : undefined} style={{ height: `${(100 * height).toFixed(1)}%` }} />
        </span>
        <span className={`rg-g ${look.tone}${look.dashed === true ? " dashed" : ""}`} aria-hidden="true">
          <Glyph name={look.glyph} />
        </span>
      </Link>
    </div>
  );
});

interface RowProps {
  line: Line;
  row: number;
  runs: readonly RunGridColumn[];
  /** The chosen column. */
  column: number;
  /** Whether the chosen cell lies in this row. */
  isRow: boolean;
  onFocus(row: number, column: number): void;
  onFold: (() => void) | undefined;
}

function Row({ line, row, runs, column, isRow, onFocus, onFold }: RowProps) {
  const name = line.kind === "stage" ? line.label : line.step.name;
  return (
    <div role="row" aria-rowindex={row + 2} className={`rg-r ${line.kind}${isRow ? " on" : ""}`}>
      <div role="rowheader" aria-colindex={1} className={line.kind === "step" && line.isInside ? "rg-n in" : "rg-n"} title={line.kind === "step" ? `${line.step.name}, ${line.step.uses}` : undefined}>
        {line.kind === "stage" ? (
          <button type="button" aria-expanded={line.isOpen} onClick={onFold}>
            <i className="rg-fold" aria-hidden="true" data-open={line.isOpen ? "" : undefined}>
              <Icon name="next" size={12} />
            </i>
            <span className="one">{name}</span>
            <span className="mut sm">{line.steps.length}</span>
          </button>
        ) : (
          <span className="one">{name}</span>
        )}
      </div>
      {runs.map((run, i) => {
        const cell = line.kind === "step" ? line.step.cells[i]! : null;
        return (
          <Cell
            key={run.id} run={run} name={name} step={stepOf(line, i).name} state={cell?.state ?? (line.kind === "stage" ? line.states[i]! : "absent")} attempts={cell?.attempts ?? 1} row={row} column={i}
            isOn={column === i} isTab={isRow && column === i} onFocus={onFocus}
          />
        );
      })}
    </div>
  );
}

interface CellProps {
  run: RunGridColumn;
  name: string;
  step: string;
  state: string;
  attempts: number;
  row: number;
  column: number;
  isOn: boolean;
  isTab: boolean;
  onFocus(row: number, column: number): void;
}

const Cell = memo(function Cell({ run, name, step, state, attempts, row, column, isOn, isTab, onFocus }: CellProps) {
  const [first] = useState(state);
  const [changes, setChanges] = useState(0);
  const was = useRef(state);
  useEffect(() => {
    if (was.current !== state) setChanges((n) => n + 1);
    was.current = state;
  }, [state]);
  const isAbsent = state === "absent";
  const look = lookOf(state);
  return (
    <div role="gridcell" aria-colindex={column + 2} className={isOn ? "rg-c on" : "rg-c"}>
      <Link
        to={addressOf(run, isAbsent ? null : step)} className="rg-cell" data-place={`${row},${column}`} data-state={state} tabIndex={isTab ? 0 : -1} onFocus={() => onFocus(row, column)}
        aria-label={`${name}, ${isAbsent ? `not in version ${run.version}` : wordOf(state)}${attempts > 1 ? `, ${attempts} attempts` : ""}, ${shortId(run.id)}`}
      >
        <span key={changes} className={isAbsent ? "rg-g absent" : `rg-g ${look.tone}${look.dashed === true ? " dashed" : ""}${changes > 0 && first !== state ? " changed" : ""}`} aria-hidden="true">
          {isAbsent ? null : <Glyph name={look.glyph} />}
          {attempts > 1 ? <b>{attempts > 9 ? "9+" : attempts}</b> : null}
        </span>
      </Link>
    </div>
  );
});

export type { Chosen, Grid };
