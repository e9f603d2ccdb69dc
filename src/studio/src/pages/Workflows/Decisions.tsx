import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { pauseWorkflow, triggerWorkflow, unpauseWorkflow, type WorkflowListed } from "../../api/client";
import { ErrorPanel } from "../../components/ErrorPanel";
import { PreviewDialog } from "../../components/PreviewDialog";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { many, shortId } from "../../text/format";
import { YamlDoc } from "../../designer/document";
import { kindsQuery } from "../Designer/queries";
import { readParameters, textOf, withChoices, type Written } from "./parameters";
import { workflowQuery } from "./queries";

/** Why it cannot be started by hand; null where it can. */
export function whyNot(w: WorkflowListed): string | null {
  if (w.problems.length > 0) return w.problems[0]!.message;
  return w.paused_reason !== null && /arrives? with a later release/.test(w.paused_reason) ? w.paused_reason : null;
}

export function canPause(w: WorkflowListed): boolean {
  return w.schedule !== null && whyNot(w) === null;
}

export function Trigger({ workflow, onClose }: { workflow: WorkflowListed; onClose(): void }) {
  const go = useNavigate();
  const toast = useToast();
  const { data, error } = useQuery(workflowQuery(`${workflow.id}@${workflow.version}`));
  const [written, setWritten] = useState<Written>({});
  const kinds = useQuery(kindsQuery).data;
  const parameters = useMemo(() => (data === undefined ? [] : kinds === undefined ? data.parameters : withChoices(data.parameters, YamlDoc.read(data.text).doc?.content ?? null, kinds)), [data, kinds]);
  const read = useMemo(() => readParameters(parameters, written), [parameters, written]);
  const wrong = parameters.find((p) => read.problems[p.name] !== undefined)?.name;
  const command = ["./sigmatiq", "workflows", "trigger", workflow.id, ...Object.entries(read.values).flatMap(([k, v]) => ["--param", `${k}=${textOf(v)}`])];
  if (data === undefined && error === null) return null;
  return (
    <PreviewDialog
      title={`Start ${workflow.id} ${workflow.version}`}
      open
      onClose={onClose}
      effects={[`A run of ${workflow.id} ${workflow.version} begins${data === undefined ? "" : ` with ${many(data.steps.length, "step", "steps")}`}.`, ...(data?.steps.some((s) => s.uses === "approval") === true ? ["It asks for a person's vote before it goes on."] : [])]}
      confirm="Start"
      reason={false}
      cli={command}
      onConfirm={async () => {
        if (wrong !== undefined) {
          document.getElementById(`p-${wrong}`)?.focus();
          throw new Error(`Correct “${wrong}” first. ${read.problems[wrong]}`);
        }
        const run = await triggerWorkflow({ id: `${workflow.id}@${workflow.version}`, body: { parameters: read.values } });
        toast({ tone: "ok", text: `${shortId(run.id)} is ${run.status}.` });
        await go(`/runs/${run.id}`);
      }}
    >
      {error !== null ? <ErrorPanel error={error} what="Its parameters cannot be read." /> : null}
      <div className="params">
        {parameters.map((p, i) => {
          const id = `p-${p.name}`;
          const problem = read.problems[p.name];
          const value = written[p.name] ?? textOf(p.default);
          const set = (text: string): void => setWritten((was) => ({ ...was, [p.name]: text }));
          return (
            <div className="field" key={p.name}>
              <label htmlFor={id}>
                {p.name} <span className="mut">{p.type}</span>
              </label>
              {p.one_of.length > 0 || p.type === "bool" ? (
                <select id={id} className="input" value={value} onChange={(e) => set(e.target.value)} aria-invalid={problem !== undefined} aria-describedby={`${id}-h`}>
                  {textOf(p.default) === "" ? <option value="" /> : null}
                  {(p.one_of.length > 0 ? p.one_of.map(textOf) : ["true", "false"]).map((o) => (
                    <option key={o}>{o}</option>
                  ))}
                </select>
              ) : (
                <input id={id} className="input" data-autofocus={i === 0 || undefined} value={value} onChange={(e) => set(e.target.value)} aria-invalid={problem !== undefined} aria-describedby={`${id}-h`} autoComplete="off" spellCheck={false} />
              )}
              <span className={problem === undefined ? "help" : "help t-bad"} id={`${id}-h`}>
                {problem ?? p.help}
              </span>
            </div>
          );
        })}
      </div>
    </PreviewDialog>
  );
}

export function Pause({ workflow, pause, onClose }: { workflow: WorkflowListed; pause: boolean; onClose(): void }) {
  const queries = useQueryClient();
  const toast = useToast();
  return (
    <PreviewDialog
      title={`${pause ? "Pause" : "Resume"} the schedule of ${workflow.id}`}
      open
      onClose={onClose}
      effects={
        pause
          ? ["It starts nothing by itself until it is resumed.", ...(workflow.next_fire_utc === null ? [] : [<>The fire at <TimeText key="t" at={workflow.next_fire_utc} exchange={workflow.zone} /> does not happen.</>])]
          : ["It starts by itself again.", ...(workflow.next_fire_utc === null ? [] : [<>Next at <TimeText key="t" at={workflow.next_fire_utc} exchange={workflow.zone} />.</>])]
      }
      stays={pause ? ["Runs under way go on.", "It can be started by hand."] : []}
      confirm={pause ? "Pause" : "Resume"}
      reason
      onConfirm={async (reason) => {
        await (pause ? pauseWorkflow : unpauseWorkflow)({ id: workflow.id, body: { reason } });
        toast({ tone: "ok", text: pause ? "The schedule is paused." : "The schedule goes on." });
        await Promise.all([queries.invalidateQueries({ queryKey: ["workflows"] }), queries.invalidateQueries({ queryKey: ["overview"] }), queries.invalidateQueries({ queryKey: ["schedules"] })]);
      }}
      cli={(reason) => ["./sigmatiq", "workflows", pause ? "pause" : "unpause", workflow.id, "--reason", reason]}
    />
  );
}
