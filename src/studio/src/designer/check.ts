/** All that keeps a text from being a workflow, as far as the text and the step kinds say it: the server's codes at the same places. What the server alone knows
 * (time zones, cron, statements of SQL, other workflows) it says itself, when the designer asks. */
import { YamlDoc } from "./document";
import { parseExpression, readTemplate, type Expression } from "./expressions";
import { entriesOf, readWorkflow, type Step, type Workflow } from "./model";
import { any, fits, named, typeOfValue, type Field, type FieldType, type Kind } from "./types";
import { find, isNothing, toJson, type Json, type YamlEntry, type YamlNode } from "./yaml";

export interface Problem {
  code: string;
  message: string;
  remedy: string;
  from: number;
  to: number;
  step: string | null;
  /** Keys to the value, e.g. steps, train, with, combo. */
  path: readonly string[];
  severity: "error" | "warning";
  /** Characters that would mend it. */
  fix?: { label: string; from: number; to: number; text: string };
}

export const codes = {
  structure: "WFL-1001", unknownKind: "WFL-1002", unknownField: "WFL-1003", cycle: "WFL-1004", typeMismatch: "WFL-1005", unknownParameter: "WFL-1006", syntax: "WFL-1007", unknownStep: "WFL-1008", missingInput: "WFL-1009",
  immutable: "WFL-1010", badValue: "WFL-1011", badParameter: "WFL-1013", otherWorkflow: "WFL-1016", tooManyItems: "WFL-1030",
} as const;

const STEPS_MAX = 200;
const NAME = /^[a-z][a-z0-9_]{0,63}$/;
const VERSION = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;
const DURATION = /^(\d+)(ms|s|m|h|d)$/;
const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const YEAR_MS = 366 * 86_400_000;
const CATEGORIES = ["source_unavailable", "timeout", "refused", "internal"];
const PARAMETER_TYPES = ["text", "symbol", "pack", "int", "number", "bool", "date", "duration", "instant", "list", "map"];
const RUN_FIELDS = ["id", "as_of", "seed", "workflow", "version", "requested_by"];
const NAME_REMEDY = "Use lower-case letters, digits and underscores, a letter first.";

const keysOf = {
  file: ["workflow", "version", "summary", "parameters", "schedule", "concurrency", "steps", "outputs", "tests"],
  step: ["uses", "needs", "with", "when", "for_each", "retry", "timeout", "on_failure"],
  each: ["in", "grid", "as", "max_parallel", "max"],
  retry: ["attempts", "backoff", "first", "on"],
  parameter: ["type", "items", "default", "min", "max", "help", "one_of"],
  concurrency: ["group", "limit", "when_full"],
} as const;

type NameType = (path: readonly string[]) => { type: FieldType; fault?: { code: string; message: string; near?: { wrong: string; known: readonly string[] } } };

export interface Checked {
  workflow: Workflow | null;
  problems: readonly Problem[];
}

/** Reads and checks a text. */
export function check(text: string, kinds: ReadonlyMap<string, Kind>): Checked {
  const read = YamlDoc.read(text);
  if (read.doc === undefined) {
    const at = Math.min(read.fault.at, Math.max(0, text.length - 1));
    return { workflow: null, problems: [{ code: codes.structure, message: read.fault.message, remedy: read.fault.remedy, from: at, to: Math.min(text.length, at + 1), step: null, path: [], severity: "error" }] };
  }
  const workflow = readWorkflow(read.doc);
  return { workflow, problems: checkWorkflow(workflow, kinds) };
}

export function checkWorkflow(workflow: Workflow, kinds: ReadonlyMap<string, Kind>): readonly Problem[] {
  return new Check(workflow, kinds).all();
}

/** Milliseconds of a duration; null where it is none. */
export function durationOf(text: string): number | null {
  const parts = DURATION.exec(text);
  if (parts === null) return null;
  const ms = Number(parts[1]) * UNITS[parts[2]!]!;
  return Number(parts[1]) <= 2147483647 && ms <= YEAR_MS ? ms : null;
}

class Check {
  private readonly problems: Problem[] = [];
  private readonly w: Workflow;
  private readonly kinds: ReadonlyMap<string, Kind>;

  constructor(workflow: Workflow, kinds: ReadonlyMap<string, Kind>) {
    this.w = workflow;
    this.kinds = kinds;
  }

  all(): readonly Problem[] {
    const root = this.w.doc.root;
    if (!this.isMap(root, "The file", [])) return this.problems;
    this.close(root, "", keysOf.file, []);
    this.name(root, "workflow");
    const version = this.required(root, "version", "", []);
    if (version !== undefined && !VERSION.test(textOf(version))) this.add(codes.badValue, version, `'${textOf(version)}' is no version.`, "Write three numbers, as in 1.0.0.", ["version"]);
    const summary = this.required(root, "summary", "", []);
    if (summary !== undefined && summary.kind !== "scalar") this.add(codes.structure, summary, `summary must be text, was ${kindOf(summary)}.`, "Write one value.", ["summary"]);
    this.parameters(root);
    this.concurrency(root);
    const steps = this.required(root, "steps", "", []);
    if (steps !== undefined && this.isMap(steps, "steps", ["steps"])) {
      if (this.w.steps.length === 0) this.add(codes.structure, steps, "The workflow has no steps.", "Add at least one step.", ["steps"]);
      if (this.w.steps.length > STEPS_MAX) this.add(codes.badValue, steps, `The workflow has ${this.w.steps.length} steps.`, `Keep to ${STEPS_MAX}: put some of them into a workflow of their own.`, ["steps"]);
      for (const step of this.w.steps) this.step(step);
      this.cycles();
    }
    const first = this.w.steps[0] ?? null;
    for (const e of this.named(find(root, "outputs"), "outputs", ["outputs"])) this.typeOf(e.value, ["outputs", e.key], this.namesFor(first, null, any));
    return this.problems.sort((a, b) => a.from - b.from);
  }

  private parameters(root: YamlNode): void {
    const scheduled = !isNothing(find(root, "schedule"));
    for (const e of this.named(find(root, "parameters"), "parameters", ["parameters"])) {
      const path = ["parameters", e.key];
      if (!this.isMap(e.value, `parameters.${e.key}`, path)) continue;
      this.close(e.value, `parameters.${e.key}`, keysOf.parameter, path);
      const type = this.required(e.value, "type", `parameters.${e.key}`, path);
      if (type !== undefined) this.word(type, `parameters.${e.key}.type`, PARAMETER_TYPES, [...path, "type"]);
      const items = find(e.value, "items");
      if (!isNothing(items)) {
        this.word(items!, `parameters.${e.key}.items`, PARAMETER_TYPES.filter((t) => t !== "list" && t !== "map"), [...path, "items"]);
        if (textOf(type) !== "list") this.add(codes.badValue, items!, `${e.key} is no list and has no items.`, "Write type: list, or remove items.", [...path, "items"]);
      }
      const min = numberOf(find(e.value, "min"));
      const max = numberOf(find(e.value, "max"));
      if (min !== null && max !== null && min > max) this.add(codes.badValue, find(e.value, "min")!, `The range of ${e.key} is empty.`, "Write a min that is not above max.", [...path, "min"]);
      const standard = find(e.value, "default");
      if (standard === undefined) {
        if (scheduled) this.add(codes.badParameter, find(root, "schedule")!, `The parameter '${e.key}' has no default, and nobody gives it to a scheduled run.`, `Give '${e.key}' a default.`, ["schedule"]);
      } else if (!isNothing(standard)) {
        const wrong = complaint(textOf(type), toJson(standard), min, max);
        if (wrong !== null) this.add(codes.typeMismatch, standard, `The default of ${e.key} ${wrong}.`, "Correct the default, the type or the range.", [...path, "default"]);
      }
    }
  }

  private concurrency(root: YamlNode): void {
    const node = find(root, "concurrency");
    if (isNothing(node) || !this.isMap(node!, "concurrency", ["concurrency"])) return;
    this.close(node!, "concurrency", keysOf.concurrency, ["concurrency"]);
    const group = this.required(node!, "group", "concurrency", ["concurrency"]);
    if (group !== undefined) {
      const type = this.typeOf(group, ["concurrency", "group"], this.namesFor(null, null, any));
      if (["list", "record", "map"].includes(type.kind)) this.add(codes.typeMismatch, group, `concurrency.group is ${named(type)}, not a text.`, "Refer to a value that is a text or a number.", ["concurrency", "group"]);
    }
    this.required(node!, "limit", "concurrency", ["concurrency"]);
    this.whole(node!, "limit", 1, 1_000, "concurrency", ["concurrency"]);
    this.wordOf(node!, "when_full", ["queue", "refuse"], "concurrency", ["concurrency"]);
  }

  private step(step: Step): void {
    const path = ["steps", step.name];
    const what = `steps.${step.name}`;
    if (!NAME.test(step.name)) this.addAt(codes.badValue, step.keySpan, `'${step.name}' is no name.`, NAME_REMEDY, step.name, path);
    if (!this.isMap(step.node, what, path)) return;
    this.close(step.node, what, keysOf.step, path);
    const uses = this.required(step.node, "uses", what, path);
    const needs = find(step.node, "needs");
    if (!isNothing(needs) && needs!.kind !== "list") this.add(codes.structure, needs!, `${what}.needs must be a list, was ${kindOf(needs!)}.`, "Write items below it, each with a dash.", [...path, "needs"]);
    for (const need of step.needs) {
      if (!this.w.byName.has(need.step)) {
        this.addAt(codes.unknownStep, need.span, `${step.name} needs '${need.step}', which is no step.`, `Use some of: ${list(this.w.steps.map((s) => s.name))}.`, step.name, [...path, "needs"], nearest(need.step, this.w.steps.map((s) => s.name)));
      }
    }
    const item = this.forEach(step, path, what);
    const names = this.namesFor(step, step.forEach, item);
    const when = find(step.node, "when");
    if (!isNothing(when)) {
      if (when!.kind !== "scalar") this.add(codes.structure, when!, `${what}.when must be text, was ${kindOf(when!)}.`, "Write one value.", [...path, "when"]);
      else {
        const parsed = parseExpression(when!.text);
        if (parsed.expression === undefined) this.syntax(when!, when!.text, parsed.error, parsed.at, [...path, "when"]);
        else {
          const type = this.typeOfExpression(parsed.expression, when!, 0, [...path, "when"], this.namesFor(step, null, any));
          if (!fits(type, { kind: "truth" })) this.add(codes.typeMismatch, when!, `when of ${step.name} is ${named(type)}, not true or false.`, "Compare it with something.", [...path, "when"]);
        }
      }
    }
    this.retry(step, path, what);
    this.period(find(step.node, "timeout"), [...path, "timeout"], true);
    this.wordOf(step.node, "on_failure", ["fail", "continue"], what, path);
    const given = find(step.node, "with");
    if (!isNothing(given) && !this.isMap(given!, `${what}.with`, [...path, "with"])) return;
    const kind = this.kinds.get(step.uses);
    if (kind === undefined && step.uses !== "" && uses !== undefined) {
      this.add(codes.unknownKind, uses, `There is no step kind '${step.uses}'.`, `Use one of: ${list([...this.kinds.keys()])}.`, [...path, "uses"], nearest(step.uses, [...this.kinds.keys()]));
    }
    this.inputs(step, kind?.isBuilt === true ? kind : undefined, path, names);
  }

  private inputs(step: Step, kind: Kind | undefined, path: readonly string[], names: NameType): void {
    const wrong = new Set<string>();
    for (const field of step.given) {
      const before = this.problems.length;
      const at = [...path, "with", field.key];
      const type = this.typeOf(field.value, at, names);
      const wanted = kind?.inputs.find((f) => f.name === field.key);
      if (kind !== undefined && wanted === undefined) {
        this.addAt(codes.unknownField, field.keySpan, `${step.uses} has no input '${field.key}'.`, `Use some of: ${list(kind.inputs.map((f) => f.name))}.`, step.name, at, nearest(field.key, kind.inputs.map((f) => f.name)));
      } else if (wanted !== undefined && this.problems.length === before) {
        this.misfit(field.value, type, wanted.type, `${field.key} of ${step.name}`, at, names);
      }
      if (this.problems.length > before) wrong.add(field.key);
    }
    for (const missing of kind?.inputs ?? []) {
      if (!missing.required || wrong.has(missing.name) || !isNothing(step.given.find((g) => g.key === missing.name)?.value)) continue;
      this.addAt(codes.missingInput, step.keySpan, `${step.name} lacks the input '${missing.name}' of ${step.uses}.`, `Add '${missing.name}' (${named(missing.type)}) below with.`, step.name, [...path, "with", missing.name]);
    }
  }

  // What stands in the file is compared part by part, so that one wrong item of a list is found.
  private misfit(node: YamlNode, type: FieldType, wanted: FieldType, what: string, path: readonly string[], names: NameType): boolean {
    if (isNothing(node)) return false;
    if (node.kind === "list" && wanted.kind === "list") return node.items.some((i) => this.misfit(i, this.quietly(i, names), wanted.item ?? any, what, path, names));
    if (node.kind === "map" && wanted.kind === "record") {
      const fields = wanted.fields ?? [];
      const unknown = node.entries.find((e) => !fields.some((f) => f.name === e.key));
      if (unknown !== undefined) return this.addAt(codes.unknownField, unknown.keySpan, `${what} has no field '${unknown.key}'.`, `Use some of: ${list(fields.map((f) => f.name))}.`, path[1] ?? null, path);
      const missing = fields.find((f: Field) => f.required && !node.entries.some((e) => e.key === f.name));
      if (missing !== undefined) return this.add(codes.missingInput, node, `${what} lacks the field '${missing.name}'.`, `Add '${missing.name}' (${named(missing.type)}).`, path);
      return node.entries.some((e) => this.misfit(e.value, this.quietly(e.value, names), fields.find((f) => f.name === e.key)!.type, what, path, names));
    }
    if (node.kind === "scalar" && wanted.choices !== undefined && wanted.choices.length > 0 && !node.text.includes("{") && typeof toJson(node) === "string" && !wanted.choices.includes(node.text)) {
      return this.add(codes.badValue, node, `${what} has no value '${node.text}'.`, `Use one of: ${list(wanted.choices)}.`, path, nearest(node.text, wanted.choices));
    }
    return fits(type, wanted) ? false : this.add(codes.typeMismatch, node, `${what} is ${named(type)}, and ${named(wanted)} is asked for.`, "Refer to a value of that type.", path);
  }

  // The type of a part whose faults were noted with the whole.
  private quietly(node: YamlNode, names: NameType): FieldType {
    const kept = this.problems.length;
    const type = this.typeOf(node, [], names);
    this.problems.length = kept;
    return type;
  }

  private forEach(step: Step, path: readonly string[], what: string): FieldType {
    const node = find(step.node, "for_each");
    const at = [...path, "for_each"];
    if (isNothing(node) || !this.isMap(node!, `${what}.for_each`, at)) return any;
    this.close(node!, `${what}.for_each`, keysOf.each, at);
    const as = this.required(node!, "as", `${what}.for_each`, at);
    if (as !== undefined && !NAME.test(textOf(as))) this.add(codes.badValue, as, `'${textOf(as)}' is no name.`, NAME_REMEDY, [...at, "as"]);
    this.whole(node!, "max_parallel", 1, 64, `${what}.for_each`, at);
    this.whole(node!, "max", 1, 10_000, `${what}.for_each`, at);
    const names = this.namesFor(step, null, any);
    const max = numberOf(find(node!, "max")) ?? 1_000;
    const grid = find(node!, "grid");
    if (!isNothing(grid)) {
      if (!isNothing(find(node!, "in"))) this.add(codes.badValue, find(node!, "in")!, "for_each has both in and grid.", "Keep one of them.", [...at, "in"]);
      const axes = this.named(grid, "grid", [...at, "grid"]);
      if (axes.length === 0) this.add(codes.badValue, grid!, "The grid has no axis.", "Write one list or more: grid: { period: [5, 10] }.", [...at, "grid"]);
      const count = axes.reduce((n, a) => (a.value.kind === "list" ? n * a.value.items.length : NaN), 1);
      if (count > max) this.tooMany(node!, count, max, at);
      return { kind: "record", fields: axes.map((a) => ({ name: a.key, type: this.itemOf(a.value, `The axis ${a.key} of for_each of ${step.name}`, [...at, "grid", a.key], names), required: true, standard: undefined, words: "" })) };
    }
    const items = this.required(node!, "in", `${what}.for_each`, at);
    if (items === undefined) return any;
    if (items.kind === "list" && items.items.length > max) this.tooMany(node!, items.items.length, max, at);
    return this.itemOf(items, `for_each.in of ${step.name}`, [...at, "in"], names);
  }

  private tooMany(node: YamlNode, count: number, max: number, path: readonly string[]): void {
    this.add(codes.tooManyItems, node, `for_each has ${count} items, and ${max} are allowed.`, "Shorten the list, or raise max (at most 10000).", path);
  }

  private itemOf(node: YamlNode, what: string, path: readonly string[], names: NameType): FieldType {
    const type = this.typeOf(node, path, names);
    if (type.kind !== "list" && type.kind !== "any") this.add(codes.typeMismatch, node, `${what} is ${named(type)}, not a list.`, "Refer to an output that is a list.", path);
    return type.item ?? any;
  }

  private retry(step: Step, path: readonly string[], what: string): void {
    const node = find(step.node, "retry");
    const at = [...path, "retry"];
    if (isNothing(node) || !this.isMap(node!, `${what}.retry`, at)) return;
    this.close(node!, `${what}.retry`, keysOf.retry, at);
    this.required(node!, "attempts", `${what}.retry`, at);
    this.whole(node!, "attempts", 1, 100, `${what}.retry`, at);
    this.wordOf(node!, "backoff", ["exponential", "fixed"], `${what}.retry`, at);
    const first = this.period(find(node!, "first"), [...at, "first"], false);
    if (first !== null && first > 3_600_000) this.add(codes.badValue, find(node!, "first")!, `first is ${textOf(find(node!, "first"))}, and no pause is longer than 1h.`, "Write 1h or less.", [...at, "first"]);
    const on = find(node!, "on");
    for (const c of on?.kind === "list" ? on.items : []) {
      if (!CATEGORIES.includes(textOf(c)) && !/^([A-Z]{3}-[0-9]{4}|[A-Z]+(_[A-Z]+)+)$/.test(textOf(c))) {
        this.add(codes.badValue, c, `'${textOf(c)}' is neither a failure category nor a code.`, `Use some of: ${CATEGORIES.join(", ")}, or codes such as STO-1005.`, [...at, "on"], nearest(textOf(c), CATEGORIES));
      }
    }
  }

  private cycles(): void {
    const needs = new Map(this.w.steps.map((s) => [s.name, this.w.edges.filter((e) => e.to === s.name).map((e) => e.from)]));
    const open = new Set(needs.keys());
    for (let free = [...open].find((n) => !needs.get(n)!.some((m) => open.has(m))); free !== undefined; free = [...open].find((n) => !needs.get(n)!.some((m) => open.has(m)))) open.delete(free);
    if (open.size === 0) return;
    // Walking along needs that are still open must come round again; what lies before the circle is cut off.
    let way: string[] = [];
    let at = [...open][0]!;
    while (!way.includes(at)) {
      way.push(at);
      at = needs.get(at)!.find((n) => open.has(n))!;
    }
    way = way.slice(way.indexOf(at));
    this.addAt(codes.cycle, this.w.byName.get(at)!.keySpan, `The steps need each other in a circle: ${[...way, at].join(" → ")}.`, "Remove one of these needs.", at, ["steps", at, "needs"]);
  }

  private namesFor(step: Step | null, itemName: string | null, item: FieldType): NameType {
    return (path) => {
      const [first, second, third] = path;
      if (first !== undefined && first === itemName) return deeper(item, path, 1);
      if (first === "params" && second !== undefined) {
        const parameter = this.w.parameters.find((p) => p.name === second);
        const known = this.w.parameters.map((p) => p.name);
        return parameter === undefined ? fault(codes.unknownParameter, `There is no parameter '${second}'; there are ${list(known)}`, second, known) : deeper(typeOfParameter(parameter.type, parameter.items), path, 2);
      }
      if (first === "steps" && second !== undefined && third === "outputs" && step !== null) {
        const outputs = this.outputsOf(second);
        return outputs === null ? fault(codes.unknownStep, `There is no step '${second}'`, second, this.w.steps.map((s) => s.name)) : deeper(outputs, path, 3);
      }
      if (first === "run" && second !== undefined && path.length === 2 && RUN_FIELDS.includes(second)) return { type: { kind: second === "seed" ? "whole" : "text" } };
      return fault(codes.unknownField, `There is no '${path.join(".")}'`, first === "run" && second !== undefined ? second : (first ?? ""), first === "run" ? RUN_FIELDS : []);
    };
  }

  /** What the outputs of a step are; null where there is no such step. */
  outputsOf(name: string): FieldType | null {
    const step = this.w.byName.get(name);
    if (step === undefined) return null;
    const kind = this.kinds.get(step.uses);
    const outputs: FieldType = kind?.isBuilt === true ? { kind: "record", fields: kind.outputs } : any;
    return isNothing(find(step.node, "for_each")) ? outputs : { kind: "list", item: outputs };
  }

  private typeOf(node: YamlNode, path: readonly string[], names: NameType): FieldType {
    if (node.kind === "map") return { kind: "record", fields: node.entries.map((e) => ({ name: e.key, type: this.typeOf(e.value, path, names), required: true, standard: undefined, words: "" })) };
    if (node.kind === "list") {
      const types = node.items.map((i) => this.typeOf(i, path, names));
      return { kind: "list", item: types.find((t) => types.every((o) => fits(o, t))) ?? any };
    }
    if (isNothing(node) || !/[{}]/.test(node.text)) return typeOfValue(toJson(node));
    const template = readTemplate(node.text);
    if (template.parts === undefined) {
      this.syntax(node, node.text, template.error, template.at, path);
      return any;
    }
    const types = template.parts.map((p) => ("expression" in p ? this.typeOfExpression(p.expression, node, p.at, path, names) : ({ kind: "text" } as FieldType)));
    return types.length === 1 && "expression" in template.parts[0]! ? types[0]! : { kind: "text" };
  }

  private typeOfExpression(e: Expression, node: YamlNode, offset: number, path: readonly string[], names: NameType): FieldType {
    const mismatch = (at: number, message: string): void => {
      this.inText(codes.typeMismatch, node, offset + at, 1, `${message}.`, "Compare and compute values of one kind.", path);
    };
    const of = (x: Expression): FieldType => {
      switch (x.kind) {
        case "literal":
          return typeOfValue(x.value as Json);
        case "reference": {
          const { type, fault: wrong } = names(x.path);
          if (wrong !== undefined) {
            const near = wrong.near === undefined ? null : nearest(wrong.near.wrong, wrong.near.known);
            const within = near === null ? -1 : x.path.join(".").lastIndexOf(near.wrong);
            this.inText(wrong.code, node, offset + x.at, x.end - x.at, `${wrong.message}.`, "Correct the name.", path, near === null || within < 0 ? null : { ...near, at: offset + x.at + within });
          }
          return type;
        }
        case "take":
          ask(x.count, { kind: "whole" });
          return listOf(x.list);
        case "item":
          ask(x.index, { kind: "whole" });
          return listOf(x.list).item ?? any;
        case "field": {
          const found = field(of(x.of), x.name);
          if (found.fault !== undefined) this.inText(found.fault.code, node, offset + x.at, 1, `${found.fault.message}.`, "Correct the name.", path);
          return found.type;
        }
        case "unary":
          return ask(x.operand, { kind: x.operator === "not" ? "truth" : "number" });
        default: {
          if (x.operator === "and" || x.operator === "or") {
            ask(x.left, { kind: "truth" });
            return ask(x.right, { kind: "truth" });
          }
          if (["+", "-", "*", "/"].includes(x.operator)) {
            const left = ask(x.left, { kind: "number" });
            const right = ask(x.right, { kind: "number" });
            return { kind: x.operator !== "/" && left.kind === "whole" && right.kind === "whole" ? "whole" : "number" };
          }
          const left = of(x.left);
          const right = of(x.right);
          if (!fits(left, right) && !fits(right, left)) mismatch(x.at, `${named(left)} cannot be compared with ${named(right)}`);
          else if (x.operator !== "==" && x.operator !== "!=" && [left, right].some((t) => ["truth", "list", "record", "map"].includes(t.kind))) mismatch(x.at, `${named(left)} has no order`);
          return { kind: "truth" };
        }
      }
    };
    const ask = (x: Expression, wanted: FieldType): FieldType => {
      const type = of(x);
      if (!fits(type, wanted)) mismatch(x.at, `${named(type)} stands where ${named(wanted)} is asked for`);
      return type.kind === "any" ? wanted : type;
    };
    const listOf = (x: Expression): FieldType => {
      const type = of(x);
      if (type.kind === "list" || type.kind === "any") return type;
      mismatch(x.at, `${named(type)} is no list`);
      return any;
    };
    return of(e);
  }

  private syntax(node: YamlNode, text: string, error: string, at: number, path: readonly string[]): void {
    this.inText(codes.syntax, node, at, 1, `'${text.length <= 80 ? text : `${text.slice(0, 80)}…`}' cannot be read: ${error}.`, "Use comparisons, AND, OR, NOT, numbers, texts in quotes, and names such as params.x or steps.y.outputs.z.", path);
  }

  // Exact where the text stands as it is; else the whole value.
  private inText(code: string, node: YamlNode, at: number, length: number, message: string, remedy: string, path: readonly string[], near: (Near & { at: number }) | null = null): void {
    const { start, end, style } = node.span;
    const text = node.kind === "scalar" ? node.text : "";
    const inner = start + (style === "quoted" ? 1 : 0);
    const isExact = style !== "lines" && this.w.doc.text.slice(inner, inner + text.length) === text;
    const from = isExact ? Math.min(inner + at, Math.max(start, end - 1)) : start;
    const problem: Problem = { code, message, remedy, from, to: isExact ? Math.min(end, Math.max(from + 1, from + length)) : end, step: path[0] === "steps" ? (path[1] ?? null) : null, path, severity: "error" };
    if (near !== null && isExact) problem.fix = { label: near.label, from: inner + near.at, to: inner + near.at + near.wrong.length, text: near.right };
    this.problems.push(problem);
  }

  private period(node: YamlNode | undefined, path: readonly string[], isTimeout: boolean): number | null {
    if (isNothing(node)) return null;
    const ms = durationOf(textOf(node));
    if (ms === null) this.add(codes.badValue, node!, `'${textOf(node)}' is no duration.`, "Write a whole number and ms, s, m, h or d, as in 10m.", path);
    else if (ms === 0 && isTimeout) this.add(codes.badValue, node!, "A timeout of nothing lets no attempt end.", "Write a duration, or leave it out for no bound.", path);
    return ms;
  }

  private whole(node: YamlNode, key: string, min: number, max: number, what: string, path: readonly string[]): void {
    const value = find(node, key);
    if (isNothing(value)) return;
    const n = numberOf(value);
    if (n === null) this.add(codes.structure, value!, `${what}.${key} must be a number, was ${shown(value!)}.`, "Write a number without quotes.", [...path, key]);
    else if (!Number.isInteger(n)) this.add(codes.structure, value!, `${what}.${key} must be a whole number, was ${shown(value!)}.`, "Write a whole number.", [...path, key]);
    else if (n < min || n > max) this.add(codes.badValue, value!, `${key} is ${n}.`, `Use ${min} to ${max}.`, [...path, key]);
  }

  private wordOf(node: YamlNode, key: string, words: readonly string[], what: string, path: readonly string[]): void {
    const value = find(node, key);
    if (!isNothing(value)) this.word(value!, `${what}.${key}`, words, [...path, key]);
  }

  private word(node: YamlNode, what: string, words: readonly string[], path: readonly string[]): void {
    if (node.kind !== "scalar" || !words.includes(node.text)) this.add(codes.badValue, node, `${what} has no value ${shown(node)}.`, `Use one of: ${words.join(", ")}.`, path, nearest(textOf(node), words));
  }

  private name(root: YamlNode, key: string): void {
    const node = this.required(root, key, "", []);
    if (node === undefined) return;
    if (!NAME.test(textOf(node))) this.add(codes.badValue, node, `'${textOf(node)}' is no name.`, NAME_REMEDY, [key]);
  }

  private named(node: YamlNode | undefined, what: string, path: readonly string[]): readonly YamlEntry[] {
    if (isNothing(node) || !this.isMap(node!, what, path)) return [];
    for (const e of entriesOf(node)) if (!NAME.test(e.key)) this.addAt(codes.badValue, e.keySpan, `'${e.key}' is no name.`, NAME_REMEDY, null, [...path, e.key]);
    return entriesOf(node);
  }

  private required(node: YamlNode, key: string, what: string, path: readonly string[]): YamlNode | undefined {
    const value = find(node, key);
    if (!isNothing(value)) return value;
    const at = node.kind === "map" ? node.entries.find((e) => e.key === key)?.keySpan : undefined;
    const step = path[0] === "steps" && path[1] !== undefined ? this.w.byName.get(path[1]) : undefined;
    this.addAt(codes.structure, at ?? step?.keySpan ?? { start: node.span.start, end: Math.min(node.span.end, node.span.start + 1) }, `${what === "" ? "The file" : what} lacks the key '${key}'.`, `Add '${key}:'.`, path[0] === "steps" ? (path[1] ?? null) : null, [...path, key]);
    return undefined;
  }

  private isMap(node: YamlNode, what: string, path: readonly string[]): boolean {
    if (node.kind === "map") return true;
    this.add(codes.structure, node, `${what} must be a map, was ${kindOf(node)}.`, "Write keys with values below it.", path);
    return false;
  }

  private close(node: YamlNode, what: string, known: readonly string[], path: readonly string[]): void {
    for (const e of entriesOf(node)) {
      if (!known.includes(e.key) && !e.key.startsWith("x_")) {
        this.addAt(codes.structure, e.keySpan, `${what === "" ? "The file" : what} has no key '${e.key}'.`, `Remove it, or use one of: ${[...known].sort().join(", ")}. Keys of your own begin with x_.`, path[0] === "steps" ? (path[1] ?? null) : null, [...path, e.key], nearest(e.key, known));
      }
    }
  }

  private add(code: string, node: YamlNode, message: string, remedy: string, path: readonly string[], near: Near | null = null): true {
    return this.addAt(code, node.span, message, remedy, path[0] === "steps" ? (path[1] ?? null) : null, path, near, node.span.style === "quoted");
  }

  private addAt(code: string, span: { start: number; end: number }, message: string, remedy: string, step: string | null, path: readonly string[], near: Near | null = null, isQuoted = false): true {
    const problem: Problem = { code, message, remedy, from: span.start, to: Math.max(span.end, Math.min(this.w.doc.text.length, span.start + 1)), step, path, severity: "error" };
    if (near !== null) problem.fix = { label: near.label, from: span.start + (isQuoted ? 1 : 0), to: span.end - (isQuoted ? 1 : 0), text: near.right };
    this.problems.push(problem);
    return true;
  }
}

interface Near {
  wrong: string;
  right: string;
  label: string;
}

/** The known name that was probably meant. */
function nearest(wrong: string, known: readonly string[]): Near | null {
  let best: { name: string; far: number } | null = null;
  for (const name of known) {
    const far = distance(wrong, name);
    if (far <= Math.max(1, Math.floor(name.length / 3)) && (best === null || far < best.far)) best = { name, far };
  }
  return best === null || best.far === 0 ? null : { wrong, right: best.name, label: `use ${best.name}` };
}

// Edits between two words, two neighbours in the wrong order counted as one.
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 4 || a.length > 64) return 99;
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)]);
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = least;
    }
  }
  return rows[a.length]![b.length]!;
}

function fault(code: string, message: string, wrong: string, known: readonly string[]): ReturnType<NameType> {
  return { type: any, fault: { code, message, near: { wrong, known } } };
}

function deeper(type: FieldType, path: readonly string[], used: number): ReturnType<NameType> {
  let at = type;
  for (const name of path.slice(used)) {
    const found = field(at, name);
    if (found.fault !== undefined) return found;
    at = found.type;
  }
  return { type: at };
}

function field(of: FieldType, name: string): ReturnType<NameType> {
  if (of.kind === "any" || of.kind === "map") return { type: any };
  if (of.kind === "list") {
    const found = field(of.item ?? any, name);
    return found.fault === undefined ? { type: { kind: "list", item: found.type } } : found;
  }
  const known = of.kind === "record" ? (of.fields ?? []).map((f) => f.name) : [];
  const own = of.fields?.find((f) => f.name === name);
  return own !== undefined ? { type: own.type } : fault(codes.unknownField, `a ${named(of)} has no field '${name}'${of.kind === "record" ? `; there are ${known.join(", ")}` : ""}`, name, known);
}

export function typeOfParameter(type: string, items: string): FieldType {
  switch (type) {
    case "int":
      return { kind: "whole" };
    case "number":
      return { kind: "number" };
    case "bool":
      return { kind: "truth" };
    case "map":
      return { kind: "map" };
    case "list":
      return { kind: "list", item: typeOfParameter(items, "text") };
    default:
      return { kind: "text" };
  }
}

function complaint(type: string, value: Json, min: number | null, max: number | null): string | null {
  const is = JSON.stringify(value);
  const n = typeof value === "number" ? value : null;
  switch (type) {
    case "int":
      if (n === null || !Number.isInteger(n)) return `must be a whole number, was ${is}`;
      break;
    case "number":
      if (n === null) return `must be a number, was ${is}`;
      break;
    case "bool":
      return typeof value === "boolean" ? null : `must be true or false, was ${is}`;
    case "map":
      return typeof value === "object" && !Array.isArray(value) ? null : `must be a map, was ${is}`;
    case "list":
      return Array.isArray(value) ? null : `must be a list, was ${is}`;
    case "date":
      return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? null : `must be a date such as 2024-07-01, was ${is}`;
    case "duration":
      return typeof value === "string" && durationOf(value) !== null ? null : `must be a duration such as 10m, was ${is}`;
    default:
      return null;
  }
  if (min !== null && n < min) return `must be at least ${min}, was ${is}`;
  return max !== null && n > max ? `must be at most ${max}, was ${is}` : null;
}

function textOf(node: YamlNode | undefined): string {
  return node?.kind === "scalar" ? node.text : "";
}

function numberOf(node: YamlNode | undefined): number | null {
  const value = node === undefined ? null : toJson(node);
  return typeof value === "number" ? value : null;
}

function kindOf(node: YamlNode): string {
  return node.kind === "map" ? "a map" : node.kind === "list" ? "a list" : isNothing(node) ? "nothing" : "a value";
}

function shown(node: YamlNode): string {
  return node.kind === "scalar" && !isNothing(node) ? `'${node.text.length <= 60 ? node.text : `${node.text.slice(0, 60)}…`}'` : kindOf(node);
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "(none)" : names.join(", ");
}
