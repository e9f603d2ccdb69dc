import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties } from "react";
import { Link } from "react-router";
import { bestOfSame, numberAt, wordAt } from "../../leaderboard/columns";
import { cellText, type Field } from "../../leaderboard/fields";
import { count, ratio, ratioInterval } from "../../text/format";
import { sweeps as words } from "../../text/sweeps";
import { Sparkline } from "../Sparkline";
import { StateBadge } from "../StateBadge";
import { EQUITY, type LeaderboardTableProps } from "./types";
import "./style.css";

const ROW = 31, CARD = 84, SPARE = 8;

const gateState: Record<string, string> = { PASS: "ok", MARGINAL: "caution", FAIL: "bad" };

const widths: Readonly<Record<string, number>> = { combo: 88, equity: 68, rank: 38, gate: 94, gate_reasons: 206 };

const leastOf: Partial<Record<Field["kind"], number>> = { words: 74, return: 62, percent: 42, drawdown: 56 };

const widthOf = (f: Field): number => widths[f.name] ?? widths[f.column] ?? Math.max(leastOf[f.kind] ?? 48, 10 + f.label.length * 6.2);

const isLeft = (f: Field): boolean => f.kind === "words" || f.name === "combo";

/** Combos by row: only those on screen are in the page, however many there are. */
export function LeaderboardTable(props: LeaderboardTableProps) {
  const { board, view, fields, sort, onSort, selected, onSelect, focus, onFocus, onOpen, cards, selectable, label, onShown } = props;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(620);
  const row = cards ? CARD : ROW;
  const total = view.order.length;

  useEffect(() => {
    const at = box.current!;
    const watch = new ResizeObserver(([entry]) => setHeight(entry!.contentRect.height));
    watch.observe(at);
    return () => watch.disconnect();
  }, []);

  const first = Math.max(0, Math.floor(top / row) - SPARE);
  const last = Math.min(total, Math.ceil((top + height) / row) + SPARE);
  const shown = Array.from({ length: Math.max(0, last - first) }, (_, i) => view.order[first + i]!);

  // What was asked for by another order is not where it was.
  useLayoutEffect(() => {
    if (box.current !== null && box.current.scrollTop > total * row) box.current.scrollTop = 0;
  }, [total, row]);

  const combos = shown.map((r) => numberAt(board, "combo_id", r) ?? 0).join(",");
  useEffect(() => {
    const timer = setTimeout(() => onShown(combos === "" ? [] : combos.split(",").map(Number)), 120);
    return () => clearTimeout(timer);
  }, [combos, onShown]);

  useEffect(() => {
    if (focus === null || box.current === null) return;
    const place = view.order.findIndex((r) => numberAt(board, "combo_id", r) === focus);
    if (place < 0) return;
    const head = cards ? 0 : ROW;
    const at = box.current;
    if (place * row < at.scrollTop) at.scrollTop = place * row;
    else if ((place + 1) * row + head > at.scrollTop + at.clientHeight) at.scrollTop = (place + 1) * row + head - at.clientHeight;
  }, [focus, view, board, row, cards]);

  const template = `${selectable ? "32px " : ""}${fields.map((f) => `minmax(${widthOf(f)}px, ${isLeft(f) ? "1.2fr" : "1fr"})`).join(" ")}`;
  const style: CSSProperties = cards ? {} : { gridTemplateColumns: template };
  const wide = fields.reduce((n, f) => n + widthOf(f), selectable ? 32 : 0);
  const sortOf = (f: Field) => sort.find((k) => k.column === f.column);

  return (
    <div ref={box} className={cards ? "lb lb-cards" : "lb"} role="grid" aria-label={label} aria-rowcount={total + 1} aria-colcount={fields.length + (selectable ? 1 : 0)} aria-multiselectable={selectable} tabIndex={0} style={cards ? undefined : { maxHeight: total * row + ROW + 18 }} onScroll={(e) => setTop(e.currentTarget.scrollTop)}>
      <div className="lb-in" role="presentation" style={cards ? undefined : { minWidth: wide }}>
        <div role="rowgroup" className={cards ? "sr" : "lb-h"}>
          <div role="row" aria-rowindex={1} style={style}>
            {selectable ? (
              <div role="columnheader" className="lb-c">
                <span className="sr">{words.selected}</span>
              </div>
            ) : null}
            {fields.map((f) => {
              const by = sortOf(f);
              return (
                <div key={f.name} role="columnheader" className={isLeft(f) ? "lb-c" : "lb-c r"} aria-sort={by === undefined ? undefined : by.descending ? "descending" : "ascending"} title={f.hint}>
                  {f === EQUITY ? (
                    f.label
                  ) : (
                    <button type="button" tabIndex={cards ? -1 : 0} onClick={(e) => onSort(f, e.shiftKey)}>
                      {f.label}
                      <span aria-hidden="true">{by === undefined ? "" : by.descending ? " ↓" : " ↑"}</span>
                    </button>
                  )}
                </div>
              );
            })}
          </div>
        </div>
        <div role="rowgroup" className="lb-b" style={{ height: total * row }}>
          {shown.map((r, i) => {
            const place = first + i;
            const combo = numberAt(board, "combo_id", r) ?? 0;
            const on = selected.has(combo);
            return (
              <div
                key={combo} role="row" aria-rowindex={place + 2} aria-selected={selectable ? on : undefined} className={`lb-r${on ? " on" : ""}${combo === focus ? " at" : ""}${view.below[place] === 1 ? " below" : ""}`}
                style={{ ...style, transform: `translateY(${place * row}px)`, height: row }}
                onClick={(e) => {
                  if (!(e.target instanceof HTMLElement && e.target.closest("a,button,input") !== null)) onFocus(combo);
                }}
                onDoubleClick={() => onOpen(combo)}
              >
                {selectable ? (
                  <div role="gridcell" className="lb-c lb-tick">
                    <input type="checkbox" checked={on} aria-label={`${words.select} ${combo}`} onChange={(e) => onSelect(combo, e.target.checked)} />
                  </div>
                ) : null}
                {cards ? <Card {...props} row={r} place={place} combo={combo} /> : fields.map((f) => <Cell key={f.name} {...props} field={f} row={r} place={place} combo={combo} />)}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface CellProps extends LeaderboardTableProps {
  row: number;
  place: number;
  combo: number;
}

function Cell({ field, row, place, combo, ...props }: CellProps & { field: Field }) {
  const { board } = props;
  if (field.name === "combo") {
    return (
      <div role="gridcell" className="lb-c lb-combo">
        <Named {...props} row={row} place={place} combo={combo} />
      </div>
    );
  }
  if (field === EQUITY) return <div role="gridcell" className="lb-c">{<Line {...props} combo={combo} row={row} />}</div>;
  if (field.column === "gate") return <div role="gridcell" className="lb-c">{<Gate board={board} row={row} />}</div>;
  const text = cellText(board, field, row);
  const title = field.column === "sharpe_ratio" ? `95% interval ${ratioInterval(numberAt(board, "sharpe_low", row), numberAt(board, "sharpe_high", row))}` : field.column === "gate_reasons" ? text : undefined;
  return (
    <div role="gridcell" className={`lb-c one${isLeft(field) ? "" : " r"}${field.column === "sharpe_ratio" ? " strong" : field.column === "rank" ? " mut" : ""}`} title={title}>
      {text === "" ? <span className="sr">n/a</span> : text}
    </div>
  );
}

function Named({ board, view, row, place, combo, onOpen, onToggle, opened }: CellProps) {
  const group = numberAt(board, "size_group", row);
  const near = numberAt(board, "near_duplicate_of", row);
  const same = bestOfSame(board)[row]!;
  const more = view.more[place]!;
  return (
    <>
      <Link className="lb-open" to={`combos/${combo}`} onClick={(e) => { if (e.metaKey || e.ctrlKey) return; e.preventDefault(); onOpen(combo); }}>
        {combo}
      </Link>
      {more > 0 && group !== null ? (
        <button type="button" className="chip" aria-expanded={opened.has(group)} title={words.sizesHint} onClick={() => onToggle(group)}>
          {count(more + 1)} sizes
        </button>
      ) : group !== null && group !== combo ? (
        <span className="chip" title={`The trades of combo ${group} in another size. ${words.sizeIsRisk}`}>≈ {group}</span>
      ) : near !== null ? (
        <span className="chip" title={`Nearly combo ${near}: one parameter differs, more than 90% of the trades are shared.`}>≈ {near}</span>
      ) : same !== combo ? (
        <span className="chip" title={`The same trades as combo ${same}.`}>= {same}</span>
      ) : null}
    </>
  );
}

function Line({ board, combo, row, sparklines }: Pick<CellProps, "board" | "combo" | "row" | "sparklines">) {
  const values = sparklines.get(combo);
  return values === undefined ? null : <Sparkline values={values} tone={wordAt(board, "gate", row) === "FAIL" ? "idle" : "ok"} />;
}

function Gate({ board, row }: Pick<CellProps, "board" | "row">) {
  const gate = wordAt(board, "gate", row) ?? "";
  return <StateBadge state={gateState[gate] ?? "idle"} />;
}

function Card({ row, place, combo, ...props }: CellProps) {
  const { board } = props;
  const swept = props.fields.filter((f) => f.parameter);
  const text = (column: string, field: string): string => {
    const found = props.fields.find((f) => f.column === column);
    return found === undefined ? "" : `${field} ${cellText(board, found, row)}`;
  };
  return (
    <div role="gridcell" className="lb-card">
      <div className="lb-card-h">
        <Named {...props} row={row} place={place} combo={combo} />
        <span className="sp" />
        <Gate board={board} row={row} />
      </div>
      <div className="lb-card-f">
        <b>{ratio(numberAt(board, "sharpe_ratio", row))}</b>
        <span className="mut">{ratioInterval(numberAt(board, "sharpe_low", row), numberAt(board, "sharpe_high", row))}</span>
        <span className="sp" />
        <span className="sub">{[text("total_trades", "trades"), text("total_return", "return")].filter((t) => t !== "").join(", ")}</span>
      </div>
      <div className="lb-card-p one mut">{swept.map((f) => `${f.label} ${cellText(board, f, row)}`).join(", ")}</div>
    </div>
  );
}
