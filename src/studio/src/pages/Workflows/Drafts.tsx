import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { dropWorkflowDraft, getWorkflowDraft, keepWorkflowDraft, type WorkflowDraftMine, type WorkflowListed } from "../../api/client";
import { OtherText } from "../../components/OtherText";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { designer, workflowPages as words } from "../../text/designer";
import { draftsQuery } from "./queries";

/** What the asker began and has not saved: nobody else lists it, and a new workflow is nowhere else. */
export function Drafts({ workflows }: { workflows: readonly WorkflowListed[] }) {
  const { data } = useQuery(draftsQuery);
  const queries = useQueryClient();
  const toast = useToast();
  if (data === undefined || data.length === 0) return null;

  const again = (id: string): Promise<unknown> => Promise.all([queries.invalidateQueries({ queryKey: draftsQuery.queryKey }), queries.invalidateQueries({ queryKey: ["workflow-draft", id] })]);
  const bad = (e: unknown): void => toast({ tone: "bad", text: e instanceof Error ? e.message : String(e) });
  const discard = async (draft: WorkflowDraftMine): Promise<void> => {
    try {
      const { mine } = await getWorkflowDraft({ id: draft.id });
      await dropWorkflowDraft({ id: draft.id });
      await again(draft.id);
      toast({
        tone: "ok", text: `Discarded your draft of ${draft.id}.`,
        action: mine === null ? undefined : { label: designer.undo, run: () => void keepWorkflowDraft({ id: draft.id, body: { text: mine.text, base: mine.base } }).then(() => again(draft.id), bad) },
      });
    } catch (e) {
      bad(e);
    }
  };

  return (
    <section className="card drafts" aria-labelledby="drafts-h">
      <h2 id="drafts-h">{words.drafts}</h2>
      <ul>
        {data.map((d) => (
          <li key={d.id}>
            <Link className="link" to={editOf(d.id, workflows)} title={words.goOn}><OtherText className="mono" most={40}>{d.id}</OtherText></Link>{" "}
            <span className="sm sub">{d.base === null ? "new" : `from ${d.base}`}, kept <TimeText at={d.saved_at_utc} /></span>
            <button type="button" className="btn s g" aria-label={`${words.discard} the draft of ${d.id}`} onClick={() => void discard(d)}>{words.discard}</button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where a draft is gone on with; what was never saved has no version to ask for. */
export function editOf(id: string, workflows: readonly WorkflowListed[]): string {
  return `/workflows/${encodeURIComponent(id)}/edit${workflows.some((w) => w.id === id) ? "" : "?new=1"}`;
}
