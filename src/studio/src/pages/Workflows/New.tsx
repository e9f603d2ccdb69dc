import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { getWorkflow, keepWorkflowDraft } from "../../api/client";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useAddress } from "../../components/Shell/address";
import { usePage } from "../../components/Shell/page";
import { YamlDoc } from "../../designer/document";
import { isName, newWorkflow, setValue } from "../../designer/edits";
import { readWorkflow } from "../../designer/model";
import { designer, workflowPages as words } from "../../text/designer";
import { nav } from "../../text/strings";
import { meQuery } from "../Designer/queries";
import { editOf } from "./Drafts";
import { draftsQuery, workflowsQuery } from "./queries";
import "./detail.css";

const crumbs = [{ label: nav.workflows, to: "/workflows" }, { label: words.new }];

/** A workflow begins as a draft: nothing is in the folder before its first version is saved. */
export function NewWorkflowPage() {
  usePage(words.new, crumbs);
  const go = useNavigate();
  const [search] = useAddress();
  const all = useQuery(workflowsQuery);
  const me = useQuery(meQuery);
  const drafts = useQuery(draftsQuery);
  const [id, setId] = useState("");
  const [summary, setSummary] = useState("");
  const [from, setFrom] = useState(search.get("from") ?? "");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const barred = me.data !== undefined && !me.data.rights.includes("operate") ? designer.noRight : null;
  const sources = useMemo(() => [...new Set((all.data ?? []).filter((w) => w.problems.length === 0).map((w) => w.id))], [all.data]);
  const wrong = id === "" ? null : !isName(id) ? words.idHelp : all.data?.some((w) => w.id === id) === true ? `There is a workflow ${id} already.` : null;
  // To begin anew would write over it.
  const begun = wrong === null && drafts.data?.some((d) => d.id === id) === true;
  const missing = barred ?? (id === "" ? "It needs an id." : wrong !== null ? wrong : begun ? `You have a draft of ${id}: go on with it, or discard it on the page of workflows.` : summary.trim() === "" ? "It needs a summary." : null);

  async function begin() {
    setBusy(true);
    try {
      let text = newWorkflow(id, summary.trim());
      if (from !== "") {
        let doc = YamlDoc.read((await getWorkflow({ id: from })).text).doc!;
        for (const [key, value] of [["workflow", id], ["version", "1.0.0"], ["summary", summary.trim()]] as const) doc = setValue(readWorkflow(doc), [key], value);
        // A copy of a schedule would fire beside the one it was copied from.
        doc = setValue(readWorkflow(doc), ["schedule"], undefined);
        text = doc.text;
      }
      await keepWorkflowDraft({ id, body: { text, base: null } });
      await go(`/workflows/${id}/edit?new=1`);
    } catch (e) {
      setError(e);
      setBusy(false);
    }
  }

  return (
    <div className="pg">
      <div className="hd"><h1>{words.new}</h1><span className="sub">{words.newWhy}</span></div>
      <form className="card wf-new" onSubmit={(e) => { e.preventDefault(); if (missing === null && !busy) void begin(); }}>
        <div className="field">
          <label htmlFor="wf-id">{words.id}</label>
          <input id="wf-id" className={wrong === null ? "input mono" : "input mono e"} value={id} onChange={(e) => setId(e.target.value)} autoFocus autoComplete="off" spellCheck={false} aria-invalid={wrong !== null} aria-describedby="wf-id-h" />
          <span id="wf-id-h" className={wrong === null ? "help" : "help t-bad"}>{wrong ?? words.idHelp}</span>
        </div>
        <div className="field">
          <label htmlFor="wf-sum">{designer.summary}</label>
          <input id="wf-sum" className="input" value={summary} maxLength={200} onChange={(e) => setSummary(e.target.value)} autoComplete="off" />
          <span className="help">What it is for, in one sentence.</span>
        </div>
        <div className="field">
          <label htmlFor="wf-from">{words.from}</label>
          <select id="wf-from" className="input" value={from} onChange={(e) => setFrom(e.target.value)}>
            <option value="">{words.fromNothing}</option>
            {sources.map((s) => <option key={s} value={s}>{`A copy of ${s}`}</option>)}
          </select>
          <span className="help">A copy takes everything but the schedule, which would fire beside the other.</span>
        </div>
        {error === null ? null : <ErrorPanel error={error} />}
        <div className="wf-new-f">
          <span className="sm mut" id="wf-why">{missing}</span>
          {begun ? <Link className="btn s" to={editOf(id, all.data ?? [])}>{words.goOn}</Link> : null}
          <span className="sp" />
          <button type="submit" className="btn p" disabled={missing !== null || busy} aria-describedby="wf-why">{words.begin}</button>
        </div>
      </form>
    </div>
  );
}
