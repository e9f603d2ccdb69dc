import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import type { ColumnTable, ComboShown } from "../../api/client";
import { useBarrier } from "../../api/rights";
import { candlesOf } from "../../components/CandleChart/candles";
import type { CandleMark } from "../../components/CandleChart/types";
import { CopyAsCli } from "../../components/CopyAsCli";
import { DigestChip } from "../../components/DigestChip";
import { EmptyState } from "../../components/EmptyState";
import { EquityChart } from "../../components/EquityChart";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Glyph } from "../../components/Icon";
import { useAddress } from "../../components/Shell/address";
import { Skeleton, SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TradeTable } from "../../components/TradeTable";
import { useKeys } from "../../components/Shell/keys";
import { usePage, useSynthetic } from "../../components/Shell/page";
import { exitSummary, exitTone, tradesOf, yearsOf, type TradeRow } from "../../evidence/facts";
import { boardOf } from "../../leaderboard/columns";
import { figureText, fieldsOf, parameterField } from "../../leaderboard/fields";
import { sweepQuery } from "../../leaderboard/useBoard";
import { count, cut, drawdown, given, ratio, ratioInterval, rate, returnPercent, shortId } from "../../text/format";
import { nav } from "../../text/strings";
import { sweeps as words } from "../../text/sweeps";
import { MonthsCard } from "../Review/MonthsCard";
import { useNarrow } from "../Review/narrow";
import "../Review/review.css";
import { monthsOf, returnsOf } from "./account";
import { TrainDialog } from "./Actions";
import { valueText } from "./New";
import { comboEquityQuery, comboQuery, comboTradesQuery, sweepBarsQuery } from "./queries";
import "./style.css";

const CandleChart = lazy(() => import("../../components/CandleChart").then((m) => ({ default: m.CandleChart })));

const gateState: Record<string, string> = { PASS: "ok", MARGINAL: "caution", FAIL: "bad" };

interface Check {
  required: number;
  actual: number | null;
  pass: boolean;
}

/** One combo of a sweep: settings, gates, figures, account, trades on their candles. All of it simulated on the selection window. */
export function ComboPage() {
  const { sweep = "", combo = "" } = useParams();
  return /^\d{1,9}$/.test(combo) ? <Combo id={sweep} text={combo} /> : <NoCombo id={sweep} text={combo} />;
}

function NoCombo({ id, text }: { id: string; text: string }) {
  usePage(`Combo, ${id}`, useMemo(() => [{ label: nav.sweeps, to: "/sweeps" }, { label: shortId(id), to: `/sweeps/${id}`, mono: true }, { label: "Combo" }], [id]));
  return (
    <div className="pg">
      <h1 className="sr">Combo</h1>
      <section className="card">
        <EmptyState
          what={`“${cut(text)}” is no number of a combo`} why="The leaderboard of the sweep names its combos by number."
          action={
            <Link className="btn p" to={`/sweeps/${encodeURIComponent(id)}`}>
              To the leaderboard
            </Link>
          }
        />
      </section>
    </div>
  );
}

function Combo({ id, text }: { id: string; text: string }) {
  const number = Number(text);
  const combo = useQuery(comboQuery(id, number));
  const sweep = useQuery(sweepQuery(id));
  const equity = useQuery(comboEquityQuery(id, number));
  const trades = useQuery(comboTradesQuery(id, number));
  const go = useNavigate();
  const crumbs = useMemo(() => [{ label: nav.sweeps, to: "/sweeps" }, { label: shortId(id), to: `/sweeps/${id}`, mono: true }, { label: `Combo ${text}` }], [id, text]);
  const gate = (combo.data?.gate_results as { status?: string } | null)?.status;
  const badge = useMemo(() => (gate === undefined ? null : <StateBadge state={gateState[gate] ?? "idle"} />), [gate]);
  usePage(`Combo ${text}, ${id}`, crumbs, badge);
  useSynthetic(sweep.data?.synthetic);
  const [open, setOpen] = useState(false);
  const barred = useBarrier("run");
  useKeys({ Escape: () => void go(`/sweeps/${id}?focus=combo:${text}`), t: () => { if (barred === null && combo.data !== undefined) setOpen(true); } });
  const rows = useMemo(() => (trades.data === undefined ? [] : tradesOf({ ...trades.data, columns: { ...trades.data.columns, trade_id: trades.data.columns["trade"] ?? [], decision_ts: trades.data.columns["entry_ts"] ?? [] } })), [trades.data]);
  const months = useMemo(() => (equity.data === undefined ? [] : monthsOf(equity.data, rows.flatMap((t) => t.exit ?? []))), [equity.data, rows]);

  if (combo.error !== null) {
    return (
      <div className="pg">
        <h1 className="sr">Combo {text}</h1>
        <ErrorPanel error={combo.error} what="The combo cannot be read." onRetry={() => void combo.refetch()} />
      </div>
    );
  }
  const shown = combo.data;
  const metric = (name: string): number | null => (typeof shown?.metrics[name] === "number" ? (shown.metrics[name] as number) : null);
  const interval = shown?.metrics["sharpe_interval"] as [number, number] | null | undefined;
  const account = equity.data;
  return (
    <div className="pg cbo">
      <div className="hd">
        <h1>Combo {text}</h1>
        <span className="sub">
          {shown === undefined ? "" : `${shown.model_id}, rank ${count(shown.rank)}${sweep.data === undefined ? "" : ` of ${count(sweep.data.evaluated)}`}. ${words.simulated}; the hold-out appears nowhere here.`}
        </span>
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "sweeps", "show", id, "--combo", text]} />
        <button type="button" className="btn p" disabled={barred !== null || shown === undefined} title={barred ?? undefined} onClick={() => setOpen(true)}>
          {words.train}
          {gate === "FAIL" ? `, ${words.evidenceOnly}` : ""}… <kbd>T</kbd>
        </button>
      </div>
      {gate === "FAIL" ? (
        <p className="failed-chip t-bad">
          <Glyph name="cross" size={12} /> gate failed
        </p>
      ) : null}
      {shown === undefined ? <Skeleton height={64} /> : (
        <dl className="sum" aria-label="Figures">
          <Sum label="Sharpe, 95% interval" value={ratio(metric("sharpe_ratio"))} more={interval ? ratioInterval(interval[0], interval[1]) : ""} />
          <Sum label="Return" value={returnPercent(metric("total_return"))} more={`${returnPercent(metric("annualized_return"))} a year`} />
          <Sum label="Max drawdown" value={drawdown(metric("max_drawdown"))} more={`${count(metric("max_drawdown_duration_days"))} days below a peak`} />
          <Sum label="Win rate" value={rate(metric("win_rate"))} more={`profit factor ${ratio(metric("profit_factor"))}`} />
          <Sum label="Trades" value={count(metric("total_trades"))} more={`${figureText("days", metric("avg_trade_duration_days"))} days each`} />
        </dl>
      )}
      <div className="cbo-two">
        <section className="card" aria-labelledby="set-h">
          <div className="ch">
            <h2 id="set-h">{words.settings}</h2>
          </div>
          {shown === undefined ? <SkeletonRows rows={6} height={26} /> : <Settings combo={shown} />}
        </section>
        <section className="card" aria-labelledby="gat-h">
          <div className="ch">
            <h2 id="gat-h">{words.gates}</h2>
            <span className="s">required and actual, on the selection window</span>
          </div>
          {shown === undefined ? <SkeletonRows rows={4} height={30} /> : <Gates combo={shown} />}
        </section>
      </div>
      <section className="card" aria-labelledby="eq-h">
        <div className="ch">
          <h2 id="eq-h">{words.equity}</h2>
        </div>
        {equity.error !== null ? <ErrorPanel error={equity.error} what="The account cannot be read." onRetry={() => void equity.refetch()} /> : account === undefined ? (
          <div style={{ padding: 12 }} aria-busy="true">
            <Skeleton height={300} />
          </div>
        ) : (
          <EquityChart
            windows={[{ label: "Selection", shaded: false, dates: (account.columns["date"] ?? []) as string[], strategy: returnsOf(account), benchmark: [], strategyDrawdown: (account.columns["drawdown"] ?? []) as number[], benchmarkDrawdown: [] }]}
            benchmark={null} note="The combo was chosen on these days, so its line is one of many and may be the best of them." summary={`On the selection window the combo came to ${returnPercent(returnsOf(account).at(-1))}.`}
          />
        )}
      </section>
      <Trades id={id} combo={shown} rows={rows} pending={trades.isPending} error={trades.error} retry={() => void trades.refetch()} />
      {yearsOf(months).length === 0 ? null : <MonthsCard months={months} window="selection" />}
      {shown === undefined ? null : (
        <section className="card" aria-labelledby="met-h">
          <div className="ch">
            <h2 id="met-h">{words.metrics}</h2>
          </div>
          <Metrics combo={shown} />
        </section>
      )}
      {sweep.data === undefined || shown === undefined ? null : <TrainDialog open={open} onClose={() => setOpen(false)} sweep={sweep.data} {...single(shown)} combos={[number]} />}
    </div>
  );
}

/** The combo as a leaderboard of its own, for what asks about rows. */
function single(combo: ComboShown) {
  const swept = Object.entries(combo.config).filter(([, v]) => typeof v === "number" || Array.isArray(v));
  const text = (v: unknown): unknown => (Array.isArray(v) ? JSON.stringify(v) : v);
  const board = boardOf({
    rows: 1, about: {}, types: { gate: "text", ...Object.fromEntries(swept.filter(([, v]) => Array.isArray(v)).map(([k]) => [k, "text"])) },
    columns: { rank: [combo.rank], combo_id: [combo.combo_id], sharpe_ratio: [combo.metrics["sharpe_ratio"]], gate: [(combo.gate_results as { status?: string } | null)?.status], ...Object.fromEntries(swept.map(([k, v]) => [k, [text(v)]])) },
  });
  return { board, fields: fieldsOf(board, swept.map(([k]) => k)) };
}

function Sum({ label, value, more }: { label: string; value: string; more: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <b>{value}</b> <span className="sub">{more}</span>
      </dd>
    </div>
  );
}

function Settings({ combo }: { combo: ComboShown }) {
  return (
    <dl className="kv">
      {Object.entries(combo.config).map(([key, value]) => (
        <div key={key}>
          <dt>{parameterField(key).label}</dt>
          <dd>{valueText(key, value)}</dd>
        </div>
      ))}
      <div>
        <dt>Config</dt>
        <dd>
          <DigestChip digest={combo.config_hash} />
        </dd>
      </div>
      <div>
        <dt>Bars</dt>
        <dd>
          <DigestChip digest={combo.data_snapshot_id} />
        </dd>
      </div>
      {combo.exceeds_model_cap ? <div><dt>Size</dt><dd className="t-warn">above the model's cap: cannot be published</dd></div> : null}
    </dl>
  );
}

const gateLabels: Record<string, { label: string; text(value: number | null): string; sign: string }> = {
  min_trades: { label: "Trades", text: count, sign: "at least" }, min_sharpe: { label: "Sharpe ratio", text: ratio, sign: "at least" }, max_drawdown: { label: "Max drawdown", text: drawdown, sign: "at most" }, min_win_rate: { label: "Win rate", text: rate, sign: "at least" },
};

function Gates({ combo }: { combo: ComboShown }) {
  const checks = Object.entries(((combo.gate_results as { checks?: Record<string, Check> } | null)?.checks ?? {})).sort((a, b) => Number(a[1].pass) - Number(b[1].pass));
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Gate</th>
          <th scope="col" className="r">Required</th>
          <th scope="col" className="r">Actual</th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        {checks.map(([name, check]) => {
          const known = gateLabels[name];
          const show = known?.text ?? given;
          return (
            <tr key={name}>
              <th scope="row" className="plain">{known?.label ?? name}</th>
              <td className="r sub">{known?.sign} {show(check.required)}</td>
              <td className="r"><b>{show(check.actual)}</b></td>
              <td><StateBadge state={check.pass ? "ok" : "bad"} plain /></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Metrics({ combo }: { combo: ComboShown }) {
  const table: ColumnTable = { rows: 1, about: {}, types: {}, columns: Object.fromEntries(Object.entries(combo.metrics).filter(([, v]) => typeof v === "number" || v === null).map(([k, v]) => [k, [v]])) };
  const board = boardOf(table);
  const fields = fieldsOf({ ...board, columns: { rank: board.columns["periods"]!, combo_id: board.columns["periods"]!, ...board.columns } }, []).filter((f) => combo.metrics[f.column] !== undefined);
  return (
    <dl className="kv kv-many">
      {fields.map((f) => (
        <div key={f.name} title={f.hint}>
          <dt>{f.label}</dt>
          <dd>{figureText(f.kind, (combo.metrics[f.column] as number | null) ?? null) || "n/a"}</dd>
        </div>
      ))}
    </dl>
  );
}

function Trades({ id, combo, rows, pending, error, retry }: { id: string; combo: ComboShown | undefined; rows: readonly TradeRow[]; pending: boolean; error: unknown; retry(): void }) {
  const [search, setSearch] = useAddress();
  const narrow = useNarrow();
  const bars = useQuery({ ...sweepBarsQuery(id), enabled: combo !== undefined && !combo.pruned });
  const marks = useMemo<CandleMark[]>(() => rows.map((t) => ({ trade: t.id, entryUtc: t.entry, exitUtc: t.exit, entryPrice: t.entryPrice, exitPrice: t.exitPrice, exitTone: exitTone(t.reason) })), [rows]);
  const candles = useMemo(() => (bars.data === undefined ? null : candlesOf(bars.data)), [bars.data]);
  const asked = /^trade:(\d+)$/.exec(search.get("focus") ?? "")?.[1];
  const focus = asked === undefined ? null : Number(asked);
  const choose = useCallback((trade: number) => setSearch((was) => { const next = new URLSearchParams(was); next.set("focus", `trade:${trade}`); return next; }, { replace: true }), [setSearch]);
  const reasons = useMemo(() => rows.reduce<Record<string, number>>((n, t) => ({ ...n, [t.reason]: (n[t.reason] ?? 0) + 1 }), {}), [rows]);
  const symbol = typeof bars.data?.about["symbol"] === "string" ? bars.data.about["symbol"] : "";
  return (
    <section className="card" aria-labelledby="trd-h">
      <div className="ch">
        <h2 id="trd-h">{words.trades}</h2>
        <span className="s">{rows.length === 0 ? "" : exitSummary(rows.length, reasons)}</span>
      </div>
      {error !== null ? (
        <ErrorPanel error={error} what="The trades cannot be read." onRetry={retry} />
      ) : combo?.pruned === true ? (
        <EmptyState what={words.pruned} why={words.prunedWhy} level={3} />
      ) : pending || combo === undefined ? (
        <SkeletonRows rows={5} height={32} />
      ) : rows.length === 0 ? (
        <EmptyState what="No trade" why="The rules, the threshold and the hours let no entry through on these days." level={3} />
      ) : (
        <>
          {bars.error !== null ? (
            <ErrorPanel error={bars.error} what="The bars cannot be read." onRetry={() => void bars.refetch()} />
          ) : candles === null ? (
            <div style={{ padding: 12 }} aria-busy="true">
              <Skeleton height={380} />
            </div>
          ) : (
            <Suspense fallback={<div style={{ height: 400 }} aria-busy="true" />}>
              <CandleChart {...candles} marks={marks} focus={focus} onFocus={choose} height={narrow ? 240 : 360} label={`${symbol} ${words.candles.toLowerCase()} with ${count(rows.length)} trades; the table below holds the same.`} />
            </Suspense>
          )}
          <TradeTable rows={rows} focus={focus} onFocus={choose} />
        </>
      )}
    </section>
  );
}
