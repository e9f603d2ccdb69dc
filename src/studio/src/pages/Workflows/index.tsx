import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useNavigate } from "react-router";
import type { RunListed, WorkflowListed } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { useAddress } from "../../components/Shell/address";
import { SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { lookOf, wordOf } from "../../flow/states";
import { inWords } from "../../text/cron";
import { firesByItself } from "../../text/operate";
import { many, shortId, visible } from "../../text/format";
import { workflowPages as pageWords } from "../../text/designer";
import { nav, needs, workflows as words } from "../../text/strings";
import { overviewQuery } from "../Home/queries";
import { runsQuery } from "../Runs/queries";
import { canPause, Pause, Trigger, whyNot } from "./Decisions";
import { Drafts } from "./Drafts";
import { workflowsQuery } from "./queries";
import "./style.css";

const crumbs = [{ label: nav.workflows }];
const RUNS_SHOWN = 14;

export function WorkflowsPage() {
  const [search, setSearch] = useAddress();
  const { data: all, error, refetch } = useQuery(workflowsQuery);
  // What can be started stands above what cannot yet; within, the server's order.
  const data = useMemo(() => all && [...all.filter((w) => whyNot(w) === null), ...all.filter((w) => whyNot(w) !== null)], [all]);
  const runs = useQuery(runsQuery());
  const overview = useQuery(overviewQuery);
  const selected = search.get("sel");
  const action = search.get("do");
  const go = useNavigate();
  usePage(nav.workflows, crumbs);
  const barred = overview.data?.person.role === "viewer" ? needs.viewer : null;

  const byWorkflow = useMemo(() => {
    const map = new Map<string, RunListed[]>();
    for (const run of runs.data ?? []) {
      const list = map.get(run.workflow) ?? [];
      if (list.length < RUNS_SHOWN) list.push(run);
      map.set(run.workflow, list);
    }
    return map;
  }, [runs.data]);

  const act = (id: string, what: "trigger" | "pause" | "unpause" | null) =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      next.set("sel", id);
      if (what === null) next.delete("do");
      else next.set("do", what);
      return next;
    }, { replace: true });

  const at = data?.findIndex((w) => w.id === selected) ?? -1;
  useKeys({
    j: () => data?.[Math.min((data.length || 1) - 1, at + 1)] && act(data[Math.min(data.length - 1, at + 1)]!.id, null),
    k: () => data?.[Math.max(0, at - 1)] && act(data[Math.max(0, at - 1)]!.id, null),
    e: () => selected !== null && void go(`/workflows/${encodeURIComponent(selected)}/edit`),
    n: () => void go("/workflows/new"),
    Enter: () => selected !== null && void go(`/workflows/${encodeURIComponent(selected)}`),
    t: () => selected !== null && barred === null && act(selected, "trigger"),
    p: () => {
      const w = data?.[at];
      if (w !== undefined && canPause(w) && barred === null) act(w.id, w.paused ? "unpause" : "pause");
    },
  });

  const chosen = data?.find((w) => w.id === selected);
  return (
    <div className="pg">
      <div className="hd">
        <h1>{nav.workflows}</h1>
        <span className="sub">{data === undefined ? "" : `${many(data.length, "workflow", "workflows")}, ${firing(data)}`}</span>
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "workflows", "list"]} />
        <Link className="btn s" to="/workflows/new">
          <Icon name="plus" size={14} />
          {pageWords.new} <kbd>N</kbd>
        </Link>
      </div>
      {data === undefined ? null : <Drafts workflows={data} />}
      <section className="card" aria-label={nav.workflows}>
        {error !== null && data === undefined ? (
          <ErrorPanel error={error} onRetry={() => void refetch()} what="The workflows cannot be read." />
        ) : data === undefined ? (
          <SkeletonRows rows={10} height={47} />
        ) : data.length === 0 ? (
          <EmptyState what={words.none} why={words.noneWhy} cli={["./sigmatiq", "workflows", "list"]} />
        ) : (
          <div className="scroll-x">
            <table className="table flows">
              <thead>
                <tr>
                  <th scope="col">Workflow</th>
                  <th scope="col">Schedule</th>
                  <th scope="col">Last runs, newest right</th>
                  <th scope="col">Next fire</th>
                  <th scope="col">
                    <span className="sr">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.map((w) => (
                  <tr key={`${w.id} ${w.version}`} className={w.id === selected ? "sel" : undefined} id={`w-${w.id}`}>
                    <td data-l="name">
                      <Link className="link" to={`/workflows/${encodeURIComponent(w.id)}`}>
                        <OtherText className="mono name">{w.id}</OtherText>
                      </Link>{" "}
                      <span className="sm mut">{w.version}</span>
                      <div className="sm sub one">
                        {w.problems.length > 0 ? (
                          <span className="t-bad">
                            <OtherText most={120}>{`${w.problems[0]!.code}: ${w.problems[0]!.message}`}</OtherText>
                          </span>
                        ) : (
                          <OtherText most={120}>{w.summary ?? ""}</OtherText>
                        )}
                      </div>
                    </td>
                    <td data-l="schedule">
                      {w.schedule === null ? <span className="mut">{words.byHand}</span> : <span title={`${w.schedule}, ${w.zone}`}>{inWords(w.schedule)}</span>}
                      {w.paused && w.paused_reason !== null ? (
                        <div className="sm one" title={visible(w.paused_reason)}>
                          <StateBadge state="paused" plain />{" "}
                          <OtherText most={120} className="sub">
                            {w.paused_reason}
                          </OtherText>
                        </div>
                      ) : null}
                    </td>
                    <td data-l="runs">
                      <Strip workflow={w.id} runs={byWorkflow.get(w.id) ?? []} />
                    </td>
                    <td data-l="next">{w.next_fire_utc === null || w.paused ? <span className="mut">{w.schedule === null ? "" : "paused"}</span> : <TimeText at={w.next_fire_utc} exchange={w.zone} />}</td>
                    <td data-l="do">
                      <span className="acts">
                        <Link className="btn s i" to={`/workflows/${encodeURIComponent(w.id)}/edit`} aria-label={`${pageWords.edit} ${w.id}`} title={`${pageWords.edit} (E)`}>
                          <Icon name="edit" size={14} />
                        </Link>
                        {canPause(w) ? (
                          <button type="button" className="btn s" disabled={barred !== null} title={barred ?? undefined} onClick={() => act(w.id, w.paused ? "unpause" : "pause")} aria-label={`${w.paused ? words.unpause : words.pause} ${w.id}`}>
                            <Icon name={w.paused ? "play" : "pause"} size={14} />
                            {w.paused ? words.unpause : words.pause}
                          </button>
                        ) : null}
                        <button type="button" className="btn s" disabled={barred !== null || whyNot(w) !== null} title={barred ?? whyNot(w) ?? undefined} onClick={() => act(w.id, "trigger")} aria-label={`${words.trigger} ${w.id}`}>
                          {words.trigger}
                        </button>
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {chosen !== undefined && action === "trigger" && whyNot(chosen) === null ? <Trigger workflow={chosen} onClose={() => act(chosen.id, null)} /> : null}
      {chosen !== undefined && (action === "pause" || action === "unpause") && canPause(chosen) ? <Pause workflow={chosen} pause={action === "pause"} onClose={() => act(chosen.id, null)} /> : null}
    </div>
  );
}

function firing(all: readonly WorkflowListed[]): string {
  const n = all.filter((w) => w.next_fire_utc !== null && !w.paused).length;
  return n === 0 ? "none fires by itself" : firesByItself(n);
}

/** The last runs as a strip of states, newest right; it leads to them. */
export function Strip({ workflow, runs }: { workflow: string; runs: readonly RunListed[] }) {
  if (runs.length === 0) return <span className="mut sm">none yet</span>;
  const newest = runs[0]!;
  return (
    <Link className="runs-strip" to={`/runs?f=workflow:${encodeURIComponent(workflow)}`} aria-label={`${many(runs.length, "run", "runs")} of ${workflow}, the newest ${wordOf(newest.status).toLowerCase()}`}>
      {[...runs].reverse().map((r) => (
        <span key={r.id} className={`cellrun ${lookOf(r.status).tone}`} title={`${shortId(r.id)}, ${wordOf(r.status)}`} />
      ))}
    </Link>
  );
}
