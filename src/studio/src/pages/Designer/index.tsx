import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Link, useParams } from "react-router";
import { dropWorkflowDraft, getWorkflow, testWorkflow, type WorkflowCase, type WorkflowSource } from "../../api/client";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { FlowCanvas } from "../../components/FlowCanvas";
import type { FlowEdits } from "../../components/FlowCanvas/types";
import { Glyph, Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { Splitter } from "../../components/Splitter";
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
import { Cases } from "./Cases";
import { Chooser, type Choice } from "./Chooser";
import { CompareDialog } from "./CompareDialog";
import { ConflictDialog } from "./ConflictDialog";
import { DraftNote } from "./DraftNote";
import { HoldBanner } from "./HoldBanner";
import { Inspector, KindTitle, NameField } from "./Inspector";
import { KindPalette } from "./Palette";
import { limits, standards, usePreferences } from "./preferences";
import { draftQuery, kindsQuery, layoutQuery, meQuery, sourceQuery, versionsQuery } from "./queries";
import { NewerBanner } from "./NewerBanner";
import { Others } from "./Others";
import { lineOf, ProblemList } from "./ProblemList";
import { RebaseDialog, type Rebase } from "./RebaseDialog";
import { SaveDialog, type Conflict } from "./SaveDialog";
import { StepList } from "./StepList";
import { useDesigner, type Start } from "./useDesigner";
import { useDesk } from "./useDesk";
import "./style.css";

const Yaml = lazy(() => import("./Yaml"));

/** How long a step that was just made is waited for. */
const FOCUS_FRAMES = 60;

type View = "canvas" | "both" | "yaml";
const views = [{ value: "canvas" as const, label: words.canvas }, { value: "both" as const, label: words.both }, { value: "yaml" as const, label: words.yaml }];

const phoneViews = [{ value: "both" as const, label: words.graphAndSteps }, { value: "yaml" as const, label: words.yaml }];

/** Reads all that the designer begins with; then it draws. */
export function DesignerPage() {
  const id = useParams()["id"] ?? "";
  const [search] = useAddress();
  const me = useQuery(meQuery);
  const kinds = useQuery(kindsQuery);
  // What was begun and never saved has no version to ask for.
  const isNew = search.get("new") === "1";
  const saved = useQuery({ ...sourceQuery(id), enabled: !isNew });
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
  const isLost = !isNew && text.data != null && text.data.text === null && text.data.good === null && draft.data != null && draft.data.mine === null;
  if (ready && !isLost && started.current === null) {
    const mine = draft.data.mine;
    const present = text.data;
    const [wide, operate] = [!phone, me.data.rights.includes("operate")];
    started.current = {
      id, kinds: kinds.data, places: new Map(Object.entries(layout.data.positions).map(([name, [x, y]]) => [name, { x: x ?? 0, y: y ?? 0 }])), selection: search.get("sel")?.split(",").filter((s) => s !== "") ?? [],
      text: mine?.text ?? present?.text ?? present?.good?.text ?? newWorkflow(id, "What it is for"), base: mine?.base ?? present?.version ?? null, saved: present?.text ?? present?.good?.text ?? null, good: present?.good ?? null, others: draft.data.others, barred: !operate ? words.noRight : !wide ? words.phone : null,
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
  if (isLost && start === null) {
    return (
      <div className="pg">
        <div className="hd"><h1>{id}</h1></div>
        <section className="card"><EmptyState what={`${text.data!.file ?? id} cannot be read`} why={`${text.data!.problems[0]?.message ?? ""} No version before it could be read either. The file stays as it is: mend it where it lies, or save it as UTF-8.`} cli={["./sigmatiq", "workflows", "validate", `workflows/${text.data!.file ?? id}`]} /></section>
      </div>
    );
  }
  if (start === null) return <div className="ds" aria-busy="true"><h1 className="sr">{id}</h1></div>;
  return <Board key={id} start={phone ? { ...start, barred: start.barred ?? words.phone } : start} source={text.data ?? null} taken={versions.data?.map((v) => v.version) ?? []} hadDraft={draft.data?.mine != null && draft.data.mine.text === start.text && start.text !== text.data?.text} phone={phone} />;
}

function Board({ start, source, taken, hadDraft, phone }: { start: Start; source: WorkflowSource | null; taken: readonly string[]; hadDraft: boolean; phone: boolean }) {
  const [liked, like] = usePreferences();
  const d = useDesigner(start, liked.direction);
  const { workflow, selection, problems, errors } = d;
  const { kinds, barred, id } = start;
  const held = source === null || source.state === "sound" ? null : source;
  // What is there, and what it is compared with: where the file does not hold, the content that did.
  const savedText = source?.text ?? source?.good?.text ?? null;
  const [baseText, baseVersion] = held === null ? [source?.text ?? null, source?.version ?? d.base] : [held.good?.text ?? null, held.good?.version ?? null];
  const [comparing, setComparing] = useState(false);
  const me = useQuery(meQuery);
  const { desk, newer } = useDesk(id, d.base, barred === null);
  const [rebase, setRebase] = useState<Rebase | null>(null);
  // What the version that is edited says, so that it is known whether anything of one's own would be lost.
  const [settled, setSettled] = useState(source?.text ?? null);
  const goOnFrom = (version: string, theirs: string): void => {
    setSettled(theirs);
    d.rebase(version, theirs);
  };
  const queries = useQueryClient();
  const toast = useToast();
  const [search, setSearch] = useAddress();
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
    const from = document.activeElement;
    // One that was just made is there some frames later; whoever has gone on by then is not called back.
    const look = (frames: number): void => {
      const found = node();
      if (found !== null) found.focus({ preventScroll: true });
      else if (frames > 0 && (document.activeElement === from || document.activeElement === document.body)) requestAnimationFrame(() => look(frames - 1));
    };
    look(FOCUS_FRAMES);
  }, []);

  // The address says what is chosen.
  const sel = selection.join(",");
  useEffect(() => {
    setSearch((was) => {
      const next = new URLSearchParams(was);
      if (sel === "") next.delete("sel");
      else next.set("sel", sel);
      return next;
    }, { replace: true, later: true });
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

  /** The newer version, and what both came of; read when somebody asks for it. */
  const readNewer = (then: (theirs: string) => void): void =>
    void getWorkflow({ id: `${id}@${newer ?? ""}` }).then((found) => then(found.text), (e: unknown) => say(e instanceof Error ? e.message : String(e)));
  const openRebase = (): void =>
    readNewer((theirs) => void getWorkflow({ id: `${id}@${d.base ?? ""}` }).then((found) => setRebase({ version: newer!, base: found.text, mine: d.text, theirs }), (e: unknown) => say(e instanceof Error ? e.message : String(e))));
  const compareNewer = (): void => readNewer((present) => setConflict({ message: `${newer!} came after ${d.base!}.`, present }));

  const openSave = (): void => {
    if (barred !== null) return say(barred);
    if (newer !== null) return compareNewer();
    if (errors.length > 0) {
      setList(true);
      return say(words.problemsKeep);
    }
    if (!isChanged) return toast({ tone: "ok", text: words.nothingToSave });
    setSaving(true);
  };

  const board = useRef<HTMLDivElement>(null);
  const turn = useCallback(() => like({ direction: liked.direction === "TB" ? "LR" : "TB" }), [like, liked.direction]);
  const standard = standards(window.innerWidth);
  // On the way the page alone follows; what is drawn in it is not made anew for each pixel.
  const moved = (name: string, value: string) => board.current?.style.setProperty(name, value);
  const upper = liked.isYamlFirst ? 100 - liked.form : liked.form;

  const canvasKeys = view !== "yaml" && barred === null;
  const copyKeys = (): boolean => (document.getSelection()?.toString() ?? "") === "" && !(document.activeElement?.closest("input, textarea, .cm-editor") ?? null);
  useKeys({
    a: () => barred === null && setChooser("add"),
    c: () => barred === null && primary !== null && setChooser("connect"),
    l: () => d.tidy(),
    d: () => turn(),
    o: () => view === "both" && !phone && like({ isYamlFirst: !liked.isYamlFirst }),
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
  const baseContent = useMemo(() => (baseText === null ? null : (YamlDoc.read(baseText).doc?.content ?? null)), [baseText]);
  const diff = useMemo(() => (baseContent === null || d.isStale ? null : structural(baseContent, workflow.doc.content)), [baseContent, workflow, d.isStale]);
  const isChanged = d.text !== savedText || held !== null;
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
    <div ref={board} className={`ds v-${view}${barred === null ? "" : " only"}${liked.isYamlFirst ? " yaml-first" : ""}`} style={{ "--kinds": `${liked.kinds}px`, "--side": `${liked.side}px`, "--upper": `${upper}%` } as React.CSSProperties}>
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
        {phone ? <Segmented label={words.view} value={view === "yaml" ? "yaml" : "both"} options={phoneViews} onChange={setView} /> : <Segmented label={words.view} value={view} options={views} onChange={setView} />}
        <span className="sp" />
        <Others desk={desk} />
        <DraftNote d={d} isChanged={d.text !== savedText} hadDraft={hadDraft} onDrop={() => {
          void dropWorkflowDraft({ id }).then((left) => {
            queries.setQueryData(["workflow-draft", id], left);
            if (savedText !== null) d.write(savedText, "Discard the draft", null);
            d.saved(d.base ?? "");
          });
        }} canDrop={savedText !== null && barred === null} />
        {diff === null || baseVersion === null || phone || !isChanged ? null : (
          <Link className="btn s" to={`/workflows/${id}/diff?a=${baseVersion}&draft=1`} title={`What differs from ${baseVersion}`}>
            Diff with {baseVersion}
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
      {view === "yaml" || barred !== null ? null : (
        <>
          <KindPalette kinds={kinds} disabled={barred !== null} onAdd={(k) => add(k)} />
          <Splitter label={words.kindsWidth} orientation="vertical" value={liked.kinds} {...limits.kinds} standard={standard.kinds} unit="px" onMove={(v) => moved("--kinds", `${v}px`)} onChange={(kinds) => like({ kinds })} />
        </>
      )}
      {view === "yaml" ? null : (
        <section className="cv" aria-label={words.canvas}>
          <FlowCanvas workflow={workflow} at={d.at} selection={selection} onSelect={d.select} label={words.graph} problemsOf={problemsOf} noteOf={noteOf} direction={liked.direction} onTurn={turn} stale={d.isStale} edit={edits} states={states} />
          {workflow.steps.length === 0 && !d.isStale ? (
            <div className="cv-0">
              <b>{words.empty}</b><span className="sub">{words.emptyWhy}</span>
              {barred !== null ? null : <span className="cv-0-a"><button type="button" className="btn p" onClick={() => setChooser("add")}>{words.add} <kbd>A</kbd></button><Link className="btn" to="/workflows/new">{words.copyInstead}</Link></span>}
            </div>
          ) : null}
          {d.graphOf === "none" ? <div className="cv-0"><b>{words.noGraph}</b><span className="sub">{words.noGraphWhy}</span></div> : null}
        </section>
      )}
      <div className="tops">
        {held === null ? null : <HoldBanner source={held} problems={errors.length} barred={barred !== null} onFirst={() => problems[0] !== undefined && show(problems[0])} onCompare={() => setComparing(true)} onTake={() => d.write(held.good!.text, `Take ${held.good!.version}`, null)} />}
        {d.isStale && d.graphOf !== "none" ? (
          <p className="cv-n t-bad" role="status">
            <Glyph name="cross" /> <span>{words.stale} {d.graphOf === "good" ? `The graph is that of ${start.good!.version}.` : words.staleGraph} <span className="sub">{lineOf(d.text, errors[0]?.from ?? 0)}: {errors[0]?.message}</span></span>
          </p>
        ) : null}
        {newer === null || desk === null || d.base === null ? null : (
          <NewerBanner desk={desk} newer={newer} base={d.base} isChanged={d.text !== settled} me={me.data?.id ?? null} barred={barred !== null} onCompare={compareNewer} onRebase={openRebase} onKeep={() => readNewer((theirs) => goOnFrom(newer, theirs))}
            onShow={() => readNewer((theirs) => { d.write(theirs, `Go on from ${newer}`, null); goOnFrom(newer, theirs); })} />
        )}
        {cases === null ? null : <Cases cases={cases} isOld={cases.text !== d.text} onShow={(shown) => setCases({ ...cases, shown })} onClose={() => setCases(null)} />}
      </div>
      {view === "yaml" || phone ? null : <Splitter label={words.sideWidth} orientation="vertical" value={liked.side} {...limits.side} standard={standard.side} unit="px" isBackward onMove={(v) => moved("--side", `${v}px`)} onChange={(side) => like({ side })} />}
      <aside className="ins" aria-label={words.inspector}>
        {view === "yaml" || phone ? null : (
          <div className="ins-f">
            <div className="ch">
              {step === null ? <h2>{words.workflow} <OtherText className="mono" most={30}>{id}</OtherText></h2> : <NameField key={step.name} designer={d} step={step} editing={naming} onDone={() => { setNaming(false); }} say={say} />}
              {step === null ? null : <KindTitle uses={step.uses} kinds={kinds} />}
              <span className="sp" />
              {step === null || barred !== null ? null : <button type="button" className="btn s" onClick={() => setNaming(true)}>{words.rename} <kbd>F2</kbd></button>}
            </div>
            <Inspector designer={d} kinds={kinds} step={step} barred={barred ?? (d.isStale ? words.stale : null)} say={say} onConnect={() => setChooser("connect")} onFix={mend} />
          </div>
        )}
        {view !== "both" || phone ? null : (
          <Splitter label={words.formHeight} orientation="horizontal" value={liked.form} {...limits.form} standard={standard.form} unit="%" isBackward={liked.isYamlFirst} pixels={() => (board.current?.querySelector(".ins")?.clientHeight ?? 100) / 100}
            onMove={(v) => moved("--upper", `${liked.isYamlFirst ? 100 - v : v}%`)} onChange={(form) => like({ form })} />
        )}
        {phone && view !== "yaml" ? <StepList workflow={workflow} selected={primary} problemsOf={problemsOf} onSelect={d.select} /> : null}
        {view === "canvas" || (phone && view !== "yaml") ? null : (
          <div className="ins-y">
            <div className="ch">
              <h2>{words.yaml}</h2>
              <span className="s mono one">workflows/{held?.file ?? `${id}.${workflow.version || "?"}.yaml`}</span>
              <span className="sp" />
              <span className={d.isStale ? "sm t-bad in" : "sm t-ok in"}><Glyph name={d.isStale ? "cross" : "tick"} size={11} />{d.isStale ? words.notInStep : words.inStep}</span>
              {view === "both" && !phone ? <button type="button" className="btn s g" onClick={() => like({ isYamlFirst: !liked.isYamlFirst })} title={`${liked.isYamlFirst ? words.formFirst : words.yamlFirst} (O)`} aria-label={liked.isYamlFirst ? words.formFirst : words.yamlFirst}><Icon name="swap" size={14} /></button> : null}
            </div>
            <Suspense fallback={<div className="yaml-host" aria-busy="true" />}>
              <Yaml text={d.text} workflow={workflow} kinds={kinds} problems={problems} selected={primary} readOnly={barred !== null} label={`${words.yaml} of ${id}`} goTo={goTo} onText={(t) => d.write(t, "Write YAML", "yaml")} onStep={(name) => d.select([name])} onUndo={d.undo} onRedo={d.redo} />
            </Suspense>
          </div>
        )}
      </aside>
      {list && problems.length > 0 ? <ProblemList problems={problems} text={d.text} onShow={show} onClose={() => setList(false)} /> : null}
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
      <SaveDialog designer={d} id={id} taken={taken} baseText={baseText} comparedWith={baseVersion} open={saving} onClose={() => setSaving(false)} onConflict={setConflict} onSaved={(version, text) => { d.saved(version); setSettled(text); setSearch((was) => { const next = new URLSearchParams(was); next.delete("new"); return next; }, { replace: true }); toast({ tone: "ok", text: `Saved ${id} ${version}.` }); }} />
      <RebaseDialog rebase={rebase} onClose={() => setRebase(null)} onTake={(text) => { d.write(text, `Put onto ${rebase!.version}`, null); goOnFrom(rebase!.version, rebase!.theirs); setRebase(null); }} />
      <CompareDialog open={comparing && held?.good != null} title={`What differs from ${held?.good?.version ?? ""}`} words={`Below, ${held?.good?.version ?? ""} ${held?.state === "changed" ? "as it was published" : "as it could be read"} is marked −, what you have here +.`} a={held?.good?.text ?? ""} b={d.text} label={`${held?.good?.version ?? ""} and what you have here`} onClose={() => setComparing(false)} />
      <ConflictDialog conflict={conflict} mine={d.text} version={workflow.version} onClose={() => setConflict(null)}
        onTake={() => { d.write(conflict!.present, "Take theirs", null); goOnFrom(versionOf(conflict!.present), conflict!.present); setConflict(null); void queries.invalidateQueries({ queryKey: ["workflow-versions", id] }); void queries.invalidateQueries({ queryKey: ["workflow-source", id] }); }}
        onGoOn={() => { goOnFrom(versionOf(conflict!.present), conflict!.present); setConflict(null); void Promise.all([queries.invalidateQueries({ queryKey: ["workflow-versions", id] }), queries.invalidateQueries({ queryKey: ["workflow-source", id] })]).then(() => setSaving(true)); }} />
    </div>
  );
}

function versionOf(text: string): string {
  const doc = YamlDoc.read(text).doc;
  return doc === undefined ? "" : readWorkflow(doc).version;
}

