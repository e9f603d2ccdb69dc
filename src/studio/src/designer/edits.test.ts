import { describe, expect, it } from "vitest";
import { check } from "./check";
import { lineDiff, structural } from "./differences";
import { YamlDoc } from "./document";
import * as edits from "./edits";
import { begin, DEPTH, done, redo, selected, undo } from "./history";
import { kinds, lane } from "./lane.fixture";
import { inOrder, readWorkflow, spokenStep, stepAt, targetsOf, whyNotConnect } from "./model";

const read = (text = lane) => readWorkflow(YamlDoc.read(text).doc!);
const again = (doc: YamlDoc) => readWorkflow(doc);

/** The lines in which two texts differ. */
const changes = (a: string, b: string) => lineDiff(a, b).filter((l) => l.sign !== " ").map((l) => l.sign + l.text);

describe("the graph of a file", () => {
  it("has the edges that needs say and those that values imply", () => {
    expect(read().drawn.map((e) => [e.from, e.to, e.isNeed, e.fields])).toEqual([
      ["bootstrap", "align", true, []], ["align", "sweep", false, ["with.snapshot"]], ["sweep", "train", false, ["with.sweep", "for_each.in"]], ["train", "approve", false, ["with.subject"]],
    ]);
    expect(read().edges.map((e) => `${e.from}>${e.to}`)).toContain("sweep>approve");
  });

  it("is walked in an order in which nothing stands before what it needs", () => {
    expect(inOrder(read())).toEqual(["bootstrap", "align", "sweep", "train", "approve"]);
  });

  it("knows the step of a line, its comments included", () => {
    const w = read();
    expect(stepAt(w, lane.indexOf("# two at most"))?.name).toBe("train");
    expect(stepAt(w, lane.indexOf("outputs.snapshot"))?.name).toBe("sweep");
    expect(stepAt(w, lane.indexOf("summary"))).toBeUndefined();
  });

  it("is told to a reader", () => {
    const w = read();
    expect(spokenStep(w, w.byName.get("train")!, 1)).toBe("train, learning train, needs sweep, leads to approve, 1 problem, 4 of 5");
  });
});

describe("connecting", () => {
  it("offers what can be connected and says why the rest cannot", () => {
    const w = read();
    expect(targetsOf(w, "bootstrap")).toEqual(["sweep", "train", "approve"]);
    expect(whyNotConnect(w, "approve", "sweep")).toBe("sweep already leads to approve");
    expect(whyNotConnect(w, "train", "train")).toBe("train cannot need itself");
    expect(whyNotConnect(w, "bootstrap", "align")).toBe("align needs bootstrap already");
    expect(whyNotConnect(w, "align", "sweep")).toBe("sweep needs align already, by with.snapshot");
    expect(() => edits.connect(w, "approve", "sweep")).toThrow("sweep already leads to approve.");
  });

  it("adds one key behind uses, and takes it away again without a trace", () => {
    const w = read();
    const doc = edits.connect(w, "bootstrap", "sweep");
    expect(changes(lane, doc.text)).toEqual(["+    needs: [bootstrap]"]);
    expect(edits.disconnect(again(doc), "bootstrap", "sweep").text).toBe(lane);
  });

  it("adds to needs that are there and keeps the comment behind them", () => {
    const doc = edits.connect(again(edits.addStep(read(), "extra", { uses: "store.bootstrap" })), "extra", "align");
    expect(doc.text).toContain("    needs: [bootstrap, extra]        # the store must be there\n");
  });

  it("leaves an edge that a value implies to the value", () => {
    expect(() => edits.disconnect(read(), "align", "sweep")).toThrow("sweep needs align by with.snapshot: change the value there.");
  });
});

describe("editing", () => {
  it("puts a new step behind the one it needs", () => {
    const doc = edits.addStep(read(), "check", { uses: "store.bootstrap", needs: ["align"] }, "align");
    expect(changes(lane, doc.text)).toEqual(["+  check:", "+    uses: store.bootstrap", "+    needs: [align]"]);
    expect(doc.text.indexOf("check:")).toBeLessThan(doc.text.indexOf("sweep:"));
  });

  it("puts a new step on an edge", () => {
    const doc = edits.insertOnEdge(read(), "bootstrap", "align", "between", { uses: "store.bootstrap" });
    expect(changes(lane, doc.text)).toEqual(["+  between:", "+    uses: store.bootstrap", "+    needs: [bootstrap]", "-    needs: [bootstrap]        # the store must be there", "+    needs: [between]        # the store must be there"]);
  });

  it("begins a file that has no steps", () => {
    const empty = edits.newWorkflow("nightly", "Sweeps: every night");
    expect(check(empty, kinds).problems.map((p) => p.message)).toEqual(["The workflow has no steps."]);
    const doc = edits.addStep(read(empty), "bootstrap", { uses: "store.bootstrap" });
    expect(check(doc.text, kinds).problems).toEqual([]);
    expect(doc.text).toContain("steps:\n  bootstrap: { uses: store.bootstrap }\n");
  });

  it("renames a step everywhere and touches nothing else", () => {
    const doc = edits.renameStep(read(), "sweep", "scan");
    expect(check(doc.text, kinds).problems).toEqual([]);
    expect(doc.text).toBe(lane.replaceAll("steps.sweep.", "steps.scan.").replace("  sweep:\n", "  scan:\n").replace("mock: { sweep:", "mock: { scan:"));
    expect(edits.renameStep(again(doc), "scan", "sweep").text).toBe(lane);
  });

  it("does not take a name that is none or taken", () => {
    expect(() => edits.renameStep(read(), "sweep", "Scan it")).toThrow("is no name");
    expect(() => edits.renameStep(read(), "sweep", "align")).toThrow("already");
  });

  it("removes a step with its comments, from needs and cases too, and leaves values that a person must decide", () => {
    const w = read();
    const doc = edits.removeStep(w, "sweep");
    expect(doc.text).not.toContain("the same bars for all");
    expect(doc.text).toContain("# two at most");
    expect(doc.text).not.toContain("mock: { sweep");
    expect(edits.dependantsOf(w, "sweep")).toEqual([{ step: "train", fields: ["with.sweep", "for_each.in"] }, { step: "approve", fields: ["when"] }]);
    expect(check(doc.text, kinds).problems.map((p) => [p.code, p.step])).toContainEqual(["WFL-1008", "train"]);
  });

  it("sets a value and keeps its quotes and the comment behind", () => {
    const doc = edits.setValue(read(), ["summary"], "It's five");
    expect(doc.text).toContain("summary: 'It''s five'   # in one sentence\n");
    expect(edits.setValue(again(doc), ["summary"], "Five steps").text).toBe(lane);
  });

  it("makes the keys above a value, and takes them away with their last", () => {
    const doc = edits.setValue(read(), ["steps", "align", "retry", "attempts"], 3);
    expect(changes(lane, doc.text)).toEqual(["+    retry: { attempts: 3 }"]);
    expect(edits.setValue(again(doc), ["steps", "align", "retry", "attempts"], undefined).text).toBe(lane);
  });

  it("puts the first input of a step on a line of its own", () => {
    const added = edits.addStep(read(), "again", { uses: "market.align", needs: ["align"] }, "align");
    const doc = edits.setValue(again(edits.setValue(again(added), ["steps", "again", "with", "ticker"], "SPY")), ["steps", "again", "with", "days"], 5);
    expect(changes(added.text, doc.text)).toEqual(["+    with:", "+      ticker: SPY", "+      days: 5"]);
    expect(edits.removeStep(again(doc), "again").text).toBe(lane);
  });

  it("duplicates a step behind it, with what it needs", () => {
    const { doc, name } = edits.duplicateStep(read(), "align");
    expect(name).toBe("align_2");
    expect(again(doc).edges.filter((e) => e.to === "align_2").map((e) => e.from)).toEqual(["bootstrap"]);
    expect(edits.removeStep(again(doc), "align_2").text).toBe(lane);
  });

  it("copies steps as YAML and pastes them under names that are free", () => {
    const text = edits.stepText(read(), ["align"]);
    expect(text).toMatch(/^# Bars first[^\n]*\nalign:\n {2}uses: market.align\n/);
    const { doc, names } = edits.pasteSteps(read(), text, "align");
    expect(names).toEqual(["align_2"]);
    expect(check(doc.text, kinds).problems).toEqual([]);
    expect(() => edits.pasteSteps(read(), "just words", null)).toThrow("no step");
  });

  it("lets steps that were copied together refer to each other under their new names, and to the old ones nowhere", () => {
    const text = edits.stepText(read(), ["align", "sweep"]);
    const { doc, names } = edits.pasteSteps(read(), text, null);
    expect(names).toEqual(["align_2", "sweep_2"]);
    const pasted = readWorkflow(doc).byName.get("sweep_2")!;
    expect([...pasted.needs.map((n) => n.step), ...pasted.references.map((r) => r.step)].filter((s) => s.startsWith("align"))).not.toContain("align");
    expect(pasted.references.some((r) => r.step === "align_2") || pasted.needs.some((n) => n.step === "align_2")).toBe(true);
    const elsewhere = edits.pasteSteps(readWorkflow(YamlDoc.read("workflow: other\nversion: 1.0.0\nsummary: x\nsteps: {}\n").doc!), text, null);
    expect(elsewhere.names).toEqual(["align", "sweep"]);
  });

  it("keeps Windows line ends", () => {
    const windows = lane.replaceAll("\n", "\r\n");
    const doc = edits.connect(read(windows), "bootstrap", "sweep");
    expect(doc.text.replaceAll("\r\n", "\n")).toBe(edits.connect(read(), "bootstrap", "sweep").text);
    expect(doc.text.split("\n").every((l, i, all) => i === all.length - 1 || l.endsWith("\r"))).toBe(true);
  });

  it("goes up by the second number", () => {
    expect(edits.nextVersion("1.0.0")).toBe("1.1.0");
  });
});

describe("the history", () => {
  it("brings back text and selection, and makes it again", () => {
    let h = selected(begin("a"), ["x"]);
    h = done(h, { text: "b", selection: ["y"], deed: "one", group: null });
    h = done(h, { text: "c", selection: ["z"], deed: "two", group: null });
    h = undo(h);
    expect([h.now.text, h.now.selection]).toEqual(["b", ["y"]]);
    h = undo(undo(h));
    expect([h.now.text, h.now.selection]).toEqual(["a", ["x"]]);
    expect(redo(redo(h)).now.text).toBe("c");
  });

  it("takes typing in one field for one edit until somebody looks elsewhere", () => {
    let h = begin("");
    for (const text of ["1", "12", "123"]) h = done(h, { text, selection: [], deed: "type", group: "steps.a.timeout" });
    expect(undo(h).now.text).toBe("");
    h = done(selected(h, ["b"]), { text: "1234", selection: [], deed: "type", group: "steps.a.timeout" });
    expect(undo(h).now.text).toBe("123");
  });

  it("keeps two hundred edits", () => {
    let h = begin("0");
    for (let i = 1; i <= 500; i++) h = done(h, { text: String(i), selection: [], deed: "", group: null });
    for (let i = 0; i < DEPTH; i++) h = undo(h);
    expect(h.now.text).toBe("300");
    expect(undo(h).now.text).toBe("300");
  });
});

describe("what changed", () => {
  it("is told by steps and settings, and a comment is no change", () => {
    const to = edits.setValue(again(edits.addStep(read(), "extra", { uses: "store.bootstrap" })), ["concurrency"], { group: "g", limit: 1 });
    const diff = structural(read(`# new\n${lane}`).doc.content, again(edits.setValue(again(to), ["steps", "align", "timeout"], "5m")).doc.content);
    expect([diff.added, diff.removed, diff.changed, diff.settings.map((s) => s.path.join("."))]).toEqual([["extra"], [], ["align"], ["concurrency"]]);
    expect(structural(read().doc.content, read(lane.replace("# The lane", "# Another")).doc.content).differences).toEqual([]);
  });

  it("is told by lines", () => {
    expect(lineDiff("a\nb\nc", "a\nx\nc\nd").map((l) => l.sign + l.text)).toEqual([" a", "-b", "+x", " c", "+d"]);
  });
});
