import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { useBarrier } from "../../api/rights";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { EvidenceOnly } from "../../components/EvidenceOnly";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { useAddress } from "../../components/Shell/address";
import { SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { age, duration, many, rate, ratio, ratioInterval } from "../../text/format";
import { nav, states } from "../../text/strings";
import { stepNames, training as words } from "../../text/training";
import { useNow } from "../../theme/View";
import "../Packs/style.css";
import "../Models/style.css";
import { decisionOf, filterOf, isOpen, rowsOf, stateOf, type TrainingRow } from "./model";
import { trainedQuery, trainingsQuery } from "./queries";
import { Start } from "./Start";
import "./style.css";

const crumbs = [{ label: nav.training }];
const none: TrainingRow[] = [];

export function TrainingPage() {
  usePage(nav.training, crumbs);
  const [search, setSearch] = useAddress();
  const jobs = useQuery(trainingsQuery);
  const trained = useQuery(trainedQuery);
  const filter = useMemo(() => filterOf(search), [search]);
  const rows = useMemo(() => (jobs.data === undefined ? none : rowsOf(jobs.data, trained.data ?? [], filter)), [jobs.data, trained.data, filter]);
  const barrier = useBarrier("run");
  const [at, setAt] = useState(-1);
  const go = useNavigate();
  const chosen = rows[at];
  const starting = search.get("do") === "start";
  const set = (name: string, value: string | null): void =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      if (value === null || value === "") next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  useKeys({
    j: () => setAt((i) => Math.min(i + 1, rows.length - 1)),
    k: () => setAt((i) => Math.max(i - 1, 0)),
    Enter: () => chosen !== undefined && void go(`/training/${encodeURIComponent(chosen.job.id)}`),
    "Shift P": () => chosen?.trained != null && void go(`/trained-models/${encodeURIComponent(chosen.trained.id)}`),
    "Shift D": () => chosen?.trained != null && void go(`/trained-models/${encodeURIComponent(chosen.trained.id)}`),
  });
  const start = (
    <button type="button" className="btn p" disabled={barrier !== null} title={barrier ?? undefined} onClick={() => set("do", "start")}>
      <Icon name="play" size={14} /> {words.start}
    </button>
  );
  return (
    <div className="pg">
      <div className="hd">
        <h1>{nav.training}</h1>
        {jobs.data === undefined ? null : <span className="sub">{many(rows.length, "training", "trainings")}</span>}
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "training", "list", ...(filter.model === null ? [] : ["--model", filter.model])]} />
        {start}
      </div>
      <div className="bar">
        <span className="srch">
          <Icon name="search" size={14} />
          <input type="search" aria-label={words.filter} placeholder={words.filter} value={filter.query} onChange={(e) => set("q", e.target.value)} />
        </span>
        {filter.model === null ? null : (
          <Link className="btn s" to="/training" aria-label={`Take away the filter model ${filter.model}`}>
            <OtherText most={50}>{`model ${filter.model} ×`}</OtherText>
          </Link>
        )}
        {filter.unknown.map((f) => (
          <span key={f} className="b warn">
            <OtherText most={40}>{`The filter ${f} is not known here`}</OtherText>
          </span>
        ))}
      </div>
      {jobs.error !== null && jobs.data === undefined ? <ErrorPanel error={jobs.error} onRetry={() => void jobs.refetch()} what={words.unread} /> : null}
      <section className="card" aria-label={nav.training}>
        {jobs.data === undefined && jobs.error === null ? <SkeletonRows rows={4} height={58} /> : null}
        {jobs.data !== undefined && rows.length === 0 ? (
          jobs.data.length === 0 ? (
            <EmptyState
              what={words.none} why={words.noneWhy} cli={["./sigmatiq", "training", "run"]}
              action={
                <Link className="btn" to="/sweeps">
                  {words.sweeps}
                </Link>
              }
            />
          ) : <EmptyState what={words.noneHere} />
        ) : null}
        {rows.length === 0 ? null : (
          <table className="table rows-t train-t">
            <thead>
              <tr>
                <th scope="col">State</th>
                <th scope="col">{words.job}</th>
                <th scope="col" className="r">Combo</th>
                <th scope="col" className="r">Took</th>
                <th scope="col">What came of it</th>
                <th scope="col" className="r">Sharpe, hold-out</th>
                <th scope="col" className="r">Retention</th>
                <th scope="col">{words.decided}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                <Row key={row.job.id} row={row} on={i === at} />
              ))}
            </tbody>
          </table>
        )}
      </section>
      <Start open={starting} onClose={() => setSearch((was) => { const next = new URLSearchParams(was); for (const k of ["do", "sweep", "sel"]) next.delete(k); return next; }, { replace: true })} sweep={search.get("sweep")} selected={(search.get("sel") ?? "").split(",").map(Number).filter((n) => Number.isInteger(n) && n > 0)} />
    </div>
  );
}

function Row({ row: { job, trained }, on }: { row: TrainingRow; on: boolean }) {
  const now = useNow(isOpen(job.status) ? 1_000 : 3_600_000).getTime();
  const started = job.started_at === null ? null : Date.parse(job.started_at);
  const step = job.progress.find((p) => p.status === "in_progress");
  const decision = trained === null ? null : decisionOf(trained);
  return (
    <tr className={on ? "sel" : undefined}>
      <td data-l="state">
        <StateBadge state={stateOf(job.status)} label={job.status === "stopped" ? "Stopped" : states[stateOf(job.status)]} />
      </td>
      <td data-l="name">
        <Link className="mono link" to={`/training/${encodeURIComponent(job.id)}`}>
          {job.id}
        </Link>{" "}
        <span className="sub sm">
          <OtherText most={60}>{job.model_id}</OtherText>
        </span>
        <span className="sm mut blk">
          <TimeText at={job.created_at} /> by <OtherText most={24}>{job.created_by}</OtherText>
        </span>
      </td>
      <td data-l="combo" className="r">
        <span className="wide-hide">combo </span>
        {job.combo_id}
      </td>
      <td data-l="took" className="r">
        {started === null ? "" : job.finished_at === null ? age(now - started) : duration(Date.parse(job.finished_at) - started)}
      </td>
      <td data-l="result">
        {job.problem !== null ? (
          <span className="t-bad">
            <code>{job.problem.code}</code> <OtherText most={70}>{job.problem.message}</OtherText>
          </span>
        ) : trained === null ? (
          <span className="sub">{step === undefined ? "" : (stepNames[step.step] ?? step.step)}</span>
        ) : (
          <Link className="mono link" to={`/trained-models/${encodeURIComponent(trained.id)}`}>
            {trained.id.replace(`${trained.model_id}_`, "")}
          </Link>
        )}{" "}
        <EvidenceOnly on={job.evidence_only} />
      </td>
      <td data-l="sharpe" className="r">
        {trained === null ? "" : (
          <>
            <span className="wide-hide">Sharpe </span>
            {ratio(trained.review.sharpe_validation)}
            <span className="sm mut blk">{trained.review.sharpe_interval === null ? "" : ratioInterval(trained.review.sharpe_interval[0], trained.review.sharpe_interval[1])}</span>
          </>
        )}
      </td>
      <td data-l="retention" className="r">
        {trained === null ? "" : rate(trained.review.retention, 0)}
      </td>
      <td data-l="decision">{decision === null ? "" : <StateBadge state={decision.state} label={decision.word} />}</td>
    </tr>
  );
}
