import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "react-router";
import type { GuardrailShown, ProductionStanding } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { DigestChip } from "../../components/DigestChip";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { EvidenceOnly } from "../../components/EvidenceOnly";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { Skeleton } from "../../components/Skeleton";
import { StateBadge, StateGlyph } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useKeys } from "../../components/Shell/keys";
import { usePage, useSynthetic } from "../../components/Shell/page";
import { count, drawdown, many, pValue, rate, ratio, ratioInterval, returnPercent } from "../../text/format";
import { phaseNames, production as words } from "../../text/production";
import { nav } from "../../text/strings";
import { days } from "../../text/time";
import { useNow } from "../../theme/View";
import { EquityCard } from "../Review/EquityCard";
import { reviewQuery } from "../Review/queries";
import "../Packs/style.css";
import "../Models/style.css";
import "../Review/review.css";
import { chosenOf, distance, guardState, phasesOf, standingWords } from "./model";
import { productionQuery } from "./queries";
import "./style.css";

const crumbs = [{ label: nav.production }];

export function ProductionPage() {
  usePage(nav.production, crumbs);
  const { data, error, refetch } = useQuery(productionQuery);
  const [search, setSearch] = useAddress();
  const wanted = search.get("sel");
  const shown = useMemo(() => (data === undefined ? null : chosenOf(data, wanted)), [data, wanted]);
  useSynthetic(shown?.synthetic);
  const choose = (id: string): void =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      next.set("sel", id);
      return next;
    }, { replace: true });
  useKeys(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [String(i + 1), () => data?.[i] !== undefined && choose(data[i].strategy_id)])));
  return (
    <div className="pg prod">
      <div className="hd">
        <h1>{nav.production}</h1>
        {data === undefined ? null : <span className="sub">{many(data.length, "strategy", "strategies")}</span>}
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "approvals", "list"]} />
      </div>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unread} /> : null}
      {data === undefined && error === null ? (
        <div aria-busy="true" className="pg-s">
          <Skeleton height={44} />
          <Skeleton height={96} />
          <Skeleton height={330} />
        </div>
      ) : null}
      {data !== undefined && shown === null ? (
        <section className="card">
          <EmptyState
            what={data.length === 0 ? words.none : words.notFound} why={data.length === 0 ? words.noneWhy : undefined} cli={["./sigmatiq", "approvals", "list"]}
            action={
              <Link className="btn p" to={data.length === 0 ? "/dashboard" : "/production"}>
                {data.length === 0 ? words.toReview : nav.production}
              </Link>
            }
          />
        </section>
      ) : null}
      {data !== undefined && data.length > 1 ? <Segmented label={words.strategy} value={shown?.strategy_id ?? ""} options={data.slice(0, 9).map((s, i) => ({ value: s.strategy_id, label: `${i + 1} ${s.strategy_name}` }))} onChange={choose} /> : null}
      {shown === null ? null : <Shown key={shown.strategy_id} standing={shown} />}
    </div>
  );
}

function Shown({ standing }: { standing: ProductionStanding }) {
  const { approval, deployment } = standing;
  const review = useQuery(reviewQuery(approval.id));
  const f = review.data?.figures ?? null;
  const now = useNow(60_000);
  return (
    <>
      <section className="card standing" aria-label={words.strategy}>
        <span className="standing-t">
          <h2>
            <OtherText most={100}>{standing.strategy_name}</OtherText>
          </h2>
          <span className="sub">
            {standing.symbol}
            {standing.synthetic ? <span className="synth-t"> synthetic bars</span> : null}, {standingWords(standing)}
            {deployment === null ? null : (
              <>
                {" "}
                from <TimeText at={deployment.paper_start_utc} /> to <TimeText at={deployment.paper_end_utc} />
              </>
            )}
          </span>
        </span>
        <span className="sp" />
        <span className={standing.mode === "live" ? "b live-b" : "b run"}>
          <Glyph name="ring" />
          {standing.mode === "live" ? words.live : words.paper}
        </span>
        {approval.self_approved ? (
          <span className="b bad">
            <Glyph name="cross" />
            self approved, not enough for live
          </span>
        ) : null}
        <EvidenceOnly on={approval.gate_failed} />
      </section>
      <section className="kpis" aria-label={words.kpis}>
        <p className="kh">
          <b>{words.kpis}</b>
          {f === null || f.start === null || f.end === null ? "" : `, ${days(f.start, f.end)}`}. {words.kpisNote}
        </p>
        {review.error !== null && f === null ? <ErrorPanel error={review.error} onRetry={() => void review.refetch()} /> : null}
        {([
          ["Return", returnPercent(f?.return), f === null ? "" : `buy and hold ${returnPercent(f.hold_return)}`], ["Sharpe", ratio(f?.sharpe), f === null || f.sharpe_low === null ? "no interval" : ratioInterval(f.sharpe_low, f.sharpe_high)],
          ["Win rate", rate(f?.win_rate), f === null ? "" : `${count(f.wins)} of ${count(f.trades)} trades`], ["Max drawdown", drawdown(f?.max_drawdown), f === null ? "" : `buy and hold ${drawdown(f.hold_drawdown)}`], ["p-value", pValue(f?.p_value), f === null ? "" : `${(f.p_value ?? 1) < f.p_wanted ? "below" : "not below"} ${f.p_wanted}`],
        ] as const).map(([label, value, beside]) => (
          <div className="kpi5" key={label}>
            <span className="l">{label}</span>
            <span className="v">{review.data === undefined ? <Skeleton width={70} height={20} /> : value}</span>
            <span className="c">{beside}</span>
          </div>
        ))}
      </section>
      <div className="prod-g">
        <Guardrails standing={standing} />
        <section className="card" id="positions" aria-labelledby="positions-h">
          <div className="ch">
            <h2 id="positions-h">{words.positions}</h2>
            <span className="s">paper, {many(standing.closed_trades, "closed trade", "closed trades")} since it was deployed</span>
          </div>
          {standing.open_positions.length === 0 ? (
            <EmptyState what={words.noPositions} level={3} why={deployment === null ? words.notDeployed : now.getTime() < Date.parse(deployment.paper_start_utc) ? <>{words.noPositionsBefore} It begins <TimeText at={deployment.paper_start_utc} />.</> : words.noPositionsSince} />
          ) : (
            <table className="table dense">
              <thead>
                <tr>
                  <th scope="col">Symbol</th>
                  <th scope="col">Side</th>
                  <th scope="col" className="r">Quantity</th>
                  <th scope="col" className="r">Entry</th>
                  <th scope="col">Since</th>
                </tr>
              </thead>
              <tbody>
                {standing.open_positions.map((p, i) => (
                  <tr key={i}>
                    <td>{p.symbol}</td>
                    <td>{p.side.toLowerCase()}</td>
                    <td className="r">{count(p.quantity)}</td>
                    <td className="r">{ratio(p.entry_price)}</td>
                    <td>
                      <TimeText at={p.opened_utc} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
      </div>
      <EquityCard id={approval.id} />
      <div className="prod-g">
        <Deploy standing={standing} />
        <section className="card" id="who" aria-labelledby="who-h">
          <div className="ch">
            <h2 id="who-h">{words.approved}</h2>
            <span className="sp" />
            <Link className="link sm" to={`/dashboard/${approval.id}`}>
              The evidence
            </Link>
          </div>
          <dl className="facts one-c">
            <div>
              <dt>Approved by</dt>
              <dd>
                <OtherText most={80}>{approval.voters.join(", ") || (approval.decided_by ?? "")}</OtherText>
              </dd>
            </div>
            <div>
              <dt>When</dt>
              <dd>
                <TimeText at={approval.decided_utc} precision="second" />
              </dd>
            </div>
            <div>
              <dt>Reason</dt>
              <dd>
                <OtherText most={400}>{approval.reason ?? ""}</OtherText>
              </dd>
            </div>
            <div>
              <dt>Digest of the vote</dt>
              <dd>
                <DigestChip digest={approval.digest} algorithm="sha256" />
              </dd>
            </div>
            <div>
              <dt>Run</dt>
              <dd>
                <Link className="mono link" to={`/runs/${approval.run_id}`}>
                  {approval.run_id.slice(0, 12)}…
                </Link>
              </dd>
            </div>
          </dl>
        </section>
      </div>
    </>
  );
}

function Guardrails({ standing }: { standing: ProductionStanding }) {
  const paper = standing.guardrails.filter((g) => g.window === "paper");
  const held = standing.guardrails.filter((g) => g.window !== "paper");
  return (
    <section className="card" id="guardrails" aria-labelledby="guard-h">
      <div className="ch">
        <h2 id="guard-h">{words.guardrails}</h2>
        <span className="s">{words.guardrailsNote}</span>
        <span className="sp" />
        {standing.guardrails_utc === null ? null : (
          <span className="s">
            read <TimeText at={standing.guardrails_utc} form="near" />
          </span>
        )}
      </div>
      {standing.guardrails.length === 0 ? <EmptyState what={words.noReading} why={words.noReadingWhy} level={3} /> : (
        <>
          {([[words.onPaper, paper], [words.onHoldout, held]] as const).filter(([, list]) => list.length > 0).map(([title, list]) => (
            <div className="guards" key={title}>
              <h3 className="sub-h">{title}</h3>
              <ul>
                {list.map((g) => (
                  <Guard key={g.id} guard={g} />
                ))}
              </ul>
            </div>
          ))}
        </>
      )}
    </section>
  );
}

function Guard({ guard }: { guard: GuardrailShown }) {
  const state = guardState(guard);
  return (
    <li className="guard" title={guard.action}>
      <StateGlyph state={state} size={14} />
      <span>
        <b>{guard.label}</b>
        <span className="sub sm blk">{distance(guard)}</span>
      </span>
      <svg className="gbar" viewBox="0 0 120 8" preserveAspectRatio="none" aria-hidden="true">
        <rect width="120" height="8" rx="2" className="wbar-g" />
        <rect width={Math.max(0, Math.min(1, guard.used ?? 0)) * 120} height="8" rx="2" className={`gbar-f ${state}`} />
      </svg>
    </li>
  );
}

function Deploy({ standing }: { standing: ProductionStanding }) {
  const { deployment, progress } = standing;
  const phases = phasesOf(words.phases, progress ?? (deployment === null ? null : { status: "completed" }));
  return (
    <section className="card" id="deploy" aria-labelledby="deploy-h">
      <div className="ch">
        <h2 id="deploy-h">{words.deploy}</h2>
        {progress === null ? null : <StateBadge state={progress.status} />}
        <span className="sp" />
        {deployment === null ? null : <DigestChip digest={deployment.id} />}
      </div>
      <ol className="phases">
        {phases.map((p) => (
          <li key={p.phase} data-state={p.state}>
            <StateGlyph state={p.state} /> {phaseNames[p.phase] ?? p.phase}
          </li>
        ))}
      </ol>
      {progress?.error ? <p className="pad t-bad"><OtherText most={400}>{progress.error}</OtherText></p> : null}
      {deployment === null ? <p className="pad sub">{words.notDeployed}.</p> : (
        <dl className="facts one-c">
          {([["Deployed", <TimeText key="d" at={deployment.created_utc} />], ["Earliest live date", <span key="l"><TimeText at={deployment.live_date_utc} />, not a promise</span>], ["Pack", deployment.pack.replace("@", " ")], ["Refitted model", <DigestChip key="a" digest={deployment.artifact_hash} algorithm="sha256" />], ["Bars of the refit", <DigestChip key="b" digest={deployment.data_snapshot_id} algorithm="sha256" />], ...deployment.limits.map((l) => [l.label, l.text] as [string, string])] as [string, React.ReactNode][]).map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
