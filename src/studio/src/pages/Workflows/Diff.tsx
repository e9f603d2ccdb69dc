import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useParams } from "react-router";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { FlowCanvas } from "../../components/FlowCanvas";
import type { Mark } from "../../components/FlowCanvas/types";
import { OtherText } from "../../components/OtherText";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { usePage } from "../../components/Shell/page";
import { SkeletonRows } from "../../components/Skeleton";
import { YamlDiff } from "../../components/YamlDiff";
import { structural } from "../../designer/differences";
import { YamlDoc } from "../../designer/document";
import { readWorkflow } from "../../designer/model";
import { isObject, toJson, type Json, type JsonObject } from "../../designer/yaml";
import { NODE, tidied } from "../../designer/walk";
import { many } from "../../text/format";
import { workflowPages as words } from "../../text/designer";
import { nav } from "../../text/strings";
import { draftQuery, textQuery, versionsQuery } from "../Designer/queries";
import "./detail.css";

type View = "graph" | "settings" | "yaml";
const views = (["graph", "settings", "yaml"] as const).map((value) => ({ value, label: words[value] }));

/** What changed between two versions, or from one to one's own draft. */
export function WorkflowDiffPage() {
  const id = useParams()["id"] ?? "";
  const [search, setSearch] = useAddress();
  const view = (views.find((v) => v.value === search.get("view"))?.value ?? "graph") as View;
  const versions = useQuery(versionsQuery(id));
  const toDraft = search.get("draft") === "1";
  const a = search.get("a") ?? versions.data?.[1]?.version ?? versions.data?.[0]?.version ?? null;
  const b = toDraft ? null : (search.get("b") ?? versions.data?.[0]?.version ?? null);
  const one = useQuery({ ...textQuery(`${id}@${a ?? ""}`), enabled: a !== null });
  const other = useQuery({ ...textQuery(`${id}@${b ?? ""}`), enabled: b !== null });
  const draft = useQuery({ ...draftQuery(id), enabled: toDraft });
  const crumbs = useMemo(() => [{ label: nav.workflows, to: "/workflows" }, { label: id, to: `/workflows/${id}`, mono: true }, { label: words.compare }], [id]);
  usePage(`${words.compare}, ${id}`, crumbs);
  const set = (key: string, value: string) =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      next.set(key, value);
      if (key === "b") next.delete("draft");
      return next;
    }, { replace: true });

  const [textA, textB] = [one.data?.text ?? null, toDraft ? (draft.data?.mine?.text ?? null) : (other.data?.text ?? null)];
  const error = versions.error ?? one.error ?? other.error ?? draft.error;
  const busy = error === null && (one.data === undefined || (toDraft ? draft.data === undefined : other.data === undefined));
  const facts = useMemo(() => {
    if (textA === null || textB === null) return null;
    const [x, y] = [YamlDoc.read(textA).doc, YamlDoc.read(textB).doc];
    if (x === undefined || y === undefined) return null;
    const diff = structural(x.content, y.content);
    // The newer graph, with what was taken away drawn where it stood.
    const united: JsonObject = { steps: { ...(isObject(y.content) && isObject(y.content["steps"]) ? y.content["steps"] : {}) } };
    const wx = readWorkflow(x);
    const steps = united["steps"] as JsonObject;
    for (const name of diff.removed) steps[name] = toJson(wx.byName.get(name)!.node);
    const workflow = readWorkflow(YamlDoc.of(united));
    const marks = new Map<string, Mark>([...diff.added.map((s) => [s, "added"] as const), ...diff.removed.map((s) => [s, "removed"] as const), ...diff.changed.map((s) => [s, "changed"] as const)]);
    const at = tidied(workflow);
    return { diff, workflow, marks, at, height: Math.min(600, Math.max(280, Math.max(0, ...[...at.values()].map((p) => p.y)) + NODE.height + 120)) };
  }, [textA, textB]);

  return (
    <div className="pg">
      <div className="hd">
        <h1>{words.compare} <OtherText className="mono-h">{id}</OtherText></h1>
        <label className="wf-pick">from <select className="input" value={a ?? ""} onChange={(e) => set("a", e.target.value)}>{(versions.data ?? []).map((v) => <option key={v.version}>{v.version}</option>)}</select></label>
        <label className="wf-pick">to <select className="input" value={toDraft ? "draft" : (b ?? "")} onChange={(e) => set(e.target.value === "draft" ? "draft" : "b", e.target.value === "draft" ? "1" : e.target.value)}>
          <option value="draft">your draft</option>
          {(versions.data ?? []).map((v) => <option key={v.version}>{v.version}</option>)}
        </select></label>
        <span className="sp" />
        {b === null || a === null ? null : <CopyAsCli command={["./sigmatiq", "workflows", "diff", `${id}@${a}`, `${id}@${b}`]} />}
      </div>
      <div className="wf-tabs">
        <Segmented label={words.compare} value={view} options={views} onChange={(v) => set("view", v)} />
        {facts === null ? null : (
          <span className="sub sm">
            <span className="t-ok">+ {many(facts.diff.added.length, "step", "steps")}</span>, <span className="t-bad">− {many(facts.diff.removed.length, "step", "steps")}</span>, <span className="t-warn">~ {facts.diff.changed.length} changed</span>, {many(facts.diff.settings.length, "setting", "settings")}
          </span>
        )}
      </div>
      {error !== null ? (
        <section className="card"><ErrorPanel error={error} what="The versions cannot be compared." onRetry={() => void Promise.all([versions.refetch(), one.refetch(), other.refetch()])} /></section>
      ) : busy ? (
        <section className="card"><SkeletonRows rows={8} height={38} /></section>
      ) : facts === null ? (
        <section className="card"><EmptyState what={toDraft && textB === null ? "You have no draft" : "There is nothing to compare"} why={toDraft && textB === null ? "Whatever you change in the designer is kept as a draft within two seconds." : "Choose two versions that there are."} cli={["./sigmatiq", "workflows", "diff", `${id}@1.0.0`, id]} /></section>
      ) : view === "yaml" ? (
        <section className="card wf-pad"><YamlDiff a={textA!} b={textB!} label={`${id}, ${a ?? ""} and ${b ?? "your draft"}`} /></section>
      ) : facts.diff.differences.length === 0 ? (
        <section className="card"><EmptyState what={words.same} why={words.sameWhy} /></section>
      ) : view === "graph" ? (
        <section className="card wf-graph" aria-label={words.graph}><FlowCanvas workflow={facts.workflow} at={facts.at} selection={[]} onSelect={() => undefined} label={words.graph} marks={facts.marks} height={facts.height} /></section>
      ) : (
        <section className="card scroll-x" aria-label={words.settings}>
          <table className="table">
            <thead><tr><th scope="col"><span className="sr">Change</span></th><th scope="col">Where</th><th scope="col">{a}</th><th scope="col">{b ?? "your draft"}</th></tr></thead>
            <tbody>
              {facts.diff.differences.map((d) => {
                const [sign, tone] = d.a === undefined ? ["+", "ok"] : d.b === undefined ? ["−", "bad"] : ["~", "warn"];
                return (
                  <tr key={d.path.join(".")}>
                    <td><b className={`mono t-${tone}`}>{sign}</b></td>
                    <td className="mono"><OtherText most={60}>{d.path.join(".")}</OtherText></td>
                    <td className="mono"><OtherText most={60}>{shown(d.a)}</OtherText></td>
                    <td className="mono"><OtherText most={60}>{shown(d.b)}</OtherText></td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

function shown(value: Json | undefined): string {
  return value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
}
