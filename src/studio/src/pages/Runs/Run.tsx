import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import type { RunShown } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { DagCanvas } from "../../components/DagCanvas";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { Skeleton, SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { Timeline } from "../../components/Timeline";
import { useKeys } from "../../components/Shell/keys";
import { usePage, useSynthetic } from "../../components/Shell/page";
import { firstShown, graphOf, nodeOf } from "../../flow/model";
import { isOpen, lookOf } from "../../flow/states";
import { useRunFocus } from "../../live/Live";
import { age, duration, shortId } from "../../text/format";
import { compared, nav, runs as words, states } from "../../text/strings";
import { useNow } from "../../theme/View";
import { RunActions, useRunActions } from "./Actions";
import { latestAttempt, noteOf, rowsOf, shareOf, stepAt, stepsDone, voteWord } from "./facts";
import { isSynthetic, tickerOf } from "./filter";
import { reviewsQuery } from "../Review/queries";
import { graphQuery, runQuery, runsQuery } from "./queries";
import { StepPanel, tabs, type Tab } from "./StepPanel";
import "./run.css";

const legend = ["succeeded", "running", "ready", "pending", "waiting", "failed", "retrying"] as const;
const scales = [{ value: "cut" as const, label: words.collapsed }, { value: "true" as const, label: words.trueScale }];

export function RunPage() {
  const id = useParams()["run"]!;
  const run = useQuery(runQuery(id));
  const crumbs = useMemo(() => [{ label: nav.runs, to: "/runs" }, ...(run.data === undefined ? [] : [{ label: run.data.workflow, to: `/runs?f=workflow:${encodeURIComponent(run.data.workflow)}` }]), { label: shortId(id), mono: true }], [id, run.data?.workflow]);
  usePage(`Run, ${shortId(id)}`, crumbs);
  useSynthetic(run.data === undefined ? null : isSynthetic(run.data.request.parameters["ticker"]));
  if (run.data !== undefined) return <Shown key={id} run={run.data} />;
  if (run.error !== null) {
    return (
      <div className="pg">
        <div className="hd">
          <h1>{shortId(id)}</h1>
        </div>
        <section className="card">
          <ErrorPanel error={run.error} onRetry={() => void run.refetch()} what="The run cannot be read." />
        </section>
      </div>
    );
  }
  return (
    <div className="pg pg-run" aria-busy="true">
      <div className="hd">
        <Skeleton width={320} height={24} />
      </div>
      <section className="card run-graph">
        <div className="ch">
          <Skeleton width={90} />
        </div>
        <div style={{ height: 146 }} />
      </section>
      <section className="card">
        <SkeletonRows rows={8} height={31} />
      </section>
      <section className="card">
        <SkeletonRows rows={8} height={31} />
      </section>
    </div>
  );
}

function Shown({ run }: { run: RunShown }) {
  const [search, setSearch] = useAddress();
  const go = useNavigate();
  const definition = useQuery(graphQuery(run.id));
  const lines = useRunFocus(run);
  const open = isOpen(run.status);
  const moves = open && run.attempts.some((a) => a.ended_at_utc === null);
  const now = useNow(moves ? 1000 : 60_000).getTime();
  const [collapse, setCollapse] = useState(true);
  const actions = useRunActions(run);

  // The run that it goes over again, else the one of its workflow before it.
  const others = useQuery(runsQuery(run.workflow));
  const before = run.request.rerun?.of ?? others.data?.find((r) => r.id < run.id)?.id ?? "";
  const comparison = `/runs/diff?${new URLSearchParams({ ...(before === "" ? {} : { a: before }), b: run.id }).toString()}`;

  const graph = useMemo(() => graphOf(definition.data?.steps ?? [], run.steps), [definition.data, run.steps]);
  const node = nodeOf(graph, search.get("sel") ?? "") ?? nodeOf(graph, firstShown(run.steps) ?? "") ?? graph.nodes[0] ?? null;
  const tab: Tab = tabs.find((t) => t === search.get("tab")) ?? "logs";

  const set = useCallback(
    (name: string, value: string) =>
      setSearch((was) => {
        const next = new URLSearchParams(was);
        next.set(name, value);
        return next;
      }, { replace: true }),
    [setSearch],
  );
  const select = useCallback((of: string) => set("sel", of), [set]);

  useKeys({
    ...Object.fromEntries(tabs.map((t, i) => [String(i + 1), () => set("tab", t)])),
    r: () => actions.open("rerun"),
    c: () => void go(comparison),
    "Shift C": () => actions.open("cancel"),
    Escape: () => void go("/runs"),
  });

  const notes = useMemo(() => new Map(graph.nodes.map((n) => [n.id, noteOf(run, n, now)])), [graph, run, now]);
  const shares = useMemo(() => new Map(graph.nodes.map((n) => [n.id, shareOf(latestAttempt(run, n.step, n.item))])), [graph, run]);
  const rows = useMemo(() => rowsOf(run, graph), [run, graph]);
  const noteFor = useCallback((of: string) => notes.get(of) ?? "", [notes]);
  const shareFor = useCallback((of: string) => shares.get(of) ?? null, [shares]);
  const asksForVote = run.status === "waiting" && run.steps.some((s) => s.uses === "approval" && s.status === "waiting");
  const asks = useQuery({ ...reviewsQuery, enabled: asksForVote }).data?.find((r) => r.run_id === run.id && r.status === "pending_approval");
  const ticker = tickerOf({ parameters: run.request.parameters } as never);
  const took = (run.ended_utc === null ? now : Date.parse(run.ended_utc)) - Date.parse(run.requested_utc);

  return (
    <div className="pg pg-run">
      <div className="hd">
        <h1>
          <OtherText>{ticker === null ? run.workflow : `${run.workflow}, ${ticker}`}</OtherText>
        </h1>
        <span role="status">
          <StateBadge state={run.status} label={asksForVote ? voteWord(asks) : undefined} />
        </span>
        <div className="met">
          <span>
            Step{" "}
            <b>
              {stepAt(run)} of {run.steps.length}
            </b>
          </span>
          <span>
            Asked for{" "}
            <b>
              <TimeText at={run.requested_utc} form="short" precision="second" />
            </b>
          </span>
          <span>
            {open ? "Elapsed" : "Took"} <b>{open ? age(took) : duration(took)}</b>
          </span>
          <span>
            Version <b>{run.version}</b>
          </span>
          <span>
            By <b><OtherText most={24}>{run.request.requested_by}</OtherText></b>
          </span>
          {run.request.rerun === null ? null : (
            <span>
              Rerun of <b className="mono">{shortId(run.request.rerun.of)}</b>
            </span>
          )}
        </div>
        <span className="sp" />
        <Link className="btn" to={comparison}>
          {compared.before} <kbd>C</kbd>
        </Link>
        <CopyAsCli command={["./sigmatiq", "runs", "show", run.id]} />
        <RunActions run={run} actions={actions} />
      </div>
      {run.reason === null ? null : (
        <p className={`why t-${lookOf(run.status).tone}`}>
          <Glyph name={lookOf(run.status).glyph} />
          <OtherText most={400}>{run.reason}</OtherText>
        </p>
      )}
      <section className="card run-graph" aria-labelledby="graph-h">
        <div className="ch">
          <h2 id="graph-h">{words.graph}</h2>
          <span className="s">{open ? "live" : "as it ended"}</span>
          <span className="sp" />
          <ul className="legend sm sub">
            {legend.map((s) => (
              <li key={s}>
                <span className={`t-${lookOf(s).tone}`}>
                  <Glyph name={lookOf(s).glyph} size={11} />
                </span>
                {s === "ready" ? states["queued"] : states[s]}
              </li>
            ))}
          </ul>
        </div>
        {definition.error !== null ? (
          <ErrorPanel error={definition.error} onRetry={() => void definition.refetch()} what="The graph cannot be read." />
        ) : definition.data === undefined ? (
          <div style={{ height: 146 }} aria-busy="true" />
        ) : (
          <>
            <div className="canvas">
              <DagCanvas graph={graph} selected={node?.id ?? null} onSelect={select} noteOf={noteFor} shareOf={shareFor} label={`Run graph: ${stepsDone(run)} of ${run.steps.length} steps done`} />
            </div>
            <ol className="steps-list">
              {graph.nodes.map((n) => (
                <li key={n.id}>
                  <button type="button" className={n.id === node?.id ? "on" : undefined} onClick={() => select(n.id)} aria-pressed={n.id === node?.id}>
                    <StateBadge state={n.state} plain label={n.item === null ? n.step : `${n.step} ${n.item + 1}`} />
                    <span className="sm sub one">{notes.get(n.id)}</span>
                  </button>
                </li>
              ))}
            </ol>
          </>
        )}
      </section>
      <section className="card run-time" aria-labelledby="time-h">
        <div className="ch">
          <h2 id="time-h">{words.timeline}</h2>
          <span className="s">{collapse ? words.gapsNote : ""}</span>
          <span className="sp" />
          <Segmented label="Scale" value={collapse ? "cut" : "true"} options={scales} onChange={(v) => setCollapse(v === "cut")} />
        </div>
        <Timeline rows={rows} now={now} isOpen={open} collapse={collapse} selected={node?.id ?? null} onSelect={select} />
      </section>
      {node === null ? (
        <section className="card" aria-busy="true" />
      ) : (
        <StepPanel run={run} node={node} definition={definition.data} lines={lines} tab={tab} onTab={(t) => set("tab", t)} query={search.get("q") ?? ""} onQuery={(q) => set("q", q)} />
      )}
      {actions.dialog}
    </div>
  );
}
