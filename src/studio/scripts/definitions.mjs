// Takes many definitions through the designer's model: node scripts/definitions.mjs IN OUT. IN is {"kinds": […], "texts": […]}, kinds as GET /step-kinds lists them. OUT says for each text what the
// model reads, what keeps it from being saved, and what a chain of random edits makes of it. Every chain is undone before it is written: a text that does not come back byte for byte ends the script.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const home = join(dirname(fileURLToPath(import.meta.url)), "..", "src", "designer");
const load = async (name) => (await runnerImport(join(home, name), { configFile: false, logLevel: "error" })).module;
const { check, checkWorkflow } = await load("check.ts");
const { blockStartOf, lineEndOf, YamlDoc } = await load("document.ts");
const edits = await load("edits.ts");
const { begin, done, undo, redo } = await load("history.ts");
const { readWorkflow, whyNotConnect } = await load("model.ts");
const { kindsOf } = await load("types.ts");

const [, , from, to] = process.argv;
const { kinds: listed, texts } = JSON.parse(readFileSync(from, "utf8"));
const kinds = kindsOf(listed);
const EDITS = 6;
const used = {};

// A small generator of its own, so that a seed stands for the same edits on every machine.
function chance(seed) {
  let state = (seed * 2654435761 + 97) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

// The lines of a step's needs with the comments above them: they belong to it.
function needsText(w, step) {
  const entry = step.node.entries.find((e) => e.key === "needs");
  return w.doc.text.slice(blockStartOf(w.doc.text, entry.keySpan.start), lineEndOf(w.doc.text, entry.value.span.end));
}

// The parts of the cases that name a step: what stood in one goes with the name.
function casesText(w, name) {
  const cases = w.doc.root.entries.find((e) => e.key === "tests")?.value;
  return (cases?.kind === "list" ? cases.items : []).flatMap((c) =>
    c.entries.filter((e) => e.value.kind === "map" && e.value.entries.some((named) => named.key.split(/[[.]/)[0] === name)).map((e) => w.doc.text.slice(e.keySpan.start, lineEndOf(w.doc.text, e.value.span.end))),
  );
}

function edit(w, next) {
  const pick = (all) => all[next(all.length)];
  const step = pick(w.steps);
  switch (next(9)) {
    case 0:
      return ["add", edits.addStep(w, edits.freeName(w, "store.bootstrap"), { uses: "store.bootstrap", needs: [step.name] }, step.name), null];
    case 1:
      return w.steps.length > 1 ? ["remove", edits.removeStep(w, step.name), [w.doc.text.slice(step.from, step.to), ...w.steps.filter((s) => s.needs.some((n) => n.step === step.name)).map((s) => needsText(w, s)), ...casesText(w, step.name)]] : null;
    case 2:
      return ["rename", edits.renameStep(w, step.name, edits.freeName(w, "renamed")), null];
    case 3: {
      const target = pick(w.steps);
      return whyNotConnect(w, step.name, target.name) === null ? ["connect", edits.connect(w, step.name, target.name), null] : null;
    }
    case 4: {
      const edge = pick(w.edges.filter((e) => e.isNeed));
      return edge === undefined ? null : ["disconnect", edits.disconnect(w, edge.from, edge.to), [needsText(w, w.byName.get(edge.to))]];
    }
    case 5:
      return ["set timeout", edits.setValue(w, ["steps", step.name, "timeout"], `${1 + next(50)}m`), null];
    case 6:
      return ["set deep", edits.setValue(w, ["steps", step.name, "retry", "attempts"], 2 + next(8)), null];
    case 7: {
      const edge = pick(w.edges);
      return edge === undefined ? null : ["insert on edge", edits.insertOnEdge(w, edge.from, edge.to, edits.freeName(w, "between"), { uses: "store.bootstrap" }), null];
    }
    default:
      return ["duplicate", edits.duplicateStep(w, step.name).doc, null];
  }
}

const comments = (text) => (text.match(/# note \d+: [^\r\n]*/g) ?? []).map((c) => c.split("  ")[0]);
const about = (w) => ({ content: w.doc.content, edges: w.edges.map((e) => [e.from, e.to]) });

const out = texts.map((text, i) => {
  const { workflow, problems } = check(text, kinds);
  if (workflow === null) return { problems };
  const next = chance(i + 1);
  let history = begin(text);
  let w = workflow;
  const deeds = [];
  let lost = [];
  for (let e = 0; e < EDITS; e++) {
    const made = edit(w, next);
    if (made === null) continue;
    const [deed, doc, removed] = made;
    // Comments of what was taken away go with it; every other one stays, but for those within a value that was rewritten.
    const gone = (removed ?? []).flatMap(comments);
    const kept = comments(doc.text);
    lost = [...lost, ...comments(w.doc.text).filter((c) => !kept.includes(c) && !gone.includes(c)).map((c) => `${deed}: ${c}`)];
    history = done(history, { text: doc.text, selection: [], deed, group: null });
    w = readWorkflow(YamlDoc.read(doc.text).doc);
    deeds.push(deed);
    used[deed] = (used[deed] ?? 0) + 1;
  }
  const edited = history.now.text;
  while (history.past.length > 0) history = undo(history);
  if (history.now.text !== text) throw new Error(`definition ${i} did not come back after ${deeds.join(", ")}`);
  while (history.future.length > 0) history = redo(history);
  if (history.now.text !== edited) throw new Error(`definition ${i} was not made again by redo`);
  // One value set and set back again stands as it stood, byte for byte.
  const before = workflow.summary;
  const there = readWorkflow(edits.setValue(workflow, ["summary"], "edited by the model"));
  const back = edits.setValue(there, ["summary"], before);
  return { ...about(workflow), problems, deeds, lost, edited: { text: edited, problems: checkWorkflow(w, kinds).map((p) => p.code), ...about(w) }, there: there.doc.text, back: back.text };
});
writeFileSync(to, JSON.stringify({ used, out }));
