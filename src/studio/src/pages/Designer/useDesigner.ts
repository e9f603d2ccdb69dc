import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { dropWorkflowDraft, keepWorkflowDraft, setWorkflowLayout, validateWorkflow, type PlacedProblem, type WorkflowDraftOf, type WorkflowDraftsShown } from "../../api/client";
import { checkWorkflow, codes, type Problem } from "../../designer/check";
import { EditRefused, YamlDoc } from "../../designer/document";
import { begin, done, redo, selected, undo, type History } from "../../designer/history";
import { readWorkflow, type Workflow } from "../../designer/model";
import type { Kind } from "../../designer/types";
import { find } from "../../designer/yaml";
import { drawnPlaces, keptPlaces, placed, type Direction, type Places } from "../../designer/walk";

const DRAFT_MS = 2_000;
const CONFIRM_MS = 500;
const LAYOUT_MS = 600;

export interface Start {
  id: string;
  text: string;
  /** The version it is made from; null for a new workflow. */
  base: string | null;
  /** What that version says; null for a new workflow. */
  saved: string | null;
  /** The last content that could be read, where the newest file cannot be. */
  good: { version: string; text: string } | null;
  kinds: ReadonlyMap<string, Kind>;
  places: Places;
  selection: readonly string[];
  /** Who else has a draft. */
  others: readonly WorkflowDraftOf[];
  /** What keeps it from being changed. */
  barred: string | null;
}

export interface Confirmed {
  text: string;
  hash: string | null;
  problems: readonly Problem[];
}

export interface Designer {
  text: string;
  /** The last text that was YAML, as a graph. */
  workflow: Workflow;
  /** Whether the graph is of an earlier text, since this one does not parse. */
  isStale: boolean;
  /** What the graph shows where the text does not parse: what it said last, the content that held, or nothing. */
  graphOf: "now" | "last" | "good" | "none";
  problems: readonly Problem[];
  errors: readonly Problem[];
  selection: readonly string[];
  at: Places;
  hash: string | null;
  canUndo: boolean;
  canRedo: boolean;
  draft: { at: string | null; failed: boolean; others: readonly WorkflowDraftOf[] };
  base: string | null;
  /** Makes an edit; gives what keeps it from being made. */
  edit(deed: string, make: (w: Workflow) => YamlDoc, select?: readonly string[], group?: string | null): string | null;
  write(text: string, deed: string, group: string | null, select?: readonly string[]): void;
  select(names: readonly string[]): void;
  undo(): void;
  redo(): void;
  move(places: Places): void;
  tidy(): void;
  /** Goes on from a version that says this. */
  rebase(version: string, says: string): void;
  /** Says that this text was saved: the draft is gone. */
  saved(version: string): void;
}

export function useDesigner(start: Start, direction: Direction): Designer {
  const queries = useQueryClient();
  const [history, setHistory] = useState<History>(() => selected(begin(start.text), start.selection));
  const [kept, setKept] = useState<Places>(start.places);
  const [base, setBase] = useState(start.base);
  const [confirmed, setConfirmed] = useState<Confirmed | null>(null);
  const [draft, setDraft] = useState<Designer["draft"]>({ at: null, failed: false, others: start.others });
  const text = history.now.text;
  const lastKept = useRef(start.text);
  const settled = useRef(start.saved);
  const latest = useRef(history);
  latest.current = history;

  const read = useMemo(() => YamlDoc.read(text), [text]);
  const held = useMemo(() => (start.good === null ? undefined : YamlDoc.read(start.good.text).doc), [start.good]);
  const heldGraph = useMemo(() => (held === undefined ? null : readWorkflow(held)), [held]);
  const good = useRef<Workflow | null>(null);
  const current = useMemo(() => (read.doc === undefined ? null : readWorkflow(read.doc)), [read]);
  if (current !== null) good.current = current;
  const workflow = current ?? good.current ?? heldGraph ?? emptyWorkflow;
  const graphOf = current !== null ? "now" : good.current !== null ? "last" : heldGraph !== null ? "good" : "none";

  const own = useMemo<readonly Problem[]>(() => {
    if (current !== null) return [...otherWorkflow(current, start.id), ...checkWorkflow(current, start.kinds)];
    const fault = read.fault!;
    const from = Math.min(fault.at, Math.max(0, text.length - 1));
    return [{ code: codes.structure, message: fault.message, remedy: fault.remedy, from, to: Math.min(text.length, from + 1), step: null, path: [], severity: "error" }];
  }, [current, read, text, start.kinds, start.id]);

  const problems = useMemo(() => merged(own, confirmed !== null && confirmed.text === text ? confirmed.problems : []), [own, confirmed, text]);
  const errors = useMemo(() => problems.filter((p) => p.severity === "error"), [problems]);
  // Places depend on steps and edges alone: what is typed into a value moves nothing and costs nothing.
  const shape = useMemo(() => `${workflow.steps.map((s) => s.name).join()}|${workflow.edges.map((e) => `${e.from}>${e.to}`).join()}`, [workflow]);
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const at = useMemo(() => placed(workflow, drawnPlaces(kept, direction), direction), [shape, kept, direction]);

  // The server confirms when nobody types: it knows zones, cron, statements and other workflows. That the version was published with other content is no news: a save gives another one.
  useEffect(() => {
    if (start.barred !== null) return;
    const wait = new AbortController();
    const timer = setTimeout(() => {
      validateWorkflow({ body: { text }, signal: wait.signal }).then(
        (said) => setConfirmed({ text, hash: said.workflow_hash, problems: [...said.problems.map((p) => placedProblem(p, text, "error")), ...said.warnings.filter((p) => p.code !== codes.immutable).map((p) => placedProblem(p, text, "warning"))] }),
        () => undefined,
      );
    }, CONFIRM_MS);
    return () => {
      clearTimeout(timer);
      wait.abort();
    };
  }, [text, start.barred]);

  useEffect(() => {
    if (start.barred !== null || text === lastKept.current) return;
    const timer = setTimeout(() => {
      // What a version says needs no draft, and an earlier one would say something else.
      (text === settled.current ? dropWorkflowDraft({ id: start.id }) : keepWorkflowDraft({ id: start.id, body: { text, base } })).then(
        (said) => {
          lastKept.current = text;
          queries.setQueryData(["workflow-draft", start.id], said);
          setDraft({ at: said.mine?.saved_at_utc ?? null, failed: false, others: said.others });
        },
        () => setDraft((was) => ({ ...was, failed: true })),
      );
    }, DRAFT_MS);
    return () => clearTimeout(timer);
  }, [text, base, start.id, start.barred, queries]);

  // Whoever leaves the page within these two seconds loses nothing.
  const leaving = useRef({ text, base });
  leaving.current = { text, base };
  useEffect(() => {
    const keep = (): void => {
      const left = leaving.current;
      if (start.barred !== null || left.text === lastKept.current) return;
      lastKept.current = left.text;
      const isSaved = left.text === settled.current;
      // Also whoever is back, or compares, before the server has answered.
      queries.setQueryData<WorkflowDraftsShown>(["workflow-draft", start.id], (was) => ({ mine: isSaved ? null : { ...left, saved_at_utc: new Date().toISOString() }, others: was?.others ?? [] }));
      void (isSaved ? dropWorkflowDraft({ id: start.id }) : keepWorkflowDraft({ id: start.id, body: left })).then((said) => queries.setQueryData(["workflow-draft", start.id], said), () => undefined);
    };
    window.addEventListener("pagehide", keep);
    return () => {
      window.removeEventListener("pagehide", keep);
      keep();
    };
  }, [start.id, start.barred, queries]);

  const layoutTimer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const keepPlaces = useCallback(
    (drawn: Places) => {
      const places = keptPlaces(drawn, direction);
      setKept(places);
      clearTimeout(layoutTimer.current);
      if (start.barred !== null) return;
      layoutTimer.current = setTimeout(() => {
        const positions = Object.fromEntries([...places].map(([name, p]) => [name, [Math.round(p.x), Math.round(p.y)]]));
        void setWorkflowLayout({ id: start.id, body: { positions } }).then((said) => queries.setQueryData(["workflow-layout", start.id], said), () => undefined);
      }, LAYOUT_MS);
    },
    [start.id, start.barred, queries, direction],
  );

  // What two calls in one turn do follows each other.
  const go = useCallback((step: (h: History) => History) => {
    latest.current = step(latest.current);
    setHistory(latest.current);
  }, []);

  const write = useCallback((next: string, deed: string, group: string | null, select?: readonly string[]) => go((h) => done(h, { text: next, deed, group, selection: select ?? h.now.selection })), [go]);

  const edit = useCallback<Designer["edit"]>(
    (deed, make, select, group = null) => {
      if (start.barred !== null) return start.barred;
      // Two edits in one turn: the second goes on from the first.
      const now = YamlDoc.read(latest.current.now.text);
      if (now.doc === undefined) return "The text does not parse: mend it first.";
      try {
        const made = make(readWorkflow(now.doc)).text;
        go((h) => done(h, { text: made, deed, group, selection: select ?? h.now.selection }));
        return null;
      } catch (e) {
        if (e instanceof EditRefused) return e.message;
        throw e;
      }
    },
    [start.barred, go],
  );

  const select = useCallback((names: readonly string[]) => go((h) => (same(h.now.selection, names) ? h : selected(h, names))), [go]);
  const selection = useMemo(() => history.now.selection.filter((s) => workflow.byName.has(s)), [history.now.selection, workflow]);

  return {
    text, workflow, isStale: current === null, graphOf, problems: useDeferredValue(problems), errors, selection, at, hash: confirmed !== null && confirmed.text === text ? confirmed.hash : null,
    canUndo: history.past.length > 0, canRedo: history.future.length > 0, draft, base, edit, write, select,
    undo: useCallback(() => go(undo), [go]), redo: useCallback(() => go(redo), [go]), move: keepPlaces, tidy: useCallback(() => keepPlaces(new Map()), [keepPlaces]),
    rebase: useCallback((version: string, says: string) => {
      setBase(version);
      settled.current = says;
    }, []),
    saved: useCallback((version: string) => {
      setBase(version);
      lastKept.current = latest.current.now.text;
      settled.current = latest.current.now.text;
      setDraft((was) => ({ ...was, at: null, failed: false }));
    }, []),
  };
}

/** A file that says another workflow than the one that is designed cannot be saved here. */
function otherWorkflow(workflow: Workflow, id: string): readonly Problem[] {
  const at = find(workflow.doc.root, "workflow");
  if (workflow.id === id || workflow.id === "" || at === undefined) return [];
  const { start: from, end: to } = at.span;
  return [{ code: codes.otherWorkflow, message: `The text says workflow: ${workflow.id}, and this is ${id}.`, remedy: `Write workflow: ${id}.`, from, to, step: null, path: ["workflow"], severity: "error", fix: { label: id, from, to, text: id } }];
}

const emptyWorkflow = readWorkflow(YamlDoc.of({}));

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

/** The designer's own problems with what the server alone knows. */
export function merged(own: readonly Problem[], server: readonly Problem[]): readonly Problem[] {
  const rest = server.filter((s) => !own.some((o) => o.code === s.code && (o.step === s.step || s.step === null)));
  return rest.length === 0 ? own : [...own, ...rest].sort((a, b) => a.from - b.from);
}

export function placedProblem(p: PlacedProblem, text: string, severity: Problem["severity"]): Problem {
  let from = 0;
  for (let line = 1; line < (p.line ?? 1); line++) {
    const end = text.indexOf("\n", from);
    if (end < 0) break;
    from = end + 1;
  }
  from = Math.min(text.length, from + Math.max(0, (p.column ?? 1) - 1));
  const end = /^[^\n\r]*/.exec(text.slice(from))![0];
  const word = /^("[^"]*"|'[^']*'|[^\s,\]}]+)/.exec(end)?.[0].length ?? 1;
  return { code: p.code, message: p.message, remedy: p.remedy ?? "", from, to: Math.min(text.length, from + Math.max(1, word)), step: p.step, path: p.path, severity };
}
