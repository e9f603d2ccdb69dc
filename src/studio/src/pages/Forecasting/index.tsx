import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "react-router";
import type { ForecastListed } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { DigestChip } from "../../components/DigestChip";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { EvidenceOnly } from "../../components/EvidenceOnly";
import { OtherText } from "../../components/OtherText";
import { useAddress } from "../../components/Shell/address";
import { Skeleton, SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { count, many, price, probability, rate, ratio, ratioInterval, returnPercent, setting } from "../../text/format";
import { ageWords, forecasting as words } from "../../text/production";
import { nav, states } from "../../text/strings";
import { day } from "../../text/time";
import { runsQuery } from "../Runs/queries";
import "../Packs/style.css";
import "../Models/style.css";
import { beside, chosenOf, dayStarts, edge, forward, saysNow, type ForwardRow } from "./model";
import { forecastQuery, forecastsQuery } from "./queries";
import "./style.css";

const crumbs = [{ label: nav.forecasting }];

export function ForecastingPage() {
  usePage(nav.forecasting, crumbs);
  const { data, error, refetch } = useQuery(forecastsQuery);
  const [search, setSearch] = useAddress();
  const wanted = search.get("sel");
  const shown = useMemo(() => (data === undefined ? null : chosenOf(data, wanted)), [data, wanted]);
  const choose = (id: string): void =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      next.set("sel", id);
      return next;
    }, { replace: true });
  const move = (step: 1 | -1) => (): void => {
    if (data !== undefined && shown !== null) choose(beside(data, shown.trained_model_id, step));
  };
  useKeys({ ArrowDown: move(1), ArrowUp: move(-1), j: move(1), k: move(-1) }, shown !== null);
  return (
    <div className="pg fore">
      <div className="hd">
        <h1>{nav.forecasting}</h1>
        {data === undefined ? null : <span className="sub">{many(data.length, "forecast", "forecasts")}</span>}
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "trained-models", "list"]} />
      </div>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unread} /> : null}
      {data === undefined && error === null ? (
        <section className="card">
          <SkeletonRows rows={4} height={46} />
        </section>
      ) : null}
      {data?.length === 0 ? <Nothing /> : null}
      {data !== undefined && data.length > 0 ? (
        <section className="card" aria-labelledby="ranking-h">
          <div className="ch">
            <h2 id="ranking-h">{words.ranking}</h2>
            <span className="s">{words.rankingNote}</span>
            <span className="sp" />
            {data.length > 1 ? (
              <span className="sm mut hint">
                <kbd>↑</kbd> <kbd>↓</kbd> change the model
              </span>
            ) : null}
          </div>
          <table className="table rows-t fore-t">
            <thead>
              <tr>
                <th scope="col">{words.model}</th>
                <th scope="col">Speaks of</th>
                <th scope="col">{words.says}</th>
                <th scope="col" className="r">Probability</th>
                <th scope="col" className="r">Accuracy</th>
                <th scope="col" className="r">Base rate</th>
                <th scope="col" className="r">Return</th>
                <th scope="col" className="r">Sharpe</th>
                <th scope="col">{words.age}</th>
              </tr>
            </thead>
            <tbody>
              {data.map((f) => (
                <Row key={f.trained_model_id} forecast={f} on={f === shown} onChoose={() => choose(f.trained_model_id)} />
              ))}
            </tbody>
          </table>
          <p className="pad sub sm">Accuracy, return and Sharpe are of the hold-out. An accuracy near the base rate is no skill, however high it is.</p>
        </section>
      ) : null}
      {data !== undefined && data.length > 0 && shown === null ? (
        <section className="card">
          <EmptyState what="That trained model has made no forecast" />
        </section>
      ) : null}
      {shown === null ? null : <Forward key={shown.trained_model_id} forecast={shown} />}
    </div>
  );
}

/** Names the stage that fills the page, and where it stands. */
function Nothing() {
  const runs = useQuery(runsQuery()).data;
  const last = runs?.find((r) => r.workflow === "lifecycle");
  return (
    <section className="card">
      <EmptyState
        what={words.none} cli={["./sigmatiq", "lifecycle", "run", "--ticker", "MKT.SYN"]}
        why={
          <>
            {words.noneWhy}{" "}
            {last === undefined ? "No lifecycle has run yet." : (
              <>
                The newest lifecycle,{" "}
                <Link className="link" to={`/runs/${last.id}?sel=forecast`}>
                  {last.id.slice(0, 12)}…
                </Link>
                , is {(states[last.status] ?? last.status).toLowerCase()}
                {last.reason === null ? "" : <>: <OtherText most={200}>{last.reason}</OtherText></>}.
              </>
            )}
          </>
        }
        action={
          <Link className="btn" to="/workflows?sel=lifecycle&do=trigger">
            {words.start}
          </Link>
        }
      />
    </section>
  );
}

function Row({ forecast: f, on, onChoose }: { forecast: ForecastListed; on: boolean; onChoose(): void }) {
  const says = saysNow(f);
  const age = ageWords[f.age];
  return (
    <tr className={on ? "sel" : undefined} aria-selected={on}>
      <td data-l="name">
        <button type="button" className="link mono pickf" aria-pressed={on} onClick={onChoose}>
          {f.trained_model_id.replace(`${f.model_id}_`, "")}
        </button>{" "}
        <EvidenceOnly on={f.evidence_only} />
        <span className="sm mut blk one">
          <OtherText most={60}>{`${f.model_id}, combo ${f.combo_id}`}</OtherText>
        </span>
      </td>
      <td data-l="symbol">
        {f.symbol}
        {f.synthetic ? <span className="synth-t"> synthetic</span> : null}
      </td>
      <td data-l="says">
        <StateBadge state={says.state} label={says.word} plain />
      </td>
      <td data-l="p" className="r">
        <b>{probability(f.probability)}</b>
        <span className="sm mut blk">of {setting(f.threshold)}</span>
      </td>
      <td data-l="acc" className="r" title={edge(f)}>
        <span className="wide-hide">accuracy </span>
        {rate(f.accuracy)}
      </td>
      <td data-l="base" className="r sub">
        <span className="wide-hide">base rate </span>
        {rate(f.base_rate)}
      </td>
      <td data-l="ret" className="r">{returnPercent(f.return)}</td>
      <td data-l="sharpe" className="r">
        <span className="wide-hide">Sharpe </span>
        {ratio(f.sharpe)}
        <span className="sm mut blk">{f.sharpe_low === null ? "" : ratioInterval(f.sharpe_low, f.sharpe_high)}</span>
      </td>
      <td data-l="age">{age === undefined ? f.age : <span title={age.why}><StateBadge state={age.state} label={age.word} plain /></span>}</td>
    </tr>
  );
}

function Forward({ forecast: f }: { forecast: ForecastListed }) {
  const { data, error, refetch } = useQuery(forecastQuery(f.trained_model_id));
  const rows = useMemo(() => (data === undefined ? [] : forward(data)), [data]);
  const age = ageWords[f.age];
  return (
    <section className="card" id="forward" aria-labelledby="forward-h">
      <div className="ch">
        <h2 id="forward-h">{words.forward}</h2>
        <span className="s">{words.forwardNote}</span>
        <span className="sp" />
        {age === undefined ? null : <StateBadge state={age.state} label={`${age.word}, newest bar ${day(f.last_bar_utc)}`} />}
      </div>
      {f.age === "fresh" ? null : <p className="pad t-warn">{age?.why}</p>}
      <dl className="facts lin">
        {([
          ["Trained model", <Link key="t" className="mono link" to={`/trained-models/${encodeURIComponent(f.trained_model_id)}`}>{f.trained_model_id.replace(`${f.model_id}_`, "")}</Link>], ["Until", f.horizon], ["Expected return", returnPercent(f.predicted_return)], ["Right so far", edge(f)],
          ["Bars", <span key="b"><TimeText at={f.first_bar_utc} /> to <TimeText at={f.last_bar_utc} /></span>], ["Entries among them", `${count(f.entries)} of ${count(f.rows)}`], ["Ranked the hold-out", `AUC ${probability(f.auc)}, 0.50 is chance`], ["Rows", <DigestChip key="h" digest={f.forecast_hash} algorithm="sha256" />],
        ] as [string, React.ReactNode][]).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : data === undefined ? <div className="pad" aria-busy="true"><Skeleton height={220} /></div> : <Chart rows={rows} threshold={f.threshold} />}
    </section>
  );
}

const W = 1000, H = 220, L = 44, R = 12, T = 12, B = 190;

/** Probability of a gain bar by bar against the threshold; a filled mark where an entry would be decided. */
function Chart({ rows, threshold }: { rows: readonly ForwardRow[]; threshold: number }) {
  const x = (i: number): number => L + (rows.length < 2 ? 0 : (i * (W - L - R)) / (rows.length - 1));
  const y = (p: number): number => B - p * (B - T);
  const entries = rows.filter((r) => r.enters).length;
  return (
    <div className="fchart">
      <svg viewBox={`0 0 ${W} ${H}`} role="img" preserveAspectRatio="none" aria-label={`Probability of a gain over ${rows.length} bars against the threshold ${setting(threshold)}; an entry would be decided at ${entries} of them.`}>
        {[0, 0.25, 0.5, 0.75, 1].map((p) => (
          <path key={p} className="rel-grid" d={`M${L} ${y(p)}H${W - R}`} />
        ))}
        {dayStarts(rows).map((i) => (
          <path key={i} className="fday" d={`M${x(i)} ${T}V${B}`} />
        ))}
        <path className="fline-t" d={`M${L} ${y(threshold)}H${W - R}`} />
        <path className="fline" d={rows.flatMap((r, i) => (r.probability === null ? [] : [`${i === 0 || rows[i - 1]!.probability === null ? "M" : "L"}${x(i).toFixed(1)} ${y(r.probability).toFixed(1)}`])).join("")} />
      </svg>
      <div className="fmarks" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((p) => (
          <span key={p} className="fy" style={{ top: `${(y(p) / H) * 100}%` }}>
            {rate(p, 0)}
          </span>
        ))}
        {dayStarts(rows).map((i, n, all) => (rows.length > 40 && n % 2 === 1 && all.length > 8 ? null : (
          <span key={i} className="fx" style={{ left: `${(x(i) / W) * 100}%` }}>
            {day(rows[i]!.at, false)}
          </span>
        )))}
        {rows.map((r, i) => (r.enters && r.probability !== null ? <span key={i} className="fin" style={{ left: `${(x(i) / W) * 100}%`, top: `${(y(r.probability) / H) * 100}%` }} /> : null))}
      </div>
      <p className="fleg">
        <span>
          <i className="fk line" /> {words.probability}
        </span>
        <span>
          <i className="fk thr" /> {words.threshold} {setting(threshold)}
        </span>
        <span>
          <i className="fk in" /> an entry would be decided: {many(entries, "bar", "bars")}
        </span>
      </p>
      <details className="rel-table">
        <summary>{words.table}</summary>
        <div className="scroll-x" tabIndex={0} role="region" aria-label={words.forward}>
          <table className="table dense">
            <thead>
              <tr>
                <th scope="col">Bar</th>
                <th scope="col" className="r">{words.close}</th>
                <th scope="col" className="r">{words.probability}</th>
                <th scope="col" className="r">Expected return</th>
                <th scope="col">Rules</th>
                <th scope="col">Entry</th>
              </tr>
            </thead>
            <tbody>
              {[...rows].reverse().map((r) => (
                <tr key={r.at}>
                  <td>
                    <TimeText at={r.at} />
                  </td>
                  <td className="r">{price(r.close)}</td>
                  <td className="r">{probability(r.probability)}</td>
                  <td className="r">{returnPercent(r.predicted)}</td>
                  <td>{r.rules ? "hold" : "do not hold"}</td>
                  <td>{r.enters ? "would be decided" : ""}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  );
}
