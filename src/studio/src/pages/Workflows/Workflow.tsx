import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { FlowCanvas } from "../../components/FlowCanvas";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { YamlDoc } from "../../designer/document";
import { readWorkflow } from "../../designer/model";
import { NODE, placed, tidied } from "../../designer/walk";
import { inWords } from "../../text/cron";
import { digest, many } from "../../text/format";
import { workflowPages as words } from "../../text/designer";
import { grid as overTime, nav, needs, workflows as listWords } from "../../text/strings";
import { firesQuery, layoutQuery, meQuery, textQuery, versionsQuery } from "../Designer/queries";
import { RunsOverTime, useGrid } from "../Runs/Grid";
import { gridQuery } from "../Runs/queries";
import { canPause, Pause, Trigger, whyNot } from "./Decisions";
import { workflowsQuery } from "./queries";
import "./detail.css";

type Tab = "graph" | "versions" | "runs" | "yaml" | "fires";
const tabs = (["graph", "versions", "runs", "yaml", "fires"] as const).map((value) => ({ value, label: words[value] }));

/** What happens in which order, since when, and when next. */
export function WorkflowPage() {
  const id = useParams()["id"] ?? "";
  const go = useNavigate();
  const [search, setSearch] = useAddress();
  const tab = (tabs.find((t) => t.value === search.get("tab"))?.value ?? "graph") as Tab;
  const action = search.get("do");
  const text = useQuery(textQuery(id));
  const layout = useQuery(layoutQuery(id));
  const listed = useQuery(workflowsQuery);
  const me = useQuery(meQuery);
  const crumbs = useMemo(() => [{ label: nav.workflows, to: "/workflows" }, { label: id, mono: true }], [id]);
  usePage(`${nav.workflows}, ${id}`, crumbs);
  const shown = text.data ?? null;
  const row = listed.data?.find((w) => w.id === id);
  const barred = me.data !== undefined && !me.data.rights.includes("run") ? needs.viewer : null;

  const set = (key: string, value: string | null) =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      if (value === null) next.delete(key);
      else next.set(key, value);
      return next;
    }, { replace: true });
  useKeys({
    e: () => void go(`/workflows/${id}/edit`),
    t: () => row !== undefined && whyNot(row) === null && barred === null && set("do", "trigger"),
    p: () => row !== undefined && canPause(row) && barred === null && set("do", row.paused ? "unpause" : "pause"),
    "1": () => set("tab", null), "2": () => set("tab", "versions"), "3": () => set("tab", "runs"), "4": () => set("tab", "yaml"), "5": () => set("tab", "fires"),
  });

  const workflow = useMemo(() => {
    const doc = shown === null ? undefined : YamlDoc.read(shown.text).doc;
    return doc === undefined ? null : readWorkflow(doc);
  }, [shown]);
  const at = useMemo(() => (workflow === null ? new Map<string, { x: number; y: number }>() : layout.data === undefined || Object.keys(layout.data.positions).length === 0 ? tidied(workflow) : placed(workflow, new Map(Object.entries(layout.data.positions).map(([n, [x, y]]) => [n, { x: x ?? 0, y: y ?? 0 }])))), [workflow, layout.data]);
  const height = useMemo(() => {
    const tops = [...at.values()].map((p) => p.y);
    return Math.min(600, Math.max(280, Math.max(0, ...tops) - Math.min(0, ...tops) + NODE.height + 120));
  }, [at]);
  const selection = search.get("sel")?.split(",").filter((s) => s !== "") ?? [];
  const step = shown?.steps.find((s) => s.id === selection.at(-1));

  return (
    <div className="pg">
      <div className="hd">
        <h1 className="mono-h"><OtherText>{id}</OtherText></h1>
        {shown === null ? null : <span className="b idle">{shown.version}</span>}
        {shown === null ? null : <span className="sub one wf-sum"><OtherText most={120}>{shown.summary}</OtherText></span>}
        <span className="sp" />
        {row === undefined ? null : (
          <>
            {canPause(row) ? (
              <button type="button" className="btn s" disabled={barred !== null} title={barred ?? undefined} onClick={() => set("do", row.paused ? "unpause" : "pause")}>
                <Icon name={row.paused ? "play" : "pause"} size={14} />
                {row.paused ? listWords.unpause : listWords.pause} <kbd>P</kbd>
              </button>
            ) : null}
            <button type="button" className="btn s" disabled={barred !== null || whyNot(row) !== null} title={barred ?? whyNot(row) ?? undefined} onClick={() => set("do", "trigger")}>
              {listWords.trigger} <kbd>T</kbd>
            </button>
          </>
        )}
        <Link className="btn s p" to={`/workflows/${id}/edit${search.get("sel") === null ? "" : `?sel=${search.get("sel")!}`}`}>
          <Icon name="edit" size={14} />
          {words.edit} <kbd>E</kbd>
        </Link>
      </div>
      {shown === null ? null : (
        <p className="sub wf-facts">
          {shown.schedule === null ? listWords.byHand : inWords(shown.schedule.summary)}
          {row?.next_fire_utc != null && !row.paused ? <>, next <TimeText at={row.next_fire_utc} exchange={row.zone} /></> : null}
          {row?.paused === true ? <> <StateBadge state="paused" plain /> <OtherText most={80}>{row.paused_reason ?? ""}</OtherText></> : null}
          <span className="mono mut" title={shown.workflow_hash}>sha256:{digest(shown.workflow_hash)}</span>
        </p>
      )}
      <div className="wf-tabs"><Segmented label={nav.workflows} value={tab} options={tabs} onChange={(t) => set("tab", t === "graph" ? null : t)} /><span className="sp" /><CopyAsCli command={["./sigmatiq", "workflows", "show", id]} /></div>
      {text.error !== null ? (
        <section className="card"><ErrorPanel error={text.error} onRetry={() => void text.refetch()} what="The workflow cannot be read." /></section>
      ) : text.data === undefined ? (
        <section className="card"><SkeletonRows rows={8} height={47} /></section>
      ) : shown === null ? (
        <section className="card"><EmptyState what={`There is no workflow ${id}`} why="It may have another id, or no saved version yet." action={<Link className="btn p" to="/workflows/new">{words.new}</Link>} cli={["./sigmatiq", "workflows", "list"]} /></section>
      ) : tab === "graph" ? (
        <section className="card wf-graph" aria-label={words.graph}>
          {workflow === null ? null : <FlowCanvas workflow={workflow} at={at} selection={selection} onSelect={(names) => set("sel", names.length === 0 ? null : names.join(","))} label={words.graph} height={height} />}
          {step === undefined ? null : (
            <dl className="wf-step">
              <div><dt>{step.id}</dt><dd className="mono">{step.uses}</dd></div>
              <div><dt>Needs</dt><dd>{step.needs.length === 0 ? "nothing" : step.needs.join(", ")}</dd></div>
              {step.when === null ? null : <div><dt>When</dt><dd className="mono"><OtherText most={120}>{step.when}</OtherText></dd></div>}
              {step.for_each === null ? null : <div><dt>For each</dt><dd className="mono">{step.for_each}, {step.max_parallel ?? 1} at once</dd></div>}
              <div><dt>Attempts</dt><dd>{step.attempts}</dd></div>
            </dl>
          )}
        </section>
      ) : tab === "yaml" ? (
        <section className="card" aria-label={words.yaml}><Source text={shown.text} /></section>
      ) : tab === "versions" ? (
        <Versions id={id} />
      ) : tab === "runs" ? (
        <Runs id={id} />
      ) : (
        <Fires id={id} zone={shown.schedule?.zone ?? null} />
      )}
      {row !== undefined && action === "trigger" && whyNot(row) === null ? <Trigger workflow={row} onClose={() => set("do", null)} /> : null}
      {row !== undefined && (action === "pause" || action === "unpause") && canPause(row) ? <Pause workflow={row} pause={action === "pause"} onClose={() => set("do", null)} /> : null}
    </div>
  );
}

function Source({ text }: { text: string }) {
  return (
    <div className="wf-src" tabIndex={0} role="region" aria-label={words.yaml}>
      {text.replace(/\r?\n$/, "").split(/\r?\n/).map((l, i) => (
        <div key={i}><span className="yd-n">{i + 1}</span><code>{l}</code></div>
      ))}
    </div>
  );
}

function Versions({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(versionsQuery(id));
  if (error !== null) return <section className="card"><ErrorPanel error={error} onRetry={() => void refetch()} /></section>;
  if (data === undefined) return <section className="card"><SkeletonRows rows={3} height={38} /></section>;
  return (
    <section className="card scroll-x" aria-label={words.versions}>
      <table className="table">
        <thead><tr><th scope="col">Version</th><th scope="col">Kept</th><th scope="col">Hash</th><th scope="col">Problems</th><th scope="col"><span className="sr">Actions</span></th></tr></thead>
        <tbody>
          {data.map((v, i) => (
            <tr key={v.version}>
              <td className="mono">{v.version}</td>
              <td>{v.published ? "published" : "not run yet"}{v.in_folder ? "" : ", its file is gone"}</td>
              <td className="mono" title={v.workflow_hash ?? undefined}>{v.workflow_hash === null ? "" : digest(v.workflow_hash)}</td>
              <td>{v.problems.length === 0 ? <span className="mut">none</span> : <span className="t-bad"><OtherText most={100}>{v.problems[0]!.message}</OtherText></span>}</td>
              <td className="r">{i + 1 < data.length ? <Link className="btn s" to={`/workflows/${id}/diff?a=${data[i + 1]!.version}&b=${v.version}`} aria-label={`${words.compare} ${v.version} with ${data[i + 1]!.version}`}><Icon name="diff" size={14} />{words.compare} with {data[i + 1]!.version}</Link> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Runs({ id }: { id: string }) {
  const read = useInfiniteQuery(gridQuery({ workflow: id, status: undefined, ticker: undefined, by: undefined, from: undefined, to: undefined }));
  const grid = useGrid(read.data?.pages, "");
  return (
    <section className="card" aria-label={words.runs}>
      <RunsOverTime grid={grid} read={read} empty={<EmptyState what={words.noRuns} why={overTime.noneWhy} cli={["./sigmatiq", "workflows", "trigger", id]} />} />
      {grid === null || grid.runs.length === 0 ? null : (
        <p className="wf-more">
          <Link className="link" to={`/runs?f=workflow:${encodeURIComponent(id)}`}>All runs of {id}</Link> <span className="mut">{many(grid.runs.length, "run", "runs")} shown</span>
        </p>
      )}
    </section>
  );
}

function Fires({ id, zone }: { id: string; zone: string | null }) {
  const { data, error, refetch } = useQuery(firesQuery(id));
  if (error !== null) return <section className="card"><ErrorPanel error={error} onRetry={() => void refetch()} /></section>;
  if (data === undefined) return <section className="card"><SkeletonRows rows={5} height={38} /></section>;
  if (data.length === 0) return <section className="card"><EmptyState what={words.noFires} why={words.noFiresWhy} cli={["./sigmatiq", "workflows", "next", id]} /></section>;
  return (
    <section className="card wf-fires" aria-label={words.fires}>
      <ol>{data.map((at) => <li key={at}><TimeText at={at} exchange={zone} /></li>)}</ol>
    </section>
  );
}
