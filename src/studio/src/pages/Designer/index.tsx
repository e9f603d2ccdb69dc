import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Link, useParams, useSearchParams } from "react-router";
import { dropWorkflowDraft, testWorkflow, type WorkflowCase } from "../../api/client";
import { ErrorPanel } from "../../components/ErrorPanel";
import { FlowCanvas } from "../../components/FlowCanvas";
import type { FlowEdits } from "../../components/FlowCanvas/types";
import { Glyph, Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { Segmented } from "../../components/Segmented";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { brief } from "../../designer/brief";
import type { Problem } from "../../designer/check";
import { structural } from "../../designer/differences";
import { YamlDoc } from "../../designer/document";
import { addStep, connect, dependantsOf, disconnect, duplicateStep, freeName, insertOnEdge, newWorkflow, pasteSteps, removeStep, stepText } from "../../designer/edits";
import { readWorkflow, targetsOf, whyNotConnect } from "../../designer/model";
import { iconOf, labelOf } from "../../designer/palette";
import { digest, many } from "../../text/format";
import { designer as words } from "../../text/designer";
import { nav } from "../../text/strings";
import { Chooser, type Choice } from "./Chooser";
import { ConflictDialog } from "./ConflictDialog";
import { Inspector, KindTitle, NameField } from "./Inspector";
import { KindPalette } from "./Palette";
import { draftQuery, kindsQuery, layoutQuery, meQuery, textQuery, versionsQuery } from "./queries";
import { SaveDialog, type Conflict } from "./SaveDialog";
import { useDesigner, type Start } from "./useDesigner";
import "./style.css";

const Yaml = lazy(() => import("./Yaml"));

type View = "canvas" | "both" | "yaml";
const views = [{ value: "canvas" as const, label: words.canvas }, { value: "both" as const, label: words.both }, { value: "yaml" as const, label: words.yaml }];

/** Reads all that the designer begins with; then it draws. */
export function DesignerPage() {
  const id = useParams()["id"] ?? "";
  const [search] = useSearchParams();
  const me = useQuery(meQuery);
  const kinds = useQuery(kindsQuery);
  // What was begun and never saved has no version to ask for.
  const isNew = search.get("new") === "1";
  const saved = useQuery({ ...textQuery(id), enabled: !isNew });
  const text = isNew ? { ...saved, data: saved.data ?? null, error: null } : saved;
  const layout = useQuery(layoutQuery(id));
  const draft = useQuery(draftQuery(id));
  const listed = useQuery({ ...versionsQuery(id), enabled: !isNew });
  const versions = isNew ? { ...listed, data: listed.data ?? [], error: null } : listed;
  const [phone, setPhone] = useState(() => window.matchMedia("(max-width: 700px)").matches);
  useEffect(() => {
    const narrow = window.matchMedia("(max-width: 700px)");
    const follow = (): void => setPhone(narrow.matches);
    narrow.addEventListener("change", follow);
    return () => narrow.removeEventListener("change", follow);
  }, []);
  const started = useRef<Start | null>(null);
  const crumbs = useMemo(() => [{ label: nav.workflows, to: "/workflows" }, { label: id, to: `/workflows/${id}`, mono: true }, { label: words.title }], [id]);
  usePage(`${words.title}, ${id}`, crumbs);

  const error = text.error ?? kinds.error ?? me.error ?? draft.error ?? layout.error ?? versions.error;
  const ready = me.data !== undefined && kinds.data !== undefined && text.data !== undefined && layout.data !== undefined && draft.data !== undefined && versions.data !== undefined;
  if (started.current?.id !== id) started.current = null;
  if (ready && started.current === null) {
    const mine = draft.data.mine;
    const present = text.data;
    const [wide, operate] = [!phone, me.data.rights.includes("operate")];
    started.current = {
      id, kinds: kinds.data, places: new Map(Object.entries(layout.data.positions).map(([name, [x, y]]) => [name, { x: x ?? 0, y: y ?? 0 }])), selection: search.get("sel")?.split(",").filter((s) => s !== "") ?? [],
      text: mine?.text ?? present?.text ?? newWorkflow(id, "What it is for"), base: mine?.base ?? present?.version ?? null, others: draft.data.others, barred: !operate ? words.noRight : !wide ? words.phone : null,
    };
  }
  const start = started.current;
  if (error !== null && start === null) {
    return (
      <div className="pg">
        <div className="hd"><h1>{id}</h1></div>
        <section className="card"><ErrorPanel error={error} what="The workflow cannot be opened." onRetry={() => void Promise.all([text.refetch(), draft.refetch()])} /></section>
      </div>
    );
  }
  if (start === null) return <div className="ds" aria-busy="true"><h1 className="sr">{id}</h1></div>;
  return <Board key={id} start={phone ? { ...start, barred: start.barred ?? words.phone } : start} savedText={text.data?.text ?? null} taken={versions.data?.map((v) => v.version) ?? []} hadDraft={draft.data?.mine != null && draft.data.mine.text === start.text && start.text !== text.data?.text} phone={phone} />;
}

function Board({ start, savedText, taken, hadDraft, phone }: { start: Start; savedText: string | null; taken: readonly string[]; hadDraft: boolean; phone: boolean }) {
  const d = useDesigner(start);
  const { workflow, selection, problems, errors } = d;
  const { kinds, barred, id } = start;
  const queries = useQueryClient();
  const toast = useToast();
  const [search, setSearch] = useSearchParams();
  const view = ((v) => (v === "canvas" || v === "yaml" ? v : "both"))(search.get("view")) as View;
  const [chooser, setChooser] = useState<"add" | "connect" | null>(null);
  const [naming, setNaming] = useState(false);
  const [saving, setSaving] = useState(false);
  const [list, setList] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [goTo, setGoTo] = useState<{ at: number } | null>(null);
  const [cases, setCases] = useState<{ text: string; cases: readonly WorkflowCase[]; shown: number } | null>(null);
  const [said, setSaid] = useState("");
  const nextProblem = useRef(0);
  const primary = selection.at(-1) ?? null;
  const step = primary === null ? null : (workflow.byName.get(primary) ?? null);

  const say = useCallback((message: string) => toast({ tone: "bad", text: message }), [toast]);
  const focus = useCallback((name: string) => {
    const node = (): HTMLElement | null => document.querySelector<HTMLElement>(`.fc [data-id="${CSS.escape(name)}"]`);
    // One that was just made is there a moment later; whoever has gone on by then is not called back.
    if (node() !== null) node()!.focus({ preventScroll: true });
    else requestAnimationFrame(() => requestAnimationFrame(() => node()?.focus({ preventScroll: true })));
  }, []);

  // The address says what is chosen.
  const sel = selection.join(",");
  useEffect(() => {
    setSearch((was) => {
      const next = new URLSearchParams(was);
      if (sel === "") next.delete("sel");
      else next.set("sel", sel);
      return next;
    }, { replace: true });
  }, [sel, setSearch]);

  const counts = useMemo(() => {
    const map = new Map<string, number>();
    for (const p of problems) if (p.step !== null && p.severity === "error") map.set(p.step, (map.get(p.step) ?? 0) + 1);
    return map;
  }, [problems]);
  const notes = useMemo(() => new Map(problems.filter((p) => p.step !== null && p.severity === "error").reverse().map((p) => [p.step!, brief(p)])), [problems]);
  const problemsOf = useCallback((name: string) => counts.get(name) ?? 0, [counts]);
  const noteOf = useCallback((name: string) => notes.get(name) ?? null, [notes]);

  const add = useCallback(
    (uses: string, place?: { x: number; y: number }, edge?: { from: string; to: string } | null) => {
      let name = "";
      const after = edge === null || edge === undefined ? (place === undefined ? primary : null) : null;
      const why = d.edit(`Add ${labelOf(uses)}`, (w) => {
        name = freeName(w, uses);
        const body = { uses, ...(after === null ? {} : { needs: [after] }) };
        return edge === null || edge === undefined ? addStep(w, name, body, after) : insertOnEdge(w, edge.from, edge.to, name, { uses });
      });
      if (why !== null) return say(why);
      if (place !== undefined) d.move(new Map([...d.at, [name, place]]));
      d.select([name]);
      setSaid(`Added ${name}${after === null ? "" : `, needs ${after}`}.`);
      focus(name);
    },
    [d, primary, say, focus],
  );

  const remove = useCallback(() => {
    if (barred !== null || selection.length === 0) return;
    const gone = [...selection];
    const left = [...new Set(gone.flatMap((n) => dependantsOf(workflow, n)).filter((x) => !gone.includes(x.step)).map((x) => x.step))];
    const upstream = workflow.drawn.find((e) => e.to === gone[0] && !gone.includes(e.from))?.from;
    for (const name of gone) {
      const why = d.edit(`Remove ${gone.join(", ")}`, (w) => removeStep(w, name), upstream === undefined ? [] : [upstream], `remove ${gone.join()}`);
      if (why !== null) return say(why);
    }
    toast({ tone: "ok", text: `Removed ${gone.join(", ")}.${left.length === 0 ? "" : ` ${left.join(", ")} needed it.`}`, action: { label: words.undo, run: d.undo } });
    if (upstream !== undefined) focus(upstream);
  }, [barred, selection, workflow, d, say, toast, focus]);

  const edits = useMemo<FlowEdits | null>(
    () =>
      barred !== null
        ? null
        : {
            move: d.move,
            connect: (from, to) => {
              const why = d.edit(`Connect ${from} to ${to}`, (w) => connect(w, from, to), [to]);
              if (why !== null) say(why);
            },
            whyNot: (from, to) => whyNotConnect(workflow, from, to),
            disconnect: (e) => {
              const why = d.edit(`Disconnect ${e.from} from ${e.to}`, (w) => disconnect(w, e.from, e.to), [e.to]);
              if (why !== null) say(why);
            },
            drop: (kind, place, edge) => add(kind, place, edge),
            enter: (name) => {
              const into = (): void => document.querySelector<HTMLElement>(".ins .if input:not(:disabled), .ins .if select:not(:disabled)")?.focus();
              if (name === "" || name === primary) into();
              else requestAnimationFrame(into);
            },
          },
    [barred, d, workflow, say, add, primary],
  );

  const show = useCallback(
    (p: Problem) => {
      if (p.step !== null && workflow.byName.has(p.step)) d.select([p.step]);
      else d.select([]);
      setGoTo({ at: p.from });
      // The field where there is one, else the step.
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const field = p.path.length > 1 ? document.getElementById(`f-${p.path.join("-")}`) : null;
        if (field !== null) field.focus();
        else if (p.step !== null) document.querySelector<HTMLElement>(`.fc [data-id="${CSS.escape(p.step)}"]`)?.focus({ preventScroll: true });
      }));
    },
    [d, workflow],
  );

  const mend = useCallback((p: Problem) => {
    if (p.fix === undefined || barred !== null) return;
    d.write(d.text.slice(0, p.fix.from) + p.fix.text + d.text.slice(p.fix.to), p.fix.label, null);
  }, [d, barred]);

  async function runTests() {
    try {
      const result = await testWorkflow({ body: { text: d.text } });
      const failed = result.cases.findIndex((c) => !c.passed);
      setCases({ text: d.text, cases: result.cases, shown: Math.max(0, failed) });
      if (failed >= 0) {
        const wrong = result.cases[failed]!.steps.find((s) => s.expected !== null && s.expected !== s.state);
        if (wrong !== undefined) d.select([wrong.step]);
      }
    } catch (e) {
      say(e instanceof Error ? e.message : String(e));
    }
  }

  const openSave = (): void => {
    if (barred !== null) return say(barred);
    if (errors.length > 0) {
      setList(true);
      return say(`${many(errors.length, "problem keeps", "problems keep")} it from being saved.`);
    }
    setSaving(true);
  };

  const canvasKeys = view !== "yaml" && barred === null;
  const copyKeys = (): boolean => (document.getSelection()?.toString() ?? "") === "" && !(document.activeElement?.closest("input, textarea, .cm-editor") ?? null);
  useKeys({
    a: () => barred === null && setChooser("add"),
    c: () => barred === null && primary !== null && setChooser("connect"),
    l: () => d.tidy(),
    Delete: remove, Backspace: remove,
    // The field is there before the next key.
    F2: () => barred === null && step !== null && flushSync(() => setNaming(true)),
    F8: () => {
      if (problems.length === 0) return;
      const p = problems[nextProblem.current % problems.length]!;
      nextProblem.current = (nextProblem.current + 1) % problems.length;
      setList(true);
      show(p);
    },
    x: () => {
      flushSync(() => d.select([]));
      // Off the step too, so that Enter goes to the form of the workflow.
      document.querySelector<HTMLElement>(".fc")?.focus({ preventScroll: true });
    },
    Enter: () => edits?.enter(""),
    "0": () => document.querySelector<HTMLButtonElement>(".react-flow__controls-fitview")?.click(),
    "+": () => document.querySelector<HTMLButtonElement>(".react-flow__controls-zoomin")?.click(),
    "=": () => document.querySelector<HTMLButtonElement>(".react-flow__controls-zoomin")?.click(),
    "-": () => document.querySelector<HTMLButtonElement>(".react-flow__controls-zoomout")?.click(),
  });
  // These do not rest while a field has focus.
  useEffect(() => {
    const heard = (event: KeyboardEvent): void => {
      const ctrl = event.ctrlKey || event.metaKey;
      if (event.key === "Escape" && !ctrl && (event.target as HTMLElement).closest(".ins") !== null && document.querySelector("[role=dialog]") === null && !event.defaultPrevented) {
        if (primary !== null) focus(primary);
        return;
      }
      if (!ctrl || event.altKey || event.defaultPrevented || document.querySelector("[role=dialog]") !== null) return;
      const key = event.key.toLowerCase();
      const inYaml = (event.target as HTMLElement).closest(".cm-editor") !== null;
      if (key === "s") openSave();
      else if (key === "z" && !inYaml) (event.shiftKey ? d.redo : d.undo)();
      else if (key === "y" && !inYaml) d.redo();
      else if (key === "d" && canvasKeys && primary !== null && !inYaml) {
        let made = "";
        const why = d.edit(`Duplicate ${primary}`, (w) => {
          const copy = duplicateStep(w, primary);
          made = copy.name;
          return copy.doc;
        });
        if (why !== null) say(why);
        else {
          d.select([made]);
          focus(made);
        }
      } else if (key === "c" && copyKeys() && selection.length > 0) void navigator.clipboard.writeText(stepText(workflow, selection)).then(() => setSaid(`Copied ${selection.join(", ")} as YAML.`));
      else if (key === "v" && copyKeys() && barred === null) {
        void navigator.clipboard.readText().then((yaml) => {
          let names: string[] = [];
          const why = d.edit("Paste", (w) => {
            const pasted = pasteSteps(w, yaml, primary);
            names = pasted.names;
            return pasted.doc;
          });
          if (why !== null) say(why);
          else d.select(names);
        }, () => say("The clipboard cannot be read."));
      } else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", heard);
    return () => window.removeEventListener("keydown", heard);
  });

  const kindChoices = useMemo<Choice[]>(() => [...kinds.values()].sort((a, b) => Number(b.isBuilt) - Number(a.isBuilt)).map((k) => ({ id: k.id, label: labelOf(k.id), detail: k.isBuilt ? k.summary : `${words.announced}: ${k.summary}`, icon: iconOf(k.id) })), [kinds]);
  const targets = useMemo<Choice[]>(() => (chooser !== "connect" || primary === null ? [] : targetsOf(workflow, primary).map((t) => ({ id: t, label: t, detail: workflow.byName.get(t)?.uses ?? "", icon: iconOf(workflow.byName.get(t)?.uses ?? "") }))), [chooser, primary, workflow]);
  const baseContent = useMemo(() => (savedText === null ? null : (YamlDoc.read(savedText).doc?.content ?? null)), [savedText]);
  const diff = useMemo(() => (baseContent === null || d.isStale ? null : structural(baseContent, workflow.doc.content)), [baseContent, workflow, d.isStale]);
  const isChanged = d.text !== savedText;
  const states = useMemo(() => (cases === null || cases.text !== d.text ? undefined : new Map(cases.cases[cases.shown]!.steps.map((s) => [s.step, { state: s.state, wrong: s.expected !== null && s.expected !== s.state }]))), [cases, d.text]);
  const target = taken.includes(workflow.version) ? null : workflow.version;
  const warnings = problems.length - errors.length;
  const setView = (v: View): void => setSearch((was) => {
    const next = new URLSearchParams(was);
    if (v === "both") next.delete("view");
    else next.set("view", v);
    return next;
  }, { replace: true });

  return (
    <div className={`ds v-${view}${barred === null ? "" : " only"}`}>
      <h1 className="sr">{words.title}: {id}</h1>
      <div className="tb" role="toolbar" aria-label={words.title}>
        {barred === null ? (
          <>
            <button type="button" className="btn s" disabled={!d.canUndo} onClick={d.undo} title="Ctrl Z"><Icon name="undo" size={14} />{words.undo}</button>
            <button type="button" className="btn s g" disabled={!d.canRedo} onClick={d.redo} title="Ctrl Shift Z"><Icon name="redo" size={14} />{words.redo}</button>
            <span className="vr" />
            <button type="button" className="btn s" onClick={d.tidy}><Icon name="tidy" size={14} />{words.tidy} <kbd>L</kbd></button>
            <button type="button" className="btn s" onClick={() => setChooser("add")}><Icon name="plus" size={14} />{words.add} <kbd>A</kbd></button>
            <button type="button" className="btn s" disabled={errors.length > 0} onClick={() => void runTests()}><Icon name="play" size={14} />{words.test}</button>
            <span className="vr" />
          </>
        ) : (
          <p className="why-not sm"><Icon name="lock" size={14} /> {barred}</p>
        )}
        {phone ? null : <Segmented label={words.view} value={view} options={views} onChange={setView} />}
        <span className="sp" />
        <DraftNote d={d} isChanged={isChanged} hadDraft={hadDraft} onDrop={() => {
          void dropWorkflowDraft({ id }).then((left) => {
            queries.setQueryData(["workflow-draft", id], left);
            if (savedText !== null) d.write(savedText, "Discard the draft", null);
            d.saved(d.base ?? "");
          });
        }} canDrop={savedText !== null && barred === null} />
        {diff === null || d.base === null || phone || !isChanged ? null : (
          <Link className="btn s" to={`/workflows/${id}/diff?a=${d.base}&draft=1`} title={`What differs from ${d.base}`}>
            Diff with {d.base}
            <span className="t-ok">+{diff.added.length}</span> <span className="t-bad">−{diff.removed.length}</span> <span className="t-warn">~{diff.changed.length + diff.settings.length}</span>
          </Link>
        )}
        <button type="button" className={errors.length > 0 ? "btn s d" : "btn s"} aria-expanded={list} onClick={() => setList((was) => !was)} disabled={problems.length === 0}>
          <span className={errors.length > 0 ? "t-bad" : warnings > 0 ? "t-warn" : "t-ok"}><Glyph name={errors.length > 0 ? "cross" : warnings > 0 ? "triangle" : "tick"} size={11} /></span>
          {errors.length > 0 ? many(errors.length, "problem", "problems") : warnings > 0 ? many(warnings, "warning", "warnings") : "No problems"} {problems.length > 0 ? <kbd>F8</kbd> : null}
        </button>
        {phone ? null : (
          <button type="button" className={errors.length > 0 || !isChanged ? "btn s" : "btn s p"} disabled={errors.length > 0 || barred !== null || !isChanged} onClick={openSave} title={barred ?? (errors.length > 0 ? `${many(errors.length, "problem keeps", "problems keep")} it from being saved.` : !isChanged ? "Nothing has changed." : undefined)}>
            {words.save} {target ?? ""} <kbd>Ctrl S</kbd>
          </button>
        )}
      </div>
      {view === "yaml" || barred !== null ? null : <KindPalette kinds={kinds} disabled={barred !== null} onAdd={(k) => add(k)} />}
      {view === "yaml" ? null : (
        <section className="cv" aria-label={words.canvas}>
          <FlowCanvas workflow={workflow} at={d.at} selection={selection} onSelect={d.select} label={words.graph} problemsOf={problemsOf} noteOf={noteOf} stale={d.isStale} edit={edits} states={states} />
          {d.isStale ? <p className="cv-n t-bad" role="status"><Glyph name="cross" /> {words.stale}</p> : null}
          {workflow.steps.length === 0 && !d.isStale ? <div className="cv-0"><b>{words.empty}</b><span className="sub">{words.emptyWhy}</span></div> : null}
          {cases === null ? null : <Cases cases={cases} isOld={cases.text !== d.text} onShow={(shown) => setCases({ ...cases, shown })} onClose={() => setCases(null)} />}
        </section>
      )}
      <aside className="ins" aria-label={words.inspector}>
        {view === "yaml" || phone ? null : (
          <div className="ins-f">
            <div className="ch">
              {step === null ? <h2>{words.workflow} <OtherText className="mono" most={30}>{id}</OtherText></h2> : <NameField key={step.name} designer={d} step={step} editing={naming} onDone={() => { setNaming(false); }} say={say} />}
              {step === null ? null : <KindTitle uses={step.uses} kinds={kinds} />}
              <span className="sp" />
              {step === null || barred !== null ? null : <button type="button" className="btn s" onClick={() => setNaming(true)}>{words.rename} <kbd>F2</kbd></button>}
            </div>
            <Inspector designer={d} kinds={kinds} step={step} barred={barred} say={say} onConnect={() => setChooser("connect")} onFix={mend} />
          </div>
        )}
        {view === "canvas" ? null : (
          <div className="ins-y">
            <div className="ch">
              <h2>{words.yaml}</h2>
              <span className="s mono one">workflows/{id}.{workflow.version || "?"}.yaml</span>
              <span className="sp" />
              <span className={d.isStale ? "sm t-bad in" : "sm t-ok in"}><Glyph name={d.isStale ? "cross" : "tick"} size={11} />{d.isStale ? words.notInStep : words.inStep}</span>
            </div>
            <Suspense fallback={<div className="yaml-host" aria-busy="true" />}>
              <Yaml text={d.text} workflow={workflow} kinds={kinds} problems={problems} selected={primary} readOnly={barred !== null} label={`${words.yaml} of ${id}`} goTo={goTo} onText={(t) => d.write(t, "Write YAML", "yaml")} onStep={(name) => d.select([name])} onUndo={d.undo} onRedo={d.redo} />
            </Suspense>
          </div>
        )}
      </aside>
      {list && problems.length > 0 ? (
        <section className="pl" aria-label={words.problems}>
          <div className="ch"><h2>{words.problems}</h2><span className="sp" /><button type="button" className="btn s g" onClick={() => setList(false)}>Close</button></div>
          <ul>
            {problems.map((p, i) => (
              <li key={i}>
                <button type="button" onClick={() => show(p)}>
                  <span className={p.severity === "error" ? "t-bad" : "t-warn"}><Glyph name={p.severity === "error" ? "cross" : "triangle"} /></span>
                  <span className="mono one">{p.step ?? p.path[0] ?? "file"}</span>
                  <span className="pl-m">{p.message} <span className="sub">{p.remedy}</span></span>
                  <span className="mut mono">{lineOf(d.text, p.from)} {p.code}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <div className="sb">
        {barred === null ? (
          <>
            <span><kbd>Arrow</kbd> move between steps</span>
            <span><kbd>Shift Arrow</kbd> grow selection</span>
            <span><kbd>C</kbd> connect to</span>
            <span><kbd>Enter</kbd> edit</span>
            <span><kbd>Del</kbd> remove</span>
            <span><kbd>/</kbd> find</span>
          </>
        ) : null}
        <span className="sp" />
        <span role="status" aria-live="polite" className="sr">{said}</span>
        <span>{many(workflow.steps.length, "step", "steps")}, {many(workflow.drawn.length, "edge", "edges")}</span>
        <span className="mono hash" title={d.hash ?? undefined}>{d.hash === null ? "" : `sha256:${digest(d.hash)}`}</span>
      </div>
      <Chooser open={chooser === "add"} title={words.add} choices={kindChoices} none="No step kind matches." onChoose={(k) => add(k)} onClose={() => { setChooser(null); if (primary !== null) focus(primary); }} />
      <Chooser open={chooser === "connect" && primary !== null} title={`${words.connectTo}: ${primary ?? ""} leads to`} choices={targets} none={words.noTarget} onClose={() => { setChooser(null); if (primary !== null) focus(primary); }} onChoose={(t) => { if (primary !== null) { edits?.connect(primary, t); focus(t); } }} />
      <SaveDialog designer={d} id={id} taken={taken} baseText={savedText} open={saving} onClose={() => setSaving(false)} onConflict={setConflict} onSaved={(version) => { d.saved(version); setSearch((was) => { const next = new URLSearchParams(was); next.delete("new"); return next; }, { replace: true }); toast({ tone: "ok", text: `Saved ${id} ${version}.` }); }} />
      <ConflictDialog conflict={conflict} mine={d.text} version={workflow.version} onClose={() => setConflict(null)}
        onTake={() => { d.write(conflict!.present, "Take theirs", null); d.rebase(versionOf(conflict!.present)); setConflict(null); void queries.invalidateQueries({ queryKey: ["workflow-versions", id] }); void queries.invalidateQueries({ queryKey: ["workflow-text", id] }); }}
        onGoOn={() => { d.rebase(versionOf(conflict!.present)); setConflict(null); void Promise.all([queries.invalidateQueries({ queryKey: ["workflow-versions", id] }), queries.invalidateQueries({ queryKey: ["workflow-text", id] })]).then(() => setSaving(true)); }} />
    </div>
  );
}

function versionOf(text: string): string {
  const doc = YamlDoc.read(text).doc;
  return doc === undefined ? "" : readWorkflow(doc).version;
}

function lineOf(text: string, at: number): string {
  const before = text.slice(0, at).split("\n");
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

function DraftNote({ d, isChanged, hadDraft, canDrop, onDrop }: { d: ReturnType<typeof useDesigner>; isChanged: boolean; hadDraft: boolean; canDrop: boolean; onDrop(): void }) {
  return (
    <span className="dn sm mut">
      {d.draft.others.length > 0 ? (
        <span className="b warn" title={d.draft.others.map((o) => o.name).join(", ")}>
          <Glyph name="triangle" size={11} />
          <OtherText most={24}>{d.draft.others[0]!.name}</OtherText> edits too
        </span>
      ) : null}
      {d.draft.failed ? <span className="t-warn">{words.draftNot}</span> : d.draft.at !== null ? <span>{words.draftKept} <TimeText at={d.draft.at} form="time" precision="second" /></span> : !isChanged ? words.unchanged : hadDraft ? "From your draft" : ""}
      {isChanged && canDrop ? <button type="button" className="btn s g" onClick={onDrop}>Discard</button> : null}
    </span>
  );
}

function Cases({ cases, isOld, onShow, onClose }: { cases: { cases: readonly WorkflowCase[]; shown: number }; isOld: boolean; onShow(i: number): void; onClose(): void }) {
  const failed = cases.cases.filter((c) => !c.passed).length;
  const shown = cases.cases[cases.shown]!;
  return (
    <section className="cs" aria-label="Tests" role="status">
      <div className="cs-h">
        <span className={failed === 0 ? "t-ok" : "t-bad"}><Glyph name={failed === 0 ? "tick" : "cross"} /></span>
        <b>{failed === 0 ? `${many(cases.cases.length, "case passes", "cases pass")}` : `${failed} of ${many(cases.cases.length, "case fails", "cases fail")}`}</b>
        {isOld ? <span className="mut sm">of an earlier text</span> : null}
        <span className="sp" />
        <button type="button" className="btn s g" onClick={onClose}>Close</button>
      </div>
      <ul>
        {cases.cases.map((c, i) => (
          <li key={c.name}>
            <button type="button" aria-pressed={i === cases.shown} onClick={() => onShow(i)}>
              <span className={c.passed ? "t-ok" : "t-bad"}><Glyph name={c.passed ? "tick" : "cross"} size={11} /></span>
              <OtherText most={70}>{c.name}</OtherText>
            </button>
          </li>
        ))}
      </ul>
      {shown.differences.slice(0, 3).map((x) => <p key={x} className="sm t-bad"><OtherText most={160}>{x}</OtherText></p>)}
    </section>
  );
}

