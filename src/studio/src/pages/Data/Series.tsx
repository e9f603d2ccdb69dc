import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { useParams } from "react-router";
import { waiveRule, type SeriesDefects } from "../../api/client";
import { useBarrier } from "../../api/rights";
import { ColumnFiles } from "../../components/ColumnFiles";
import { CopyAsCli } from "../../components/CopyAsCli";
import { DigestChip } from "../../components/DigestChip";
import { ErrorPanel } from "../../components/ErrorPanel";
import { KpiStrip } from "../../components/KpiStrip";
import { OtherText } from "../../components/OtherText";
import { PreviewDialog } from "../../components/PreviewDialog";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { Skeleton, SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { usePage, useSynthetic } from "../../components/Shell/page";
import { count, many, price } from "../../text/format";
import { data as words, findingActions } from "../../text/operate";
import { nav } from "../../text/strings";
import { day as dayText, days as daysText } from "../../text/time";
import { useNarrow } from "../Review/narrow";
import { Days } from "./Days";
import { Legend } from "./Legend";
import { byRule, column, dayOf, daysOf, monthText, squareText, type Square } from "./coverage";
import { barsQuery, daysQuery, defectsQuery, seriesQuery, type Shown } from "./queries";
import "./style.css";

const CandleChart = lazy(() => import("../../components/CandleChart").then((m) => ({ default: m.CandleChart })));
const AROUND_DAYS = 45;
const noMarks: readonly never[] = [];

/** One series: its days, the bars of one of them, and what the rules find. */
export function SeriesPage() {
  const { symbol = "", interval = "" } = useParams();
  const [search, setSearch] = useAddress();
  const series = useQuery(seriesQuery);
  const listed = series.data?.find((s) => s.symbol === symbol && s.interval === interval);
  // A series that is not listed is asked for all the same: the server says why it is not there.
  const snapshot = listed?.id ?? (series.data === undefined ? undefined : "none");
  const shown = useMemo<Shown>(() => ({ symbol, interval, snapshot }), [symbol, interval, snapshot]);
  const table = useQuery(daysQuery(shown));
  const defects = useQuery(defectsQuery(shown));
  const narrow = useNarrow();
  const days = useMemo(() => (table.data === undefined ? [] : daysOf(table.data)), [table.data]);
  usePage(`${nav.data}, ${symbol} ${interval}`, useMemo(() => [{ label: nav.data, to: "/data" }, { label: `${symbol} ${interval}`, mono: true }], [symbol, interval]));
  useSynthetic(listed?.synthetic);

  const last = days.at(-1)?.key ?? null;
  const chosen = search.get("day") ?? last;
  const year = Number((search.get("year") ?? chosen ?? last ?? "0").slice(0, 4));
  const years = [...new Set(days.map((d) => d.key.slice(0, 4)))];
  const choose = (key: string): void =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      next.set("day", key);
      next.delete("year");
      return next;
    }, { replace: true });
  const missing = days.reduce((n, d) => n + d.missing, 0);
  const holes = days.filter((d) => d.missing > 0);

  return (
    <div className="pg data">
      <div className="hd">
        <h1>
          <bdi className="mono h1-id">{symbol}</bdi> {interval}
        </h1>
        <span className="sub">{listed === undefined ? "" : `${listed.source}${listed.synthetic ? ", synthetic" : ""}`}</span>
        <span className="sp" />
        {listed === undefined ? null : <ColumnFiles path={`/api/data/series/${encodeURIComponent(symbol)}/${encodeURIComponent(interval)}/bars`} name={`${symbol}-${interval}`} />}
        <CopyAsCli command={["./sigmatiq", "data", "check", symbol]} />
      </div>
      {table.error !== null && table.data === undefined ? (
        <section className="card">
          <ErrorPanel error={table.error} onRetry={() => void table.refetch()} what={words.unreadSeries} />
        </section>
      ) : (
        <>
          <KpiStrip
            label={words.state} count={4}
            items={table.data === undefined || defects.data === undefined || listed === undefined ? null : [
              { id: "state", label: words.state, state: defects.data.state === "ok" ? "ok" : defects.data.state === "flagged" ? "caution" : "bad", value: defects.data.state === "ok" ? words.ok : defects.data.state === "flagged" ? words.flagged : words.refused, detail: many(Object.values(defects.data.counts).reduce((a, b) => a + b, 0), "finding", "findings") },
              { id: "bars", label: "Bars", value: count(listed.bars), detail: `on ${many(days.length, "day", "days")}` },
              { id: "missing", label: "Missing", state: missing > 0 ? "caution" : "ok", value: count(missing), detail: defects.data.calendar === null ? "no calendar to hold them against" : missing === 0 ? `by the calendar ${defects.data.calendar}` : `on ${many(holes.length, "day", "days")}, calendar ${defects.data.calendar}` },
              { id: "range", label: words.range, value: "", detail: daysText(listed.first, listed.last) },
            ]}
          />
          <section className="card" aria-labelledby="days-h">
            <div className="ch">
              <h2 id="days-h">{words.days}</h2>
              <Legend />
              <span className="sp" />
              {years.length > 1 && years.length <= 10 && !narrow ? (
                <Segmented label={words.year} value={String(year)} options={years.map((y) => ({ value: y, label: y }))} onChange={(y) => choose(days.findLast((d) => d.key.startsWith(y))!.key)} />
              ) : null}
              <label className="sm sub op-pick">
                {words.day} <input className="input" type="date" value={chosen ?? ""} min={days[0]?.key} max={last ?? undefined} onChange={(e) => e.target.value !== "" && choose(e.target.value)} />
              </label>
            </div>
            {table.data === undefined ? <Skeleton height={140} /> : narrow ? <MonthList days={days} year={year} onChoose={choose} /> : <Days days={days} year={year} chosen={chosen} onChoose={choose} />}
          </section>
          {chosen === null ? null : <Bars shown={shown} day={chosen} square={days.find((d) => d.key === chosen)} />}
          <Findings shown={shown} onDay={choose} />
          {listed === undefined ? null : (
            <p className="sm sub">
              Snapshot <DigestChip digest={listed.id} algorithm="sha256" />, {listed.source} {listed.source_version}
            </p>
          )}
        </>
      )}
    </div>
  );
}

/** On a phone the year is a list of months. */
function MonthList({ days, year, onChoose }: { days: readonly Square[]; year: number; onChoose(day: string): void }) {
  const months = [...new Set(days.filter((d) => d.key.startsWith(`${year}-`)).map((d) => d.key.slice(0, 7)))];
  return (
    <ul className="op-lines">
      {months.map((m) => {
        const of = days.filter((d) => d.key.startsWith(m));
        const missing = of.reduce((n, d) => n + d.missing, 0);
        return (
          <li key={m}>
            <button type="button" className="op-lines-m" onClick={() => onChoose((of.find((d) => d.missing > 0) ?? of.at(-1)!).key)}>
              <i className={`sq ${missing > 0 ? "h-part" : "h-full"}`} aria-hidden="true" /> {monthText(m)}
            </button>
            <span className="sub">
              {count(of.reduce((n, d) => n + d.bars, 0))} bars{missing > 0 ? `, ${count(missing)} missing` : ""}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Bars({ shown, day, square }: { shown: Shown; day: string; square: Square | undefined }) {
  const { symbol, interval } = shown;
  const isDaily = interval === "1d";
  const at = Date.parse(`${day}T00:00:00Z`);
  const shift = (n: number): string => new Date(at + n * 86_400_000).toISOString().slice(0, 10);
  const [from, to] = isDaily ? [shift(-AROUND_DAYS), shift(AROUND_DAYS)] : [day, day];
  const { data, error, refetch } = useQuery(barsQuery(shown, from, to));
  const bars = useMemo(
    () => (data === undefined ? null : { start: column<string>(data, "start"), open: column<number>(data, "open"), high: column<number>(data, "high"), low: column<number>(data, "low"), close: column<number>(data, "close"), volume: column<number | null>(data, "volume") }),
    [data],
  );
  return (
    <section className="card" aria-labelledby="bars-h">
      <div className="ch">
        <h2 id="bars-h">{isDaily ? words.barsAround : words.bars}</h2>
        <span className="s" aria-live="polite">
          {square === undefined ? dayText(day) : squareText(square)}
        </span>
      </div>
      {error !== null && data === undefined ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} what={words.barsUnread} />
      ) : bars === null ? (
        <Skeleton height={260} />
      ) : bars.start.length === 0 ? (
        <p className="op-note sub">{words.noBars}</p>
      ) : (
        <>
          <Suspense fallback={<Skeleton height={260} />}>
            <CandleChart start={bars.start} open={bars.open} high={bars.high} low={bars.low} close={bars.close} marks={noMarks} focus={null} onFocus={() => undefined} height={240} label={`${many(bars.start.length, "bar", "bars")} of ${symbol}, ${dayText(day)}: from ${price(bars.open[0])} to ${price(bars.close.at(-1))}.`} />
          </Suspense>
          <details className="op-as-table">
            <summary>{words.table}</summary>
            <div className="scroll-x op-as-table-b" tabIndex={0} role="region" aria-label={words.bars}>
              <table className="table">
                <thead>
                  <tr>
                    {["Start", "Open", "High", "Low", "Close", "Volume"].map((h, i) => (
                      <th key={h} scope="col" className={i > 0 ? "r" : undefined}>
                        {h}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {bars.start.map((s, i) => (
                    <tr key={s}>
                      <td>{isDaily ? dayText(s) : <TimeText at={s} />}</td>
                      {[bars.open, bars.high, bars.low, bars.close].map((c, k) => (
                        <td key={k} className="r">
                          {price(c[i])}
                        </td>
                      ))}
                      <td className="r">{count(bars.volume[i])}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
    </section>
  );
}

const DAYS_SHOWN = 12;

function Findings({ shown, onDay }: { shown: Shown; onDay(day: string): void }) {
  const { symbol, interval } = shown;
  const { data, error, refetch } = useQuery(defectsQuery(shown));
  const barred = useBarrier("operate");
  const [waived, setWaived] = useState<{ rule: string; n: number } | null>(null);
  const queries = useQueryClient();
  const toast = useToast();
  const groups = data === undefined ? [] : byRule(data.findings);
  return (
    <section className="card" aria-labelledby="defects-h">
      <div className="ch">
        <h2 id="defects-h">{words.defects}</h2>
        <span className="s">{data === undefined ? "" : `of ${many(Object.keys(data.counts).length, "rule", "rules")}, as of now`}</span>
      </div>
      {error !== null && data === undefined ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} what={words.defectsUnread} />
      ) : data === undefined ? (
        <SkeletonRows rows={3} height={47} />
      ) : (
        <>
          {data.damaged.length === 0 ? null : <Damaged of={data} />}
          {groups.length === 0 && data.damaged.length === 0 ? <p className="op-note sub">No rule finds anything.</p> : null}
          <ul className="rule-list">
            {groups.map((g) => {
              const reason = data.waived[g.rule];
              return (
                <li key={g.rule}>
                  <StateBadge state={g.first.kind === "broken" ? (reason === undefined ? "bad" : "skipped") : g.first.kind === "flag" ? "caution" : "pending"} label={`${count(data.counts[g.rule] ?? g.findings.length)} × ${g.rule.replaceAll("_", " ")}`} />
                  <span className="rule-m">
                    <span>{g.first.meaning}</span>
                    <span className="sm sub">{findingActions[g.rule] ?? findingActions[g.first.kind] ?? ""}</span>
                    <span className="sm rule-d">
                      {g.days.slice(0, DAYS_SHOWN).map((d) => (
                        <button key={d} type="button" className="link day-link" onClick={() => onDay(d)} title={g.findings.find((f) => dayOf(f) === d)?.detail}>
                          {dayText(d)}
                        </button>
                      ))}
                      {g.days.length > DAYS_SHOWN ? <span className="mut">and {count(g.days.length - DAYS_SHOWN)} more days</span> : null}
                    </span>
                    {reason === undefined ? null : (
                      <span className="sm sub">
                        {words.waived}: <OtherText most={200}>{reason}</OtherText>
                      </span>
                    )}
                  </span>
                  {g.first.kind !== "broken" || reason !== undefined ? null : (
                    <button type="button" className="btn s" disabled={barred !== null} title={barred ?? undefined} onClick={() => setWaived({ rule: g.rule, n: data.counts[g.rule] ?? 0 })}>
                      {words.waive}
                    </button>
                  )}
                </li>
              );
            })}
          </ul>
        </>
      )}
      <PreviewDialog
        title={`Waive ${waived?.rule ?? ""} for ${symbol} ${interval}`} open={waived !== null} onClose={() => setWaived(null)} confirm="Waive" reason
        effects={[`${many(waived?.n ?? 0, "bar", "bars")} with it no longer count as broken.`, "Every later import and check of this series lets it pass."]} stays={["The bars stay as they are.", "The evidence before a vote says that there is a waiver."]}
        cli={(reason) => ["./sigmatiq", "data", "check", symbol, "--interval", interval, "--waive", waived?.rule ?? "", "--reason", reason]}
        onConfirm={async (reason) => {
          await waiveRule({ symbol, interval, body: { rule: waived!.rule, reason } });
          toast({ tone: "ok", text: `${waived!.rule} passes from now on.` });
          await queries.invalidateQueries({ queryKey: ["data"] });
        }}
      />
    </section>
  );
}

function Damaged({ of }: { of: SeriesDefects }) {
  return (
    <div className="op-note">
      <p className="t-bad">{words.damaged}.</p>
      <ul>
        {of.damaged.map((p) => (
          <li key={`${p.code} ${p.where ?? ""}`} className="sm">
            <code>{p.code}</code> <OtherText most={200}>{p.message}</OtherText> {p.remedy}
          </li>
        ))}
      </ul>
    </div>
  );
}
