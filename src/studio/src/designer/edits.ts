/** What a person does to a workflow, as the least edits of its text. */
import { EditRefused, YamlDoc, type TextEdit } from "./document";
import { renamedIn } from "./expressions";
import { blockEntry, entry, flow, quoted } from "./layout";
import { entriesOf, readWorkflow, whyNotConnect, type Workflow } from "./model";
import { find, isNothing, isObject, nodeAt, said, toJson, type Json, type JsonObject, type YamlNode } from "./yaml";

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

export function isName(text: string): boolean {
  return NAME.test(text);
}

/** A name that no step has, made from a step kind. */
export function freeName(workflow: Workflow, uses: string): string {
  const base = (uses.split(".").at(-1) ?? uses).toLowerCase().replace(/[^a-z0-9_]+/g, "_").replace(/^[^a-z]+/, "") || "step";
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}_${i}`;
    if (!workflow.byName.has(name)) return name;
  }
}

/** Adds a step behind another one that it needs, or at the end. */
export function addStep(workflow: Workflow, name: string, step: JsonObject, after: string | null = null): YamlDoc {
  checkName(workflow, name);
  const steps = find(workflow.doc.root, "steps");
  const at = after === null ? -1 : workflow.steps.findIndex((s) => s.name === after);
  if (steps === undefined) return workflow.doc.set(["steps"], { [name]: step });
  if (steps.kind !== "map" || steps.entries.length === 0) {
    // The first step begins a block, whatever brackets stood for none.
    const newLine = workflow.doc.text.includes("\r\n") ? "\r\n" : "\n";
    const gap = workflow.doc.text[steps.span.start - 1] === " " ? 1 : 0;
    return workflow.doc.apply([{ from: steps.span.start - gap, to: steps.span.end, text: `${newLine}  ${(Object.keys(step).length > 1 ? blockEntry : entry)(name, step, 2, newLine)}` }]);
  }
  return workflow.doc.insert(["steps"], at < 0 ? workflow.steps.length : at + 1, name, step, Object.keys(step).length > 1);
}

/** Adds a step on an edge: it needs what the edge comes from, and what the edge leads to needs it. */
export function insertOnEdge(workflow: Workflow, from: string, to: string, name: string, step: JsonObject): YamlDoc {
  const added = readWorkflow(addStep(workflow, name, { ...step, needs: [from] }, from));
  const edge = added.edges.find((e) => e.from === from && e.to === to);
  if (edge === undefined) throw new EditRefused(`${to} does not need ${from}.`);
  const index = added.byName.get(to)?.needs.find((n) => n.step === from)?.index;
  return index === undefined ? connect(added, name, to) : added.doc.set(["steps", to, "needs", String(index)], name);
}

function checkName(workflow: Workflow, name: string): void {
  if (!isName(name)) throw new EditRefused(`'${name}' is no name: use lower-case letters, digits and underscores, a letter first.`);
  if (workflow.byName.has(name)) throw new EditRefused(`There is a step '${name}' already.`);
}

/** Takes a step away, and its name from the needs and cases of the file. What refers to its outputs still does: only a person knows what shall stand there. */
export function removeStep(workflow: Workflow, name: string): YamlDoc {
  if (!workflow.byName.has(name)) throw new EditRefused(`There is no step '${name}'.`);
  let doc = workflow.doc;
  for (const other of workflow.steps) {
    if (other.name === name) continue;
    const need = other.needs.find((n) => n.step === name);
    if (need !== undefined) doc = other.needs.length === 1 ? doc.remove(["steps", other.name, "needs"]) : doc.remove(["steps", other.name, "needs", String(need.index)]);
  }
  doc = inCases(doc, name, null);
  return doc.remove(["steps", name]);
}

/** Steps that would be left without a value when one goes. */
export function dependantsOf(workflow: Workflow, name: string): { step: string; fields: readonly string[] }[] {
  return workflow.edges.filter((e) => e.from === name).map((e) => ({ step: e.to, fields: e.fields }));
}

/** Gives a step another name, everywhere: needs, expressions, cases. Where the text allows, the names alone are exchanged. */
export function renameStep(workflow: Workflow, name: string, newName: string): YamlDoc {
  const step = workflow.byName.get(name);
  if (step === undefined) throw new EditRefused(`There is no step '${name}'.`);
  if (name === newName) return workflow.doc;
  checkName(workflow, newName);
  const { root, text } = workflow.doc;
  const edits: TextEdit[] = [{ from: step.keySpan.start, to: step.keySpan.end, text: step.keySpan.style === "quoted" ? quoted(newName) : newName }];
  const put = (node: YamlNode, isExpression: boolean, isName: boolean): void => {
    if (node.kind === "map") for (const e of node.entries) put(e.value, isExpression, isName);
    else if (node.kind === "list") for (const i of node.items) put(i, isExpression, isName);
    else {
      const renamed = isName ? (node.text === name ? newName : node.text) : renamedIn(node.text, isExpression, name, newName);
      if (renamed !== node.text) edits.push(rewritten(text, node, renamed, isExpression, isName, name, newName));
    }
  };
  for (const s of workflow.steps) {
    const needs = find(s.node, "needs");
    if (needs?.kind === "list") for (const n of needs.items) put(n, false, true);
    const when = find(s.node, "when");
    if (when !== undefined) put(when, true, false);
    for (const key of ["with", "for_each"]) {
      const node = find(s.node, key);
      if (node !== undefined) put(node, false, false);
    }
  }
  for (const e of entriesOf(find(root, "outputs"))) put(e.value, false, false);
  return inCases(workflow.doc.apply(edits), name, newName);
}

// Within quotes that hide nothing the name alone is exchanged; a text with escapes is written anew.
function rewritten(text: string, node: YamlNode & { kind: "scalar" }, renamed: string, isExpression: boolean, isName: boolean, name: string, newName: string): TextEdit {
  const { start, end, style } = node.span;
  const raw = text.slice(start, end);
  if (style === "plain" && raw === node.text) return { from: start, to: end, text: renamed };
  if (style === "quoted" && raw.slice(1, -1) === node.text) return { from: start + 1, to: end - 1, text: renamed };
  if (style === "lines" && !isName) return { from: start, to: end, text: renamedIn(raw, isExpression, name, newName) };
  return { from: start, to: end, text: quoted(renamed) };
}

const CASE_MAPS = ["mock", "expect", "play", "attempts", "times", "reasons", "outputs"];

// Cases name steps by key (train, train[1], train.model), in their order, and in what people do.
function inCases(doc: YamlDoc, name: string, newName: string | null): YamlDoc {
  const cases = find(doc.root, "tests");
  const count = cases?.kind === "list" ? cases.items.length : 0;
  for (let i = 0; i < count; i++) {
    const at = (): YamlNode | undefined => nodeAt(doc.root, ["tests", String(i)]);
    for (const key of CASE_MAPS) {
      for (const e of entriesOf(find(at(), key))) {
        if (e.key.split(/[[.]/)[0] !== name) continue;
        const path = ["tests", String(i), key, e.key];
        doc = newName === null ? doc.remove(path) : doc.rename(path, newName + e.key.slice(name.length));
      }
    }
    const order = find(at(), "order");
    if (order?.kind === "list" && order.items.some((o) => o.kind === "scalar" && o.text === name)) {
      const names = toJson(order) as Json[];
      doc = doc.set(["tests", String(i), "order"], names.filter((n) => newName !== null || n !== name).map((n) => (n === name ? newName : n)));
    }
    const then = find(at(), "then");
    if (then?.kind === "list") {
      const deeds = toJson(then) as Json[];
      const isOf = (d: Json): boolean => isObject(d) && ["vote", "wake", "retry"].some((act) => d[act] === name);
      if (deeds.some(isOf)) {
        doc = doc.set(
          ["tests", String(i), "then"],
          deeds.filter((d) => newName !== null || !isOf(d)).map((d) => (isOf(d) ? Object.fromEntries(Object.entries(d as JsonObject).map(([k, v]) => [k, ["vote", "wake", "retry"].includes(k) && v === name ? newName : v])) : d)),
        );
      }
    }
  }
  return doc;
}

/** Makes a step need another one. */
export function connect(workflow: Workflow, from: string, to: string): YamlDoc {
  const why = whyNotConnect(workflow, from, to);
  if (why !== null) throw new EditRefused(`${why}.`);
  const step = workflow.byName.get(to)!;
  const needs = find(step.node, "needs");
  if (needs?.kind === "list" && needs.items.length > 0) return workflow.doc.insert(["steps", to, "needs"], needs.items.length, "", from);
  if (needs !== undefined) return workflow.doc.set(["steps", to, "needs"], [from]);
  // Needs stand behind uses, where people look for them.
  const uses = entriesOf(step.node).findIndex((e) => e.key === "uses");
  return step.node.kind === "map" && step.node.entries.length > 0 ? workflow.doc.insert(["steps", to], uses + 1, "needs", [from]) : workflow.doc.set(["steps", to, "needs"], [from]);
}

/** Why an edge cannot be taken away here; null where it can. */
export function whyNotDisconnect(workflow: Workflow, from: string, to: string): string | null {
  const edge = workflow.edges.find((e) => e.from === from && e.to === to);
  if (edge === undefined) return `${to} does not need ${from}`;
  return edge.isNeed ? null : `${to} needs ${from} by ${edge.fields.join(" and ")}: change the value there`;
}

/** Takes a need away. One that a value implies stays until the value goes. */
export function disconnect(workflow: Workflow, from: string, to: string): YamlDoc {
  const why = whyNotDisconnect(workflow, from, to);
  if (why !== null) throw new EditRefused(`${why}.`);
  const needs = workflow.byName.get(to)!.needs;
  const need = needs.find((n) => n.step === from)!;
  return needs.length === 1 ? workflow.doc.remove(["steps", to, "needs"]) : workflow.doc.remove(["steps", to, "needs", String(need.index)]);
}

/** Sets a value; nothing takes its key away. */
export function setValue(workflow: Workflow, path: readonly string[], value: Json | undefined): YamlDoc {
  const node = nodeAt(workflow.doc.root, path);
  if (value !== undefined && path.length === 4 && path[0] === "steps" && path[2] === "with" && isNothing(nodeAt(workflow.doc.root, path.slice(0, 3)))) return firstInput(workflow, path, value);
  if (value !== undefined) return node !== undefined && said(toJson(node)) === said(value) ? workflow.doc : setScalar(workflow.doc, path, node, value);
  if (node === undefined) return workflow.doc;
  const above = nodeAt(workflow.doc.root, path.slice(0, -1));
  // A group of keys that has none left goes with its last one.
  const isGroup = path.length > 1 && !((path[0] === "steps" && path.length <= 3) || (path[0] === "parameters" && path.length === 3));
  return isGroup && above?.kind === "map" && above.entries.length === 1 ? setValue(workflow, path.slice(0, -1), undefined) : workflow.doc.remove(path);
}

// The inputs of a step stand on lines of their own, where there is room for more.
function firstInput(workflow: Workflow, path: readonly string[], value: Json): YamlDoc {
  const step = workflow.byName.get(path[1]!);
  const entries = step === undefined ? [] : entriesOf(step.node);
  if (entries.some((e) => e.key === "with") || step?.node.span.style !== "block") return workflow.doc.set(path, value);
  const behind = Math.max(...["uses", "needs", "for_each", "when"].map((k) => entries.findIndex((e) => e.key === k)));
  return workflow.doc.insert(path.slice(0, 2), behind + 1, "with", { [path[3]!]: value }, true);
}

// A text keeps its kind of quotes.
function setScalar(doc: YamlDoc, path: readonly string[], node: YamlNode | undefined, value: Json): YamlDoc {
  if (node?.kind === "scalar" && typeof value === "string" && node.span.style === "quoted") {
    const isSingle = doc.text[node.span.start] === "'";
    // eslint-disable-next-line no-control-regex
    if (!isSingle || !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(value)) return doc.apply([{ from: node.span.start, to: node.span.end, text: isSingle ? `'${value.replaceAll("'", "''")}'` : quoted(value) }]);
  }
  return doc.set(path, value);
}

/** Puts a copy of a step behind it, with the same needs. */
export function duplicateStep(workflow: Workflow, name: string): { doc: YamlDoc; name: string } {
  const step = workflow.byName.get(name);
  if (step === undefined) throw new EditRefused(`There is no step '${name}'.`);
  const base = name.replace(/_\d+$/, "");
  let copied = "";
  for (let i = 2; copied === "" || workflow.byName.has(copied); i++) copied = `${base}_${i}`;
  return { doc: addStep(workflow, copied, toJson(step.node) as JsonObject, name), name: copied };
}

/** A step as YAML of its own, to be pasted here or elsewhere. */
export function stepText(workflow: Workflow, names: readonly string[]): string {
  return names.flatMap((n) => {
    const step = workflow.byName.get(n);
    if (step === undefined) return [];
    const lines = workflow.doc.text.slice(step.from, step.to).split(/\r?\n/);
    const indent = /^ */.exec(workflow.doc.text.slice(workflow.doc.text.lastIndexOf("\n", step.keySpan.start) + 1))![0].length;
    return [lines.map((l, i) => (i === 0 ? l.trimStart() : l.slice(Math.min(indent, l.length - l.trimStart().length)))).join("\n")];
  }).join("\n");
}

/** Steps from YAML that was copied, each under a name that is free. */
export function pasteSteps(workflow: Workflow, yaml: string, after: string | null): { doc: YamlDoc; names: string[] } {
  const read = YamlDoc.read(yaml);
  const steps = read.doc === undefined ? null : read.doc.content;
  if (!isObject(steps) || Object.values(steps).some((s) => !isObject(s) || typeof s["uses"] !== "string")) throw new EditRefused("The clipboard holds no step.");
  // What was copied together goes on referring to each other, under whichever names.
  let copied = readWorkflow(YamlDoc.of({ steps }));
  const names: string[] = [];
  for (const wanted of Object.keys(steps)) {
    let name = wanted;
    for (let i = 2; !isName(name) || workflow.byName.has(name) || (name !== wanted && copied.byName.has(name)); i++) name = isName(wanted) ? `${wanted.replace(/_\d+$/, "")}_${i}` : `${freeName(workflow, wanted)}${i === 2 ? "" : `_${i}`}`;
    if (name !== wanted) copied = readWorkflow(renameStep(copied, wanted, name));
    names.push(name);
  }
  let at = workflow;
  let behind = after;
  for (const name of names) {
    at = readWorkflow(addStep(at, name, toJson(copied.byName.get(name)!.node) as JsonObject, behind));
    behind = name;
  }
  return { doc: at.doc, names };
}

/** The next version: the last number up by one. */
export function nextVersion(version: string): string {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  return parts === null ? "1.0.0" : `${parts[1]}.${Number(parts[2]) + 1}.0`;
}

/** A file to begin with. */
export function newWorkflow(id: string, summary: string): string {
  return `workflow: ${id}\nversion: 1.0.0\nsummary: ${flow(summary)}\nsteps: {}\n`;
}
