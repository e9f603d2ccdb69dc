import { useQueries } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Link } from "react-router";
import type { ColumnTable } from "../../api/client";
import { ErrorPanel } from "../../components/ErrorPanel";
import { digitsOf, marksOf, path, scaleOf } from "../../components/EquityChart/scale";
import "../../components/EquityChart/style.css";
import { Skeleton } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { numberAt, rowOf, wordAt, type Board } from "../../leaderboard/columns";
import { cellText, type Field } from "../../leaderboard/fields";
import { count, rate, ratioInterval, returnPercent } from "../../text/format";
import { sweeps as words } from "../../text/sweeps";
import { monthsOf, returnsOf } from "./account";
import { likenessOf } from "./likeness";
import { comboEquityQuery } from "./queries";

const gateState: Record<string, string> = { PASS: "ok", MARGINAL: "caution", FAIL: "bad" };

/** Up to four combos side by side: what they differ in first, then their accounts, figures and months. */
export function Compare({ id, board, fields, parameters, combos, onClose, onRemove }: { id: string; board: Board; fields: readonly Field[]; parameters: readonly string[]; combos: readonly number[]; onClose(): void; onRemove(combo: number): void }) {
  const accounts = useQueries({ queries: combos.map((c) => comboEquityQuery(id, c)) });
  const rows = combos.map((c) => rowOf(board, c));
  const swept = fields.filter((f) => parameters.includes(f.column));
  const differ = swept.filter((f) => new Set(rows.map((r) => cellText(board, f, r))).size > 1);
  const alike = swept.filter((f) => !differ.includes(f));
  const figures = fields.filter((f) => !f.parameter && f.kind !== "words" && f.kind !== "flag" && f.name !== "combo");
  const likeness = likenessOf(board, combos);
  const failed = accounts.find((a) => a.error !== null);
  const tables = accounts.map((a) => a.data);
  const ready = tables.every((t) => t !== undefined);
  return (
    <div className="cmp">
      <section className="card" aria-labelledby="cmp-h">
        <div className="ch">
          <h2 id="cmp-h">{words.compare}</h2>
          <span className="s">{differ.length === 0 ? words.same : `${differ.map((f) => f.label.toLowerCase()).join(", ")} differ${differ.length === 1 ? "s" : ""}`}</span>
          {likeness === null ? null : <span className="t-warn sm">{likeness}</span>}
          <span className="sp" />
          <button type="button" className="btn s" onClick={onClose}>
            To the leaderboard <kbd>C</kbd>
          </button>
        </div>
        {failed !== undefined ? (
          <ErrorPanel error={failed.error} what="An account cannot be read." onRetry={() => void failed.refetch()} />
        ) : !ready ? (
          <div style={{ padding: 12 }} aria-busy="true">
            <Skeleton height={240} />
          </div>
        ) : (
          <Accounts combos={combos} tables={tables as ColumnTable[]} />
        )}
      </section>
      <section className="card" aria-label="Figures">
        <div className="scroll-x" tabIndex={0} role="region" aria-label="Figures of the combos">
          <table className="table cmp-t">
            <thead>
              <tr>
                <th scope="col">Figure</th>
                {combos.map((c, i) => (
                  <th key={c} scope="col" className="r">
                    <Key i={i} /> <Link className="link" to={`/sweeps/${id}/combos/${c}`}>Combo {c}</Link>{" "}
                    <button type="button" className="nsw-x cmp-x" aria-label={`${words.remove} combo ${c}`} onClick={() => onRemove(c)}>
                      ×
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <Group label={words.differ} span={combos.length + 1} />
              {differ.length === 0 ? <tr><td colSpan={combos.length + 1} className="mut">{words.same}</td></tr> : differ.map((f) => <Line key={f.name} label={f.label} cells={rows.map((r) => <b>{cellText(board, f, r)}</b>)} />)}
              <Group label={words.gates} span={combos.length + 1} />
              <Line label={words.gates} cells={rows.map((r) => <StateBadge state={gateState[wordAt(board, "gate", r) ?? ""] ?? "idle"} />)} />
              <Line label="Sharpe, 95% interval" cells={rows.map((r) => ratioInterval(numberAt(board, "sharpe_low", r), numberAt(board, "sharpe_high", r)))} />
              <Group label={words.metrics} span={combos.length + 1} />
              {figures.map((f) => (
                <Line key={f.name} label={f.label} hint={f.hint} cells={rows.map((r) => cellText(board, f, r) || <span className="mut">n/a</span>)} />
              ))}
              {alike.length === 0 ? null : <Group label="Settings that agree" span={combos.length + 1} />}
              {alike.map((f) => (
                <Line key={f.name} label={f.label} cells={rows.map((r) => cellText(board, f, r))} />
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {ready ? <Months combos={combos} tables={tables as ColumnTable[]} /> : null}
    </div>
  );
}

function Group({ label, span }: { label: string; span: number }) {
  return (
    <tr className="cmp-g">
      <th scope="colgroup" colSpan={span}>
        {label}
      </th>
    </tr>
  );
}

function Line({ label, hint, cells }: { label: string; hint?: string | undefined; cells: readonly ReactNode[] }) {
  return (
    <tr>
      <th scope="row" title={hint}>
        {label}
      </th>
      {cells.map((cell, i) => (
        <td key={i} className="r">
          {cell}
        </td>
      ))}
    </tr>
  );
}

/** Line of a combo: told apart by its dashes, not by its colour alone. */
function Key({ i }: { i: number }) {
  return (
    <svg width="18" height="8" className={`cmp-k k${i}`} aria-hidden="true" focusable="false">
      <path d="M0 4H18" />
    </svg>
  );
}

const HEIGHT = 240, TOP = 12, BOTTOM = 26, RIGHT = 56;

function Accounts({ combos, tables }: { combos: readonly number[]; tables: readonly ColumnTable[] }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);
  const dates = (tables[0]!.columns["date"] ?? []) as string[];
  const lines = useMemo(() => tables.map(returnsOf), [tables]);
  const scale = scaleOf(lines.flat());
  const digits = digitsOf(scale.ticks);
  const x = (i: number): number => 4 + (i * (width - RIGHT - 4)) / Math.max(1, dates.length - 1);
  const y = (v: number): number => HEIGHT - BOTTOM - ((v - scale.low) * (HEIGHT - BOTTOM - TOP)) / (scale.high - scale.low);
  const ends = combos.map((c, i) => `combo ${c} ${returnPercent(lines[i]!.at(-1))}`).join(", ");
  return (
    <div className="cmp-a" ref={box}>
      <svg width={Math.max(1, width)} height={HEIGHT} role="img" aria-label={`Accounts on the selection window: ${ends}.`}>
        {scale.ticks.map((tick) => (
          <g key={tick}>
            <path className={tick === 0 ? "eq-zero" : "eq-grid"} d={`M4 ${y(tick)}H${width - RIGHT}`} />
            <text className="eq-t" x={width - RIGHT + 6} y={y(tick) + 4}>
              {rate(tick, digits)}
            </text>
          </g>
        ))}
        {marksOf(dates).filter((_, i, all) => all.length < 12 || i % Math.ceil(all.length / 10) === 0).map((m) => (
          <text key={m.at} className="eq-t" x={x(m.at)} y={HEIGHT - 8} textAnchor="middle">
            {m.label}
          </text>
        ))}
        {lines.map((line, i) => (
          <path key={combos[i]} className={`cmp-l k${i}`} d={path(line, x, y)} />
        ))}
      </svg>
      <p className="sm sub cmp-e">
        {combos.map((c, i) => (
          <span key={c}>
            <Key i={i} /> Combo {c} {returnPercent(lines[i]!.at(-1))}
          </span>
        ))}
        <span className="mut">{words.simulated}</span>
      </p>
    </div>
  );
}

function Months({ combos, tables }: { combos: readonly number[]; tables: readonly ColumnTable[] }) {
  const months = tables.map((t) => monthsOf(t));
  const names = months[0]!.map((m) => m.month);
  return (
    <section className="card" aria-labelledby="cmp-m">
      <div className="ch">
        <h2 id="cmp-m">{words.months}</h2>
        <span className="s">{count(names.length)} months</span>
      </div>
      <div className="scroll-x cmp-m" tabIndex={0} role="region" aria-labelledby="cmp-m">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Month</th>
              {combos.map((c) => (
                <th key={c} scope="col" className="r">
                  {c}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((month, i) => (
              <tr key={month}>
                <th scope="row">{month}</th>
                {months.map((m, k) => (
                  <td key={k} className={`r ${(m[i]!.return ?? 0) > 0 ? "t-run" : (m[i]!.return ?? 0) < 0 ? "t-retry" : "mut"}`}>
                    {returnPercent(m[i]!.return)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
