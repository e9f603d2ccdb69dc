/** What a workflow file says as a graph: steps with their places in the text, and the edges between them. Reads half-finished files too. */
import { reducedNeeds } from "../flow/model";
import { blockStartOf, lineEndOf, type YamlDoc } from "./document";
import { parseExpression, readTemplate, referencesOf } from "./expressions";
import { find, isNothing, toJson, type Json, type YamlEntry, type YamlNode, type YamlSpan } from "./yaml";

/** A reference to a step's outputs. */
export interface StepReference {
  step: string;
  /** Where it stands within the step, e.g. `with.combo`. */
  field: string;
}

export interface Need {
  step: string;
  span: YamlSpan;
  index: number;
}

export interface Step {
  name: string;
  keySpan: YamlSpan;
  node: YamlNode;
  /** From the comments above it to the end of its last line. */
  from: number;
  to: number;
  uses: string;
  needs: readonly Need[];
  references: readonly StepReference[];
  when: string | null;
  /** Name of its item, where it runs once for each. */
  forEach: string | null;
  /** Fields below `with`. */
  given: readonly YamlEntry[];
}

export interface Edge {
  from: string;
  to: string;
  /** Whether `needs` says it. */
  isNeed: boolean;
  /** The fields whose values imply it. */
  fields: readonly string[];
}

export interface Parameter {
  name: string;
  type: string;
  items: string;
  entry: YamlEntry;
}

export interface Workflow {
  doc: YamlDoc;
  id: string;
  version: string;
  summary: string;
  parameters: readonly Parameter[];
  schedule: Json;
  steps: readonly Step[];
  byName: ReadonlyMap<string, Step>;
  /** Every edge, also those that a longer way implies. */
  edges: readonly Edge[];
  /** The edges that are drawn: what `needs` says, and what no longer way implies. */
  drawn: readonly Edge[];
  /** All steps that a step needs, directly or not. */
  above: ReadonlyMap<string, ReadonlySet<string>>;
}

function textOf(node: YamlNode | undefined): string {
  return node?.kind === "scalar" && !isNothing(node) ? node.text : "";
}

export function entriesOf(node: YamlNode | undefined): readonly YamlEntry[] {
  return node?.kind === "map" ? node.entries : [];
}

export function readWorkflow(doc: YamlDoc): Workflow {
  const { root, text } = doc;
  const steps = entriesOf(find(root, "steps")).map((e) => stepOf(e, text));
  const byName = new Map(steps.map((s) => [s.name, s]));
  const edges: Edge[] = [];
  for (const step of steps) {
    const from = new Map<string, { isNeed: boolean; fields: string[] }>();
    for (const need of step.needs) from.set(need.step, { isNeed: true, fields: [] });
    for (const r of step.references) {
      const found = from.get(r.step) ?? { isNeed: false, fields: [] };
      if (!found.fields.includes(r.field)) found.fields.push(r.field);
      from.set(r.step, found);
    }
    for (const [name, how] of from) if (byName.has(name)) edges.push({ from: name, to: step.name, ...how });
  }
  const reduced = reducedNeeds(steps.map((s) => ({ name: s.name, uses: s.uses, needs: edges.filter((e) => e.to === s.name).map((e) => e.from) })));
  const parameters = entriesOf(find(root, "parameters")).map((e) => ({ name: e.key, type: textOf(find(e.value, "type")), items: textOf(find(e.value, "items")) || "text", entry: e }));
  const schedule = find(root, "schedule");
  return {
    doc, id: textOf(find(root, "workflow")), version: textOf(find(root, "version")), summary: textOf(find(root, "summary")), parameters, schedule: schedule === undefined ? null : toJson(schedule), steps, byName, edges,
    drawn: edges.filter((e) => e.isNeed || reduced.get(e.to)?.includes(e.from) === true), above: aboveOf(steps, edges),
  };
}

function aboveOf(steps: readonly Step[], edges: readonly Edge[]): Map<string, Set<string>> {
  const direct = new Map<string, string[]>();
  for (const e of edges) direct.set(e.to, [...(direct.get(e.to) ?? []), e.from]);
  return new Map(
    steps.map((s) => {
      const reached = new Set<string>();
      const open = [...(direct.get(s.name) ?? [])];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (reached.has(next)) continue;
        reached.add(next);
        open.push(...(direct.get(next) ?? []));
      }
      return [s.name, reached];
    }),
  );
}

function stepOf(entry: YamlEntry, text: string): Step {
  const node = entry.value;
  const needs = find(node, "needs");
  const whenNode = find(node, "when");
  const each = find(node, "for_each");
  const references: StepReference[] = [];
  for (const e of entriesOf(find(node, "with"))) collect(e.value, `with.${e.key}`, references);
  if (whenNode !== undefined && !isNothing(whenNode) && whenNode.kind === "scalar") {
    const parsed = parseExpression(whenNode.text);
    if (parsed.expression !== undefined) for (const r of referencesOf(parsed.expression)) if (r.path[0] === "steps" && r.path[1] !== undefined) references.push({ step: r.path[1], field: "when" });
  }
  const list = find(each, "in");
  if (list !== undefined) collect(list, "for_each.in", references);
  for (const axis of entriesOf(find(each, "grid"))) collect(axis.value, `for_each.grid.${axis.key}`, references);
  return {
    name: entry.key, keySpan: entry.keySpan, node, from: blockStartOf(text, entry.keySpan.start), to: lineEndOf(text, Math.max(node.span.end, entry.keySpan.end)), uses: textOf(find(node, "uses")),
    needs: needs?.kind === "list" ? needs.items.flatMap((n, index) => (n.kind === "scalar" ? [{ step: n.text, span: n.span, index }] : [])) : [],
    references, when: whenNode === undefined || isNothing(whenNode) ? null : textOf(whenNode), forEach: each === undefined || isNothing(each) ? null : textOf(find(each, "as")), given: entriesOf(find(node, "with")),
  };
}

function collect(node: YamlNode, field: string, into: StepReference[]): void {
  if (node.kind === "map") for (const e of node.entries) collect(e.value, field, into);
  else if (node.kind === "list") for (const i of node.items) collect(i, field, into);
  else if (node.text.includes("{")) {
    for (const part of readTemplate(node.text).parts ?? []) {
      if ("expression" in part) for (const r of referencesOf(part.expression)) if (r.path[0] === "steps" && r.path[1] !== undefined) into.push({ step: r.path[1], field });
    }
  }
}

/** Steps in an order in which each comes after what it needs; those in a circle in the order of the file. */
export function inOrder(workflow: Workflow): string[] {
  const order: string[] = [];
  const open = new Set(workflow.steps.map((s) => s.name));
  while (open.size > 0) {
    const free = [...open].find((n) => !workflow.edges.some((e) => e.to === n && open.has(e.from))) ?? [...open][0]!;
    order.push(free);
    open.delete(free);
  }
  return order;
}

/** The step in whose lines an offset stands. */
export function stepAt(workflow: Workflow, offset: number): Step | undefined {
  return workflow.steps.find((s) => offset >= s.from && offset <= s.to);
}

/** Why a step cannot be made to need another one; null where it can. */
export function whyNotConnect(workflow: Workflow, from: string, to: string): string | null {
  if (from === to) return `${from} cannot need itself`;
  if (!workflow.byName.has(from)) return `there is no step ${from}`;
  if (!workflow.byName.has(to)) return `there is no step ${to}`;
  const there = workflow.edges.find((e) => e.from === from && e.to === to);
  if (there !== undefined) return there.isNeed ? `${to} needs ${from} already` : `${to} needs ${from} already, by ${there.fields[0]}`;
  if (workflow.above.get(from)?.has(to) === true) return `${to} already leads to ${from}`;
  return null;
}

/** The steps that may be made to need one, nearest in the file first. */
export function targetsOf(workflow: Workflow, from: string): string[] {
  const at = workflow.steps.findIndex((s) => s.name === from);
  return workflow.steps
    .map((s, i) => ({ name: s.name, far: i > at ? i - at : 1000 + at - i }))
    .filter((t) => whyNotConnect(workflow, from, t.name) === null)
    .sort((a, b) => a.far - b.far)
    .map((t) => t.name);
}

/** How a step is told to a reader. */
export function spokenStep(workflow: Workflow, step: Step, problems: number): string {
  const needs = workflow.drawn.filter((e) => e.to === step.name).map((e) => e.from);
  const leads = workflow.drawn.filter((e) => e.from === step.name).map((e) => e.to);
  const and = (names: readonly string[]): string => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`);
  return [
    step.name, step.uses.replaceAll(".", " ").replaceAll("_", " "), needs.length === 0 ? "needs nothing" : `needs ${and(needs)}`, leads.length === 0 ? "leads to nothing" : `leads to ${and(leads)}`,
    ...(problems === 0 ? [] : [problems === 1 ? "1 problem" : `${problems} problems`]), `${workflow.steps.indexOf(step) + 1} of ${workflow.steps.length}`,
  ].join(", ");
}
