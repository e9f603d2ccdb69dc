import { useCallback, useMemo, useState, type ReactNode } from "react";
import { brief } from "../../designer/brief";
import type { Problem } from "../../designer/check";
import { candidates } from "../../designer/complete";
import { isName, renameStep, setValue, whyNotDisconnect, disconnect } from "../../designer/edits";
import { controlOf, readWritten, written } from "../../designer/fields";
import type { Step } from "../../designer/model";
import { labelOf } from "../../designer/palette";
import { any, named, type Field, type FieldType, type Kind } from "../../designer/types";
import { find, isNothing, nodeAt, said, toJson, type Json, type YamlNode } from "../../designer/yaml";
import { Glyph, Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { inWords } from "../../text/cron";
import { designer as words } from "../../text/designer";
import { ExpressionInput } from "./ExpressionInput";
import type { Designer } from "./useDesigner";

const PARAMETER_TYPES = ["text", "symbol", "pack", "int", "number", "bool", "date", "duration", "instant", "list", "map"];
const text: FieldType = { kind: "text" };

export interface InspectorProps {
  designer: Designer;
  kinds: ReadonlyMap<string, Kind>;
  step: Step | null;
  barred: string | null;
  say(message: string): void;
  onConnect(): void;
  onFix(problem: Problem): void;
}

export function Inspector(props: InspectorProps) {
  return props.step === null ? <WorkflowForm {...props} /> : <StepForm key={props.step.name} {...props} step={props.step} />;
}

function useFields({ designer, kinds, barred, say, onFix }: InspectorProps, step: string) {
  const { workflow, problems } = designer;
  const offered = useCallback((type: FieldType) => () => candidates(workflow, kinds, step, type), [workflow, kinds, step]);
  return {
    workflow, offered,
    set(path: readonly string[], value: Json | undefined, label: string) {
      const why = designer.edit(`${label}${step === "" ? "" : ` of ${step}`}`, (w) => setValue(w, path, value), undefined, path.join("."));
      if (why !== null) say(why);
    },
    problemsAt: (path: readonly string[]) => problems.filter((p) => p.path.length >= path.length && path.every((k, i) => p.path[i] === k)),
    barred, onFix,
  };
}

type Fields = ReturnType<typeof useFields>;

/** A row of the form: label, control, and below it what is wrong with a fix. */
function Row({ label, id, fields, path, help, children, required = false }: { label: string; id: string; fields: Fields; path: readonly string[]; help?: string | undefined; children: ReactNode; required?: boolean }) {
  const wrong = fields.problemsAt(path);
  return (
    <div className="ir">
      <label htmlFor={id} title={help}>
        {label}
        {required ? <span className="mut" aria-hidden="true"> *</span> : null}
      </label>
      <div className="ir-c">
        {children}
        {wrong.length > 0 ? (
          wrong.slice(0, 2).map((p, i) => (
            <p key={i} className={p.severity === "error" ? "ir-e t-bad" : "ir-e t-warn"} id={i === 0 ? `${id}-e` : undefined}>
              <Glyph name={p.severity === "error" ? "cross" : "triangle"} size={11} />
              <span>
                {p.fix === undefined ? p.message : <span title={`${p.message} ${p.code}`}>{brief(p)}</span>}{" "}
                {p.fix === undefined ? (
                  <span className="sub">{p.remedy}</span>
                ) : (
                  <button type="button" className="fix" onClick={() => fields.onFix(p)}>
                    {p.fix.label} <kbd>Alt Enter</kbd>
                  </button>
                )}
              </span>
            </p>
          ))
        ) : null}
      </div>
    </div>
  );
}

/** One value by its type: words of a list, yes or no, a line that completes expressions, or lines. */
function Value({ label, path, node, type, fields, help, required = false, standard, isExpression = false, plain = false }: { label: string; path: readonly string[]; node: YamlNode | undefined; type: FieldType; fields: Fields; help?: string | undefined; required?: boolean; standard?: Json | undefined; isExpression?: boolean; plain?: boolean }) {
  const id = `f-${path.join("-")}`;
  const control = plain ? "line" : controlOf(type, node);
  // While somebody writes, what they wrote stands as they wrote it: 1. on the way to 1.5, a list on the way to its bracket.
  const [typing, setTyping] = useState<string | null>(null);
  const now = isNothing(node) ? undefined : toJson(node!);
  const meant = typing === null ? undefined : readWritten(typing, type);
  const value = typing !== null && (meant === undefined ? now === undefined : now !== undefined && said(meant) === said(now)) ? typing : written(isNothing(node) ? undefined : node);
  const wrong = fields.problemsAt(path);
  const disabled = fields.barred !== null;
  const described = wrong.length > 0 ? `${id}-e` : undefined;
  const fix = wrong.find((p) => p.fix !== undefined);
  const set = (next: string): void => {
    setTyping(next);
    fields.set(path, readWritten(next, type), label);
  };
  const empty = standard === undefined || standard === null ? (required ? "" : words.unset) : `${typeof standard === "string" ? standard : JSON.stringify(standard)}`;
  return (
    <Row label={label} id={id} fields={fields} path={path} help={help} required={required}>
      {control === "choice" || control === "truth" ? (
        <select id={id} className={wrong.length > 0 ? "input e" : "input"} value={value} disabled={disabled} aria-invalid={wrong.length > 0} aria-describedby={described} onChange={(e) => set(e.target.value)}
          onKeyDown={(e) => { if (e.altKey && e.key === "Enter" && fix !== undefined) { e.preventDefault(); fields.onFix(fix); } }}>
          <option value="">{empty}</option>
          {(control === "truth" ? ["true", "false"] : [...new Set([...(type.choices ?? []), ...(value === "" ? [] : [value])])]).map((o) => (
            <option key={o}>{o}</option>
          ))}
        </select>
      ) : control === "lines" ? (
        <textarea id={id} className={wrong.length > 0 ? "input mono e" : "input mono"} value={value} disabled={disabled} rows={Math.min(10, value.split("\n").length + 1)} spellCheck={false} aria-invalid={wrong.length > 0} aria-describedby={described} onChange={(e) => set(e.target.value)} />
      ) : (
        <ExpressionInput id={id} value={value} onChange={set} candidates={fields.offered(type)} isExpression={isExpression} invalid={wrong.length > 0} describedBy={described} placeholder={empty} disabled={disabled} onFix={fix === undefined ? undefined : () => fields.onFix(fix)} inputMode={type.kind === "whole" && !value.includes("{") ? "numeric" : "text"} />
      )}
    </Row>
  );
}

function StepForm(props: InspectorProps & { step: Step }) {
  const { designer, kinds, step, barred, say, onConnect } = props;
  const fields = useFields(props, step.name);
  const kind = kinds.get(step.uses);
  const path = ["steps", step.name];
  const each = find(step.node, "for_each");
  const at = (key: string): YamlNode | undefined => find(step.node, key);
  const inputs = useMemo(() => [...(kind?.inputs ?? [])].sort((a, b) => Number(b.required) - Number(a.required)), [kind]);
  // Given ones and those that must be; the rest waits behind one button.
  const [all, setAll] = useState(false);
  const given = (f: Field): boolean => step.given.some((g) => g.key === f.name);
  const shown = inputs.filter((f) => all || f.required || given(f) || inputs.length <= 6);
  const strange = step.given.filter((g) => kind === undefined || !kind.inputs.some((f) => f.name === g.key));
  const edges = designer.workflow.edges.filter((e) => e.to === step.name);
  const whole = designer.problems.filter((p) => p.step === step.name && p.path.length <= 2);

  return (
    <div className="if">
      <div className="ir">
        <span className="ir-l">{words.needs}</span>
        <div className="ir-c chips">
          {edges.length === 0 ? <span className="mut sm">{words.needsNothing}</span> : null}
          {edges.map((e) => (
            <span className="b idle chip" key={e.from} title={e.isNeed ? undefined : `${words.byValue}: ${e.fields.join(", ")}`}>
              <OtherText most={24}>{e.from}</OtherText>
              {e.isNeed ? (
                <button type="button" disabled={barred !== null} aria-label={`${words.remove} ${e.from}`} onClick={() => {
                  const why = whyNotDisconnect(designer.workflow, e.from, step.name) ?? designer.edit(`Disconnect ${e.from} from ${step.name}`, (w) => disconnect(w, e.from, step.name));
                  if (why !== null) say(why);
                }}>
                  ×
                </button>
              ) : (
                <span className="mut by">{e.fields[0]}</span>
              )}
            </span>
          ))}
          <button type="button" className="btn s g" disabled={barred !== null} onClick={onConnect} title={words.connectTo}>
            <Icon name="plus" size={12} /> <kbd>C</kbd>
          </button>
          {fields.problemsAt([...path, "needs"]).concat(whole).slice(0, 3).map((p, i) => (
            <p key={i} className="ir-e t-bad">
              <Glyph name="cross" size={11} />
              <span>
                {p.fix === undefined ? p.message : <span title={`${p.message} ${p.code}`}>{brief(p)}</span>}{" "}
                {p.fix === undefined ? <span className="sub">{p.remedy}</span> : <button type="button" className="fix" onClick={() => props.onFix(p)}>{p.fix.label} <kbd>Alt Enter</kbd></button>}
              </span>
            </p>
          ))}
        </div>
      </div>
      {kind === undefined || step.uses === "" ? <Value label="Uses" path={[...path, "uses"]} node={at("uses")} type={{ kind: "text", choices: [...kinds.keys()] }} fields={fields} required /> : null}
      {shown.map((f) => (
        <Value key={f.name} label={f.name.replaceAll("_", " ")} path={[...path, "with", f.name]} node={step.given.find((g) => g.key === f.name)?.value} type={f.type} fields={fields} help={`${f.words} (${named(f.type)})`} required={f.required} standard={f.standard} />
      ))}
      {strange.map((g) => (
        <Value key={g.key} label={g.key} path={[...path, "with", g.key]} node={g.value} type={any} fields={fields} />
      ))}
      {inputs.length > shown.length ? (
        <button type="button" className="btn s g more" onClick={() => setAll(true)}>
          {inputs.length - shown.length} more inputs
        </button>
      ) : null}
      <h3 className="if-h">Flow</h3>
      <Value label={words.when} path={[...path, "when"]} node={at("when")} type={text} fields={fields} isExpression help="An expression; the step is skipped where it does not hold." />
      <Value label={words.forEach} path={[...path, "for_each", "in"]} node={find(each, "in")} type={{ kind: "list", item: any }} fields={fields} help="Once for each item of a list." />
      {isNothing(each) ? null : (
        <>
          <Value label={words.item} path={[...path, "for_each", "as"]} node={find(each, "as")} type={text} fields={fields} required />
          <Value label={words.atOnce} path={[...path, "for_each", "max_parallel"]} node={find(each, "max_parallel")} type={{ kind: "whole" }} fields={fields} standard={1} help="1 to 64" />
        </>
      )}
      <Value label="Attempts" path={[...path, "retry", "attempts"]} node={find(at("retry"), "attempts")} type={{ kind: "whole" }} fields={fields} standard={1} help="1 to 100" />
      {isNothing(at("retry")) ? null : <Value label="First wait" path={[...path, "retry", "first"]} node={find(at("retry"), "first")} type={text} fields={fields} standard="5s" plain />}
      <Value label={words.timeout} path={[...path, "timeout"]} node={at("timeout")} type={text} fields={fields} plain help="Longest time of one attempt, as in 10m." />
      <Value label={words.onFailure} path={[...path, "on_failure"]} node={at("on_failure")} type={{ kind: "text", choices: ["fail", "continue"] }} fields={fields} standard="fail" />
    </div>
  );
}

function WorkflowForm(props: InspectorProps) {
  const { designer, barred, say } = props;
  const fields = useFields(props, "");
  const { workflow } = designer;
  const root = workflow.doc.root;
  const schedule = find(root, "schedule");
  const group = find(root, "concurrency");
  const cron = find(schedule, "cron");
  const [name, setName] = useState("");

  function addParameter() {
    const key = name.trim();
    if (!isName(key)) return say("Use lower-case letters, digits and underscores, a letter first.");
    if (workflow.parameters.some((p) => p.name === key)) return say(`There is a parameter '${key}' already.`);
    const why = designer.edit(`Add parameter ${key}`, (w) => setValue(w, ["parameters", key], { type: "text", default: null }));
    if (why !== null) return say(why);
    setName("");
  }

  return (
    <div className="if">
      <Value label={words.summary} path={["summary"]} node={find(root, "summary")} type={text} fields={fields} required plain />
      <Value label={words.version} path={["version"]} node={find(root, "version")} type={text} fields={fields} required plain />
      <h3 className="if-h">{words.schedule}</h3>
      <Value label="Cron" path={["schedule", "cron"]} node={cron} type={text} fields={fields} plain help="Five fields as Unix cron, six or seven as Quartz. Nothing: by hand." />
      {isNothing(schedule) ? null : (
        <>
          {cron?.kind === "scalar" ? <p className="ir-n sm sub">{inWords(`${cron.text} (unix)`) === `${cron.text} (unix)` ? "" : inWords(`${cron.text} (unix)`)}</p> : null}
          <Value label="Zone" path={["schedule", "zone"]} node={find(schedule, "zone")} type={text} fields={fields} required plain help="A name of the IANA list, such as America/New_York." />
          <Value label="Calendar" path={["schedule", "calendar"]} node={find(schedule, "calendar")} type={{ kind: "text", choices: ["NYSE", "COLOMBIA"] }} fields={fields} />
          <Value label="Catch up" path={["schedule", "catch_up"]} node={find(schedule, "catch_up")} type={text} fields={fields} standard="skip" plain help="skip, latest, all, window(3)" />
          <button type="button" className="btn s g more" disabled={barred !== null} onClick={() => fields.set(["schedule"], undefined, words.schedule)}>
            Start by hand alone
          </button>
        </>
      )}
      <h3 className="if-h">{words.concurrency}</h3>
      <Value label="Group" path={["concurrency", "group"]} node={find(group, "group")} type={text} fields={fields} plain help="Runs with the same text share slots." />
      {isNothing(group) ? null : (
        <>
          <Value label="Limit" path={["concurrency", "limit"]} node={find(group, "limit")} type={{ kind: "whole" }} fields={fields} required />
          <Value label="When full" path={["concurrency", "when_full"]} node={find(group, "when_full")} type={{ kind: "text", choices: ["queue", "refuse"] }} fields={fields} standard="queue" />
        </>
      )}
      <h3 className="if-h">{words.parameters}</h3>
      {workflow.parameters.map((p) => (
        <fieldset key={p.name} className="ip">
          <legend className="mono">
            <OtherText most={40}>{p.name}</OtherText>
            <button type="button" className="btn s g" disabled={barred !== null} aria-label={`${words.remove} ${p.name}`} onClick={() => fields.set(["parameters", p.name], undefined, p.name)}>
              ×
            </button>
          </legend>
          <Value label="Type" path={["parameters", p.name, "type"]} node={nodeAt(root, ["parameters", p.name, "type"])} type={{ kind: "text", choices: PARAMETER_TYPES }} fields={fields} required />
          <Value label="Default" path={["parameters", p.name, "default"]} node={nodeAt(root, ["parameters", p.name, "default"])} type={any} fields={fields} plain />
          <Value label="Help" path={["parameters", p.name, "help"]} node={nodeAt(root, ["parameters", p.name, "help"])} type={text} fields={fields} plain />
        </fieldset>
      ))}
      <form className="ip-add" onSubmit={(e) => { e.preventDefault(); addParameter(); }}>
        <input className="input mono" aria-label={words.addParameter} placeholder="name" value={name} disabled={barred !== null} onChange={(e) => setName(e.target.value)} autoComplete="off" spellCheck={false} />
        <button type="submit" className="btn s" disabled={barred !== null || name.trim() === ""}>
          {words.addParameter}
        </button>
      </form>
    </div>
  );
}

/** The name of a step, changed in place: everywhere or not at all. */
export function NameField({ designer, step, editing, onDone, say }: { designer: Designer; step: Step; editing: boolean; onDone(): void; say(message: string): void }) {
  const [name, setName] = useState(step.name);
  if (!editing) {
    return (
      <h2>
        <OtherText most={40}>{step.name}</OtherText>
      </h2>
    );
  }
  const why = name === step.name ? null : !isName(name) ? "Lower-case letters, digits and underscores, a letter first." : designer.workflow.byName.has(name) ? `There is a step '${name}' already.` : null;
  const commit = (): void => {
    if (why !== null) return say(why);
    if (name !== step.name) {
      const places = designer.at;
      const wrong = designer.edit(`Rename ${step.name}`, (w) => renameStep(w, step.name, name), [name]);
      if (wrong !== null) return say(wrong);
      const at = places.get(step.name);
      if (at !== undefined) designer.move(new Map([...places].filter(([n]) => n !== step.name).concat([[name, at]])));
    }
    onDone();
  };
  return (
    <form className="name-f" onSubmit={(e) => { e.preventDefault(); commit(); }}>
      <input autoFocus className={why === null ? "input mono" : "input mono e"} aria-label={`${words.rename} ${step.name}`} aria-invalid={why !== null} value={name} onChange={(e) => setName(e.target.value)} onFocus={(e) => e.target.select()} autoComplete="off" spellCheck={false}
        onBlur={() => (why === null ? commit() : onDone())}
        onKeyDown={(e) => { if (e.key === "Escape") { setName(step.name); e.stopPropagation(); onDone(); } }} />
    </form>
  );
}

export function KindTitle({ uses, kinds }: { uses: string; kinds: ReadonlyMap<string, Kind> }) {
  return (
    <span className="s mono one" title={kinds.get(uses)?.summary}>
      {uses === "" ? "" : uses} <span className="sr">{labelOf(uses)}</span>
    </span>
  );
}
