import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, RangeSetBuilder, StateEffect, StateField, Transaction } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers, type DecorationSet } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { Problem } from "../../designer/check";
import { candidates, matching, openAt } from "../../designer/complete";
import { stepAt, type Workflow } from "../../designer/model";
import type { Kind } from "../../designer/types";
import { nonceOfPage } from "../../theme/nonce";

export interface YamlProps {
  text: string;
  workflow: Workflow;
  kinds: ReadonlyMap<string, Kind>;
  problems: readonly Problem[];
  selected: string | null;
  readOnly: boolean;
  label: string;
  /** An offset to show; another object goes there again. */
  goTo: { at: number } | null;
  onText(text: string): void;
  onStep(name: string): void;
  onUndo(): void;
  onRedo(): void;
}

/** Marks what comes from the canvas, so that it is not taken for typing. */
const outside = Annotation.define<boolean>();
const setLines = StateEffect.define<{ from: number; to: number; wrong: readonly number[] }>();

const tints = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, tr) {
    set = set.map(tr.changes);
    for (const e of tr.effects) {
      if (!e.is(setLines)) continue;
      const builder = new RangeSetBuilder<Decoration>();
      const doc = tr.state.doc;
      const first = e.value.to > e.value.from ? doc.lineAt(Math.min(e.value.from, doc.length)).number : 0;
      const last = e.value.to > e.value.from ? doc.lineAt(Math.min(e.value.to, doc.length)).number : -1;
      const wrong = new Set(e.value.wrong.map((at) => doc.lineAt(Math.min(at, doc.length)).number));
      for (let n = 1; n <= doc.lines; n++) {
        const isWrong = wrong.has(n);
        if (isWrong || (n >= first && n <= last)) builder.add(doc.line(n).from, doc.line(n).from, Decoration.line({ class: isWrong ? "cm-wrong" : "cm-of-step" }));
      }
      set = builder.finish();
    }
    return set;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--acc)" },
  { tag: tags.comment, color: "var(--mut)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: [tags.string, tags.content], color: "var(--text)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--bg)", color: "var(--text)", fontSize: "11.5px" },
  ".cm-scroller": { fontFamily: '"JetBrains Mono Variable", "JetBrains Mono", ui-monospace, monospace', lineHeight: "19px" },
  ".cm-gutters": { backgroundColor: "var(--bg)", color: "var(--mut)", border: "0" },
  ".cm-content": { caretColor: "var(--text)", padding: "8px 0" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--hover) 55%, transparent)" },
  ".cm-of-step": { backgroundColor: "var(--accbg)" },
  ".cm-wrong": { backgroundColor: "var(--badbg)" },
  "&.cm-focused": { outline: "0" },
  "&.cm-focused .cm-cursor": { borderLeftColor: "var(--acc)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--acc) 35%, transparent)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--text)", border: "1px solid var(--line2)", borderRadius: "6px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accbg)", color: "var(--text)" },
  ".cm-completionDetail": { color: "var(--mut)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad) 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn) 1px", textUnderlineOffset: "3px" },
  ".cm-specialChar": { color: "var(--bad)" },
  ".cm-diagnostic": { borderLeft: "0", padding: "6px 10px", fontSize: "12px" },
});

/** The file beside the canvas. */
export default function Yaml(props: YamlProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const writable = useRef(new Compartment());
  const { text, problems, selected, workflow, readOnly, goTo, label } = props;

  useEffect(() => {
    const made = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          EditorView.cspNonce.of(nonceOfPage()), lineNumbers(), drawSelection(), highlightActiveLine(), highlightSpecialChars(), yaml(), indentUnit.of("  "), syntaxHighlighting(colours), look, tints,
          autocompletion({ override: [completed(latest)], icons: false }),
          writable.current.of(EditorState.readOnly.of(latest.current.readOnly)),
          EditorView.contentAttributes.of({ "aria-label": latest.current.label, spellcheck: "false", tabindex: "0" }),
          keymap.of([
            { key: "Mod-z", run: () => (latest.current.onUndo(), true), preventDefault: true },
            { key: "Mod-Shift-z", run: () => (latest.current.onRedo(), true), preventDefault: true },
            { key: "Mod-y", run: () => (latest.current.onRedo(), true), preventDefault: true },
            // Out of the text with Escape, then Tab: the keyboard is caught nowhere.
            { key: "Escape", run: (v) => (v.contentDOM.blur(), document.querySelector<HTMLElement>(".fc-node")?.focus(), true) },
            ...completionKeymap, ...lintKeymap, ...defaultKeymap, indentWithTab,
          ]),
          EditorView.updateListener.of((update) => {
            const mine = !update.transactions.some((t) => t.annotation(outside) === true);
            if (update.docChanged && mine) latest.current.onText(withLineEnds(update.state.doc.toString(), latest.current.text));
            if (update.selectionSet && !update.docChanged && mine && update.view.hasFocus) {
              const step = stepAt(latest.current.workflow, offsetOf(latest.current.text, update.state.selection.main.head));
              if (step !== undefined && step.name !== latest.current.selected) latest.current.onStep(step.name);
            }
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: writable.current.reconfigure(EditorState.readOnly.of(readOnly)) });
  }, [readOnly, label]);

  useEffect(() => {
    const v = view.current;
    if (v === undefined) return;
    const [now, next] = [v.state.doc.toString(), text.replaceAll("\r\n", "\n")];
    if (now === next) return;
    let from = 0;
    while (from < now.length && from < next.length && now[from] === next[from]) from++;
    let tail = 0;
    while (tail < now.length - from && tail < next.length - from && now[now.length - 1 - tail] === next[next.length - 1 - tail]) tail++;
    v.dispatch({ changes: { from, to: now.length - tail, insert: next.slice(from, next.length - tail) }, annotations: [outside.of(true), Transaction.addToHistory.of(false)] });
  }, [text]);

  const step = selected === null ? undefined : workflow.byName.get(selected);
  useEffect(() => {
    const v = view.current;
    if (v === undefined) return;
    const place = (at: number): number => Math.min(v.state.doc.length, placeOf(text, at));
    const isOwn = text === workflow.doc.text;
    v.dispatch({ effects: setLines.of({ from: step === undefined || !isOwn ? 0 : place(step.from), to: step === undefined || !isOwn ? 0 : place(step.to), wrong: problems.filter((p) => p.severity === "error").map((p) => place(p.from)) }) });
    const marks: Diagnostic[] = problems.map((p) => ({
      from: place(p.from), to: Math.max(place(p.from), place(p.to)), severity: p.severity, message: `${p.message} ${p.remedy} ${p.code}`,
      ...(p.fix === undefined || readOnly ? {} : { actions: [{ name: p.fix.label, apply: (at: EditorView) => at.dispatch({ changes: { from: place(p.fix!.from), to: place(p.fix!.to), insert: p.fix!.text } }) }] }),
    }));
    v.dispatch(setDiagnostics(v.state, marks));
  }, [problems, step, text, workflow, readOnly]);

  // What is chosen on the canvas is scrolled to, unless somebody writes here.
  const name = step?.name;
  useEffect(() => {
    const v = view.current;
    const found = name === undefined ? undefined : latest.current.workflow.byName.get(name);
    if (v === undefined || found === undefined || v.hasFocus) return;
    v.dispatch({ effects: EditorView.scrollIntoView(Math.min(v.state.doc.length, placeOf(latest.current.text, found.from)), { y: "start", yMargin: 40 }) });
  }, [name]);

  useEffect(() => {
    const v = view.current;
    if (v === undefined || goTo === null) return;
    const at = Math.min(v.state.doc.length, placeOf(latest.current.text, goTo.at));
    v.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  }, [goTo]);

  return <div className="yaml-host" ref={host} />;
}

// The editor counts a line end as one character, the file may have two.
function placeOf(text: string, offset: number): number {
  return text.includes("\r\n") ? text.slice(0, offset).replaceAll("\r\n", "\n").length : offset;
}

function offsetOf(text: string, place: number): number {
  if (!text.includes("\r\n")) return place;
  let at = 0;
  for (let n = 0; n < place; n++) at += text.startsWith("\r\n", at) ? 2 : 1;
  return at;
}

function withLineEnds(typed: string, before: string): string {
  return before.includes("\r\n") ? typed.replaceAll("\n", "\r\n") : typed;
}

function completed(latest: { current: YamlProps }) {
  return (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const uses = /(?:^|[\s{,])uses:\s*([\w.]*)$/.exec(before);
    const { workflow, kinds, text } = latest.current;
    if (uses !== null) return { from: context.pos - uses[1]!.length, options: [...kinds.values()].map((k) => ({ label: k.id, detail: k.summary.slice(0, 60), boost: k.isBuilt ? 1 : 0 })) };
    const open = openAt(before, before.length);
    const step = stepAt(workflow, offsetOf(text, context.pos));
    if (open === null || step === undefined || (open.typed === "" && !context.explicit && !before.endsWith("{"))) return null;
    return { from: line.from + open.from, options: matching(candidates(workflow, kinds, step.name), open.typed).map((c) => ({ label: c.expression, detail: c.type })), filter: false };
  };
}
