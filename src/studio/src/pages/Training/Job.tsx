import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { cancelTraining, type TrainingShown } from "../../api/client";
import { ApiError } from "../../api/http";
import { useDecisionBarrier } from "../../api/rights";
import { CopyAsCli } from "../../components/CopyAsCli";
import { DigestChip } from "../../components/DigestChip";
import { ErrorPanel } from "../../components/ErrorPanel";
import { EvidenceOnly } from "../../components/EvidenceOnly";
import { OtherText } from "../../components/OtherText";
import { PreviewDialog } from "../../components/PreviewDialog";
import { Skeleton, SkeletonRows } from "../../components/Skeleton";
import { StateBadge, StateGlyph } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { age, count, duration } from "../../text/format";
import { nav, states } from "../../text/strings";
import { stepDoes, stepNames, training as words } from "../../text/training";
import { useNow } from "../../theme/View";
import { planPath } from "../Models/list";
import "../Packs/style.css";
import "../Models/style.css";
import { Decide } from "./Decide";
import { fitOf, isOpen, shortageOf, stateOf, stepMs, stepState } from "./model";
import { jobQuery, reportQuery } from "./queries";
import { Report } from "./Report";
import "./style.css";

export function TrainingJobPage() {
  const id = useParams()["job"]!;
  const { data, error, refetch, dataUpdatedAt } = useQuery(jobQuery(id));
  const crumbs = useMemo(() => [{ label: nav.training, to: "/training" }, { label: id, mono: true }], [id]);
  usePage(`${words.job}, ${id}`, crumbs);
  const [cancelling, setCancelling] = useState(false);
  const barrier = useDecisionBarrier(data?.created_by);
  const go = useNavigate();
  const open = data !== undefined && (isOpen(data.status) || data.status === "stopped");
  useKeys({ Escape: () => void go("/training"), "Shift C": () => open && barrier === null && setCancelling(true) });
  return (
    <div className="pg" aria-busy={data === undefined && error === null}>
      <div className="hd">
        <h1 className="mono-h">{id}</h1>
        {data === undefined ? null : (
          <>
            <StateBadge state={stateOf(data.status)} label={data.status === "stopped" ? "Stopped" : states[stateOf(data.status)]} />
            <EvidenceOnly on={data.evidence_only} />
          </>
        )}
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "training", "show", id]} />
        {open ? (
          <button type="button" className="btn s d" disabled={barrier !== null} title={barrier ?? undefined} onClick={() => setCancelling(true)}>
            {words.cancel}
          </button>
        ) : null}
      </div>
      {error !== null && data === undefined ? (
        <section className="card">
          <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unreadOne} />
        </section>
      ) : data === undefined ? <Skeleton height={280} /> : (
        <>
          <div className="job">
            <Steps job={data} readAt={dataUpdatedAt} />
            <About job={data} />
          </div>
          {data.problem === null ? null : <Problem job={data} />}
          {data.status === "completed" && data.trained_model_id !== null ? <Result id={data.trained_model_id} /> : null}
          <Cancel job={data} open={cancelling} onClose={() => setCancelling(false)} />
        </>
      )}
    </div>
  );
}

function Steps({ job, readAt }: { job: TrainingShown; readAt: number }) {
  const now = useNow(isOpen(job.status) ? 500 : 3_600_000).getTime();
  const done = job.progress.filter((p) => p.status === "complete").length;
  return (
    <section className="card" aria-labelledby="steps-h">
      <div className="ch">
        <h2 id="steps-h">{words.steps}</h2>
        <span className="s" aria-live="polite">
          {done} of {job.progress.length} done
        </span>
      </div>
      {job.progress.length === 0 ? <SkeletonRows rows={5} height={47} /> : (
        <ol className="tsteps">
          {job.progress.map((p) => {
            const ms = stepMs(p, readAt, now);
            return (
              <li key={p.step} data-state={p.status}>
                <StateGlyph state={stepState(p)} size={15} />
                <span>
                  <b>{stepNames[p.step] ?? p.step}</b>
                  <span className="sub sm blk">{stepDoes[p.step]}</span>
                </span>
                <span className="tdur">{ms === null ? "" : p.status === "in_progress" ? age(ms) : duration(ms)}</span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

function About({ job }: { job: TrainingShown }) {
  return (
    <section className="card" aria-labelledby="about-h">
      <div className="ch">
        <h2 id="about-h">What is trained</h2>
      </div>
      <dl className="facts one-c">
        <div>
          <dt>Model</dt>
          <dd>
            <Link className="link" to={`/models/${encodeURIComponent(job.model_id)}`}>
              <OtherText most={60}>{job.model_id}</OtherText>
            </Link>
          </dd>
        </div>
        <div>
          <dt>Combo</dt>
          <dd>
            <Link className="link" to={`/sweeps/${encodeURIComponent(job.sweep_id)}/combos/${job.combo_id}`}>
              {job.combo_id}, rank {job.rank}
            </Link>{" "}
            of{" "}
            <Link className="mono link" to={`/sweeps/${encodeURIComponent(job.sweep_id)}`}>
              {job.sweep_id}
            </Link>
          </dd>
        </div>
        <div>
          <dt>Fit</dt>
          <dd>
            {fitOf(job.hyperparameters)}, seed {job.seed}
          </dd>
        </div>
        <div>
          <dt>Bars</dt>
          <dd>
            <DigestChip digest={job.data_snapshot_id} algorithm="sha256" />
          </dd>
        </div>
        <div>
          <dt>Asked</dt>
          <dd>
            <OtherText most={40}>{job.created_by}</OtherText>, <TimeText at={job.created_at} precision="second" />
          </dd>
        </div>
        {job.finished_at === null ? null : (
          <div>
            <dt>Ended</dt>
            <dd>
              <TimeText at={job.finished_at} precision="second" />
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

/** Why it failed; too few rows say how many there are, how many it takes and how to get them. */
function Problem({ job }: { job: TrainingShown }) {
  const problem = job.problem!;
  const short = shortageOf(problem);
  return (
    <section className="card" aria-label="Why it failed">
      <ErrorPanel error={new ApiError(422, { code: problem.code, message: problem.message, where: problem.where ?? null, remedy: problem.remedy ?? null })} />
      {short === null ? null : (
        <div className="short">
          <dl>
            <div>
              <dt>Have</dt>
              <dd>{count(short.have)} labelled rows</dd>
            </div>
            <div>
              <dt>Need</dt>
              <dd>{count(short.need)}, with both outcomes</dd>
            </div>
          </dl>
          <p>
            <b>How to get them.</b> Plan a sweep over a longer range of days, bring in more bars of the symbol, or use a pack that walks shorter bars.
          </p>
          <span className="short-a">
            <Link className="btn" to={planPath(job.model_id)}>
              Plan a longer sweep
            </Link>
            <Link className="btn" to="/data">
              Look at the bars
            </Link>
          </span>
        </div>
      )}
    </section>
  );
}

function Result({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(reportQuery(id));
  if (error !== null && data === undefined) {
    return (
      <section className="card">
        <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unreadModel} />
      </section>
    );
  }
  if (data === undefined) return <Skeleton height={320} />;
  return (
    <>
      <h2 className="res-h">
        <Link className="mono link" to={`/trained-models/${encodeURIComponent(id)}`}>
          {id}
        </Link>
      </h2>
      <Decide report={data} />
      <Report report={data} />
    </>
  );
}

function Cancel({ job, open, onClose }: { job: TrainingShown; open: boolean; onClose(): void }) {
  const queries = useQueryClient();
  const toast = useToast();
  const now = job.progress.find((p) => p.status === "in_progress");
  const done = job.progress.filter((p) => p.status === "complete").map((p) => stepNames[p.step]?.toLowerCase() ?? p.step);
  return (
    <PreviewDialog
      title={`Give ${job.id} up`} open={open} onClose={onClose} confirm="Cancel the training" danger reason={false}
      effects={[now === undefined ? "It does not begin." : `“${stepNames[now.step] ?? now.step}” is stopped within a second.`, "No trained model comes of it."]}
      stays={[...(done.length > 0 ? [`What is done (${done.join(", ")}) is taken over when the same training is asked for again.`] : []), "The combo and its sweep stay as they are."]}
      onConfirm={async () => {
        await cancelTraining({ job: job.id });
        toast({ tone: "ok", text: `${job.id} is given up.` });
        await queries.invalidateQueries({ queryKey: ["training"] });
      }}
      cli={["./sigmatiq", "training", "cancel", job.id]}
    />
  );
}
