import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useMemo } from "react";
import type { ReviewRules, ReviewShown, TradeKnown } from "../../api/client";
import { candlesOf } from "../../components/CandleChart/candles";
import type { CandleMark } from "../../components/CandleChart/types";
import { ErrorPanel } from "../../components/ErrorPanel";
import { OtherText } from "../../components/OtherText";
import { useAddress } from "../../components/Shell/address";
import { Skeleton, SkeletonRows } from "../../components/Skeleton";
import { TimeText } from "../../components/TimeText";
import { TradeTable } from "../../components/TradeTable";
import { count, money, price, rate, returnPercent } from "../../text/format";
import { review as words } from "../../text/strings";
import { useNarrow } from "./narrow";
import { exitSummary, exitTone, exitWord, tradesOf, type TradeRow } from "../../evidence/facts";
import { Decision, Known } from "./Known";
import { barsQuery, tradeQuery, tradesQuery } from "./queries";

const CandleChart = lazy(() => import("../../components/CandleChart").then((m) => ({ default: m.CandleChart })));

const HEIGHT = 380;

/** Candles with the trades on them; the one that is chosen with all that the evidence holds of it. */
export function TradesCard({ review }: { review: ReviewShown }) {
  const id = review.head.id;
  const [search, setSearch] = useAddress();
  const trades = useQuery(tradesQuery(id));
  const bars = useQuery(barsQuery(id));
  const narrow = useNarrow();
  const rows = useMemo(() => (trades.data === undefined ? [] : tradesOf(trades.data)), [trades.data]);
  const marks = useMemo<CandleMark[]>(() => rows.map((t) => ({ trade: t.id, entryUtc: t.entry, exitUtc: t.exit, entryPrice: t.entryPrice, exitPrice: t.exitPrice, exitTone: exitTone(t.reason) })), [rows]);
  const candles = useMemo(() => (bars.data === undefined ? null : candlesOf(bars.data)), [bars.data]);
  const asked = /^trade:(\d+)$/.exec(search.get("focus") ?? "")?.[1];
  // The chart opens at its newest bars, so without a choice the newest trade is told.
  const focus = asked === undefined ? (rows.at(-1)?.id ?? null) : Number(asked);
  const chosen = rows.find((t) => t.id === focus);
  const known = useQuery({ ...tradeQuery(id, focus ?? 0), enabled: chosen !== undefined });
  const choose = useCallback(
    (trade: number) =>
      setSearch(
        (was) => {
          const next = new URLSearchParams(was);
          next.set("focus", `trade:${trade}`);
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );

  return (
    <section className="card" id="trades" aria-labelledby="trades-h">
      <div className="ch">
        <h2 id="trades-h">{words.trades}</h2>
        <span className="s">{exitSummary(review.figures?.trades ?? null, review.exit_reasons)}</span>
        <span className="sp" />
        <span className="lg" aria-hidden="true">
          <span>
            <span className="t-run">▲</span> entry
          </span>
          <span>
            <span className="t-warn">▼</span> rule or time exit
          </span>
          <span>
            <span className="t-ok">▼</span> profit or trail
          </span>
          <span>
            <span className="t-bad">▼</span> hard stop
          </span>
        </span>
      </div>
      <div className="tr">
        {bars.error !== null ? (
          <ErrorPanel error={bars.error} what="The bars cannot be read." onRetry={() => void bars.refetch()} />
        ) : candles === null || trades.isPending ? (
          <div style={{ padding: 12 }} aria-busy="true">
            <Skeleton height={HEIGHT + 20} />
          </div>
        ) : (
          <Suspense fallback={<div style={{ height: HEIGHT + 40 }} aria-busy="true" />}>
            <CandleChart {...candles} marks={marks} focus={focus} onFocus={choose} height={narrow ? 240 : HEIGHT} label={`${review.rules?.symbol ?? ""} candles of the hold-out with ${count(rows.length)} trades; the table below holds the same.`} />
          </Suspense>
        )}
        <div className="tr-side" aria-live="polite">
          {chosen === undefined ? <p className="mut">{rows.length === 0 && !trades.isPending ? words.noTrades : words.pick}</p> : <Chosen trade={chosen} rules={review.rules} known={known.data} />}
        </div>
      </div>
      {chosen === undefined ? null : known.error !== null ? (
        <ErrorPanel error={known.error} what={words.unknownUnread} onRetry={() => void known.refetch()} />
      ) : known.data === undefined ? (
        <div className="known" aria-busy="true">
          <SkeletonRows rows={6} height={34} />
        </div>
      ) : (
        <Known trade={chosen} known={known.data} />
      )}
      {trades.error !== null ? <ErrorPanel error={trades.error} what="The trades cannot be read." onRetry={() => void trades.refetch()} /> : trades.isPending ? <SkeletonRows rows={4} height={32} /> : rows.length === 0 ? null : <TradeTable rows={rows} focus={focus} onFocus={choose} />}
    </section>
  );
}

function Chosen({ trade, rules, known }: { trade: TradeRow; rules: ReviewRules | null; known: TradeKnown | undefined }) {
  const ended = trade.reason;
  const stops: Record<string, string | null> = {
    stop: rules?.stop_loss == null ? null : `${rate(rules.stop_loss, 2)} below the entry`, target: rules?.take_profit == null ? null : `${rate(rules.take_profit, 2)} above the entry`,
    trail: rules?.trailing_stop == null ? null : `${rate(rules.trailing_stop, 2)} below the best price`, time_stop: rules?.time_stop_days == null ? null : `after ${rules.time_stop_days} trading days`,
  };
  return (
    <>
      <h3>
        {words.trade} {trade.id}
        <span className={`sm t-${(trade.return ?? 0) > 0 ? "ok" : (trade.return ?? 0) < 0 ? "bad" : "idle"}`}> {trade.return === null ? "open" : returnPercent(trade.return)}</span>
      </h3>
      <dl className="content">
        <Line label="Decided on">
          <TimeText at={trade.decision} />
        </Line>
        <Line label={words.entry}>
          {price(trade.entryPrice)}, <TimeText at={trade.entry} />
        </Line>
        <Line label={words.exit}>
          {trade.exit === null ? "open" : (
            <>
              {price(trade.exitPrice)}, <TimeText at={trade.exit} />
            </>
          )}
        </Line>
        <Line label="Ended by">
          <span className={`t-${exitTone(ended)}`}>{exitWord(ended)}</span>
          {stops[ended] ? <span className="mut"> {stops[ended]}</span> : null}
        </Line>
        <Line label="Shares, P&L">
          {count(trade.quantity)}, {trade.profit === null ? "open" : money(trade.profit)}
        </Line>
        <Line label="Worst, best on the way">
          {returnPercent(trade.mae)}, {returnPercent(trade.mfe)}
        </Line>
      </dl>
      {known?.is_kept === true ? (
        <Decision known={known} />
      ) : known === undefined || rules === null ? null : (
        <>
          <Rules title="Entry, all of" rules={rules.entry} />
          {ended === "signal" ? <Rules title="Rule exit, one of" rules={rules.exit} /> : null}
        </>
      )}
    </>
  );
}

function Rules({ title, rules }: { title: string; rules: readonly string[] }) {
  return (
    <div className="rules">
      <h4>{title}</h4>
      <ul>
        {rules.map((rule) => (
          <li key={rule}>
            <OtherText className="mono" most={120}>
              {rule}
            </OtherText>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Line({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
