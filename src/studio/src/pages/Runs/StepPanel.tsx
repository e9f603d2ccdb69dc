import { useMemo } from "react";
import type { RunShown, WorkflowGraph } from "../../api/client";
import { DigestChip } from "../../components/DigestChip";
import { Glyph } from "../../components/Icon";
import { JsonView } from "../../components/JsonView";
import { LogView } from "../../components/LogView";
import { OtherText } from "../../components/OtherText";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import type { FlowNode } from "../../flow/model";
import { isOpen } from "../../flow/states";
import { linesOfStep } from "../../flow/source";
import type { LogEvent } from "../../live/source";
import { duration, visible } from "../../text/format";
import { runs as words } from "../../text/strings";
import { attemptsOf, latestAttempt, problemOf } from "./facts";

export const tabs = ["logs", "inputs", "outputs", "attempts", "yaml"] as const;
export type Tab = (typeof tabs)[number];

interface StepPanelProps {
  run: RunShown;
  node: FlowNode;
  definition: WorkflowGraph | undefined;
  lines: readonly LogEvent[];
  tab: Tab;
  onTab(tab: Tab): void;
  query: string;
  onQuery(query: string): void;
}

/** One step, or one item of it: why it failed, what it wrote, took and gave. */
export function StepPanel({ run, node, definition, lines, tab, onTab, query, onQuery }: StepPanelProps) {
  const step = run.steps.find((s) => s.name === node.step);
  const instance = step?.instances.find((i) => i.index === (node.item ?? 0));
  const spec = definition?.steps.find((s) => s.name === node.step);
  const attempt = latestAttempt(run, node.step, node.item);
  const own = useMemo(() => lines.filter((l) => l.step === node.step && (node.item === null || l.item === node.item)), [lines, node.step, node.item]);
  const title = node.item === null ? node.step : `${node.step} ${node.item + 1} of ${node.items}`;
  const problem = node.state === "failed" ? problemOf(attempt?.problem ?? (instance?.problem == null ? null : JSON.stringify(instance.problem))) : null;
  const why = problem === null ? (instance?.reason ?? step?.reason ?? null) : null;

  function turn(event: React.KeyboardEvent) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length]!;
    onTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  }

  return (
    <section className="card panel" aria-labelledby="panel-h">
      <div className="ch">
        <h2 id="panel-h">{title}</h2>
        <StateBadge state={node.state} />
        <span className="sp" />
        <span className="sm mut">{attempt === undefined ? spec?.uses : `attempt ${attempt.attempt}${spec === undefined || spec.attempts <= 1 ? "" : ` of ${spec.attempts}`}`}</span>
      </div>
      <div className="tabs" role="tablist" aria-label="Step" onKeyDown={turn}>
        {tabs.map((t) => (
          <button key={t} id={`tab-${t}`} type="button" role="tab" aria-selected={t === tab} aria-controls="panel-body" tabIndex={t === tab ? 0 : -1} onClick={() => onTab(t)}>
            {t === "yaml" ? words.yaml : words[t]}
          </button>
        ))}
      </div>
      <div>
        {problem === null ? null : (
          <div className="error" role="alert">
            <p className="error-t">
              <Glyph name="cross" />
              <span>{visible(problem.message)}</span>
            </p>
            {problem.remedy === null ? null : <p>{visible(problem.remedy)}</p>}
            <p className="error-f">
              {problem.code === "" ? null : <code>{problem.code}</code>}
              {problem.where === null ? null : <code>{visible(problem.where)}</code>}
            </p>
          </div>
        )}
        {why === null ? null : (
          <p className="why-step sm">
            <OtherText most={300}>{why}</OtherText>
          </p>
        )}
        <div className="io">
          <div>
            <span className="l">Needs</span>
            <span className="one">{spec === undefined || spec.needs.length === 0 ? "nothing" : spec.needs.join(", ")}</span>
          </div>
          <div>
            <span className="l">{instance?.reused_from ? "Taken over from" : "Input hash"}</span>
            {instance?.reused_from ? <DigestChip digest={instance.reused_from} /> : instance?.input_hash ? <DigestChip digest={instance.input_hash} algorithm="sha256" /> : <span className="mut">not begun</span>}
          </div>
        </div>
      </div>
      <div id="panel-body" role="tabpanel" aria-labelledby={`tab-${tab}`} className={tab === "logs" ? "panel-body" : "panel-body plain"} tabIndex={tab === "logs" ? -1 : 0}>
        {tab === "logs" ? (
          <LogView key={node.id} lines={own} isOpen={isOpen(run.status)} query={query} onQuery={onQuery} namesItem={node.item === null && node.items > 1} />
        ) : tab === "inputs" ? (
          instance === undefined ? <p className="none">{words.notStarted}</p> : Object.keys(instance.input).length === 0 ? <p className="none">It takes nothing.</p> : <JsonView value={instance.input} />
        ) : tab === "outputs" ? (
          instance?.output == null ? <p className="none">{words.noOutput}</p> : <JsonView value={instance.output} />
        ) : tab === "attempts" ? (
          <Attempts run={run} node={node} />
        ) : (
          <Yaml definition={definition} step={node.step} />
        )}
      </div>
    </section>
  );
}

function Attempts({ run, node }: { run: RunShown; node: FlowNode }) {
  const all = attemptsOf(run, node.step, node.item);
  if (all.length === 0) return <p className="none">{words.notStarted}</p>;
  return (
    <div className="scroll-x">
      <table className="table attempts">
        <thead>
          <tr>
            {node.items > 1 && node.item === null ? <th scope="col">Item</th> : null}
            <th scope="col" className="r">
              No
            </th>
            <th scope="col">State</th>
            <th scope="col">Began</th>
            <th scope="col" className="r">
              Took
            </th>
            <th scope="col">Problem</th>
          </tr>
        </thead>
        <tbody>
          {all.map((a) => (
            <tr key={`${a.item} ${a.attempt}`}>
              {node.items > 1 && node.item === null ? <td>{a.item + 1}</td> : null}
              <td className="r">{a.attempt}</td>
              <td>
                <StateBadge state={a.status} />
              </td>
              <td>
                <TimeText at={a.started_at_utc} form="time" precision="second" />
              </td>
              <td className="r">{a.ended_at_utc === null ? "" : duration(Date.parse(a.ended_at_utc) - Date.parse(a.started_at_utc))}</td>
              <td>
                <OtherText most={60}>{problemOf(a.problem)?.message ?? ""}</OtherText>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Yaml({ definition, step }: { definition: WorkflowGraph | undefined; step: string }) {
  const part = useMemo(() => (definition === undefined ? null : linesOfStep(definition.text, step)), [definition, step]);
  if (part === null) return <p className="none">The step is not written by itself in the file.</p>;
  return (
    <pre className="yaml">
      <code>
        {part.lines.map((line, i) => (
          <span key={i}>
            <i>{part.first + i}</i>
            {visible(line)}
          </span>
        ))}
      </code>
    </pre>
  );
}
