import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { saveWorkflow } from "../../api/client";
import { ApiError } from "../../api/http";
import { structural, type StructuralDiff } from "../../designer/differences";
import { YamlDoc } from "../../designer/document";
import { nextVersion, setValue } from "../../designer/edits";
import { versionOrder } from "../../designer/versions";
import type { Json } from "../../designer/yaml";
import { OtherText } from "../../components/OtherText";
import { PreviewDialog } from "../../components/PreviewDialog";
import { many } from "../../text/format";
import { designer as words } from "../../text/designer";
import { usesQuery } from "./queries";
import { saveEffects } from "./saveEffects";
import type { Designer } from "./useDesigner";

export interface Conflict {
  message: string;
  present: string;
}

export function SaveDialog({ designer, id, taken, baseText, comparedWith, open, onClose, onSaved, onConflict }: {
  designer: Designer; id: string; taken: readonly string[]; /** What the changes are shown against, and its version. */
  baseText: string | null; comparedWith: string | null; open: boolean; onClose(): void; onSaved(version: string, text: string): void; onConflict(conflict: Conflict): void;
}) {
  const queries = useQueryClient();
  const own = designer.workflow.version;
  const [version, setVersion] = useState(own);
  const [note, setNote] = useState("");
  useEffect(() => {
    if (open) setVersion(taken.includes(own) ? nextVersion([...taken, designer.base ?? own].sort(versionOrder).at(-1)!) : own);
    // Once for each time it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [open]);
  const diff = useMemo(() => (open ? structural(baseText === null ? {} : (YamlDoc.read(baseText).doc?.content ?? {}), designer.workflow.doc.content) : null), [open, baseText, designer.workflow]);
  const wrong = !/^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/.test(version) ? "Write three numbers, as in 1.0.0." : taken.includes(version) ? `${version} is there already.` : null;
  // Read anew for each time it opens: runs begin and end meanwhile.
  const uses = useQuery({ ...usesQuery(id), enabled: designer.base !== null });
  const { refetch } = uses;
  useEffect(() => {
    if (open && designer.base !== null) void refetch();
  }, [open, designer.base, refetch]);
  const said = saveEffects(id, designer.workflow.schedule, uses.data ?? null);
  if (uses.error !== null) said.effects.push("What uses it could not be read.");

  async function save() {
    if (wrong !== null) throw new Error(wrong);
    const text = setValue(designer.workflow, ["version"], version).text;
    try {
      await saveWorkflow({ body: { text, base: designer.base, note: note.trim() === "" ? null : note.trim(), workflow: id } });
    } catch (e) {
      if (e instanceof ApiError && e.code === "WFL-1014") {
        const present = (e.problem as { present?: unknown } | null)?.present;
        onClose();
        onConflict({ message: e.message, present: typeof present === "string" ? present : "" });
        return;
      }
      throw e;
    }
    designer.write(text, `Save ${version}`, null);
    onSaved(version, text);
    await Promise.all(["workflows", "workflow", "workflow-text", "workflow-source", "workflow-versions", "workflow-draft", "workflow-fires", "overview"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  }

  return (
    <PreviewDialog
      title={`${words.save} ${id} ${version}`}
      open={open}
      onClose={onClose}
      effects={[
        `workflows/${id}.${version}.yaml is written and kept for good.`,
        ...said.effects,
      ]}
      stays={designer.base === null ? [] : [`${designer.base} stays as it is.`, ...said.stays]}
      confirm={`${words.save} ${version}`}
      reason={false}
      onConfirm={save}
      cli={["./sigmatiq", "workflows", "publish", `workflows/${id}.${version}.yaml`]}
    >
      {diff === null ? null : baseText === null && designer.base !== null ? <p className="sm sub">No earlier version could be read, so there is nothing to compare with.</p> : <Changes diff={diff} isNew={baseText === null} base={comparedWith} />}
      <div className="two">
        <div className="field">
          <label htmlFor="save-version">{words.asVersion}</label>
          <input id="save-version" className={wrong === null ? "input mono" : "input mono e"} value={version} onChange={(e) => setVersion(e.target.value)} aria-invalid={wrong !== null} aria-describedby="save-version-e" autoComplete="off" spellCheck={false} />
          <span className="help t-bad" id="save-version-e">{wrong}</span>
        </div>
        <div className="field">
          <label htmlFor="save-note">{words.note}</label>
          <input id="save-note" className="input" value={note} maxLength={2000} onChange={(e) => setNote(e.target.value)} data-autofocus />
          <span className="help">{words.noteHelp}</span>
        </div>
      </div>
    </PreviewDialog>
  );
}

/** What a person did, by steps, edges and settings. */
export function Changes({ diff, isNew, base }: { diff: StructuralDiff; isNew: boolean; base: string | null }) {
  const rows: { sign: "+" | "−" | "~"; tone: string; name: string; what: string }[] = [
    ...diff.added.map((s) => ({ sign: "+" as const, tone: "ok", name: s, what: "step added" })),
    ...diff.removed.map((s) => ({ sign: "−" as const, tone: "bad", name: s, what: "step removed" })),
    ...diff.changed.map((s) => {
      const of = diff.differences.filter((d) => d.path[0] === "steps" && d.path[1] === s);
      const edges = of.some((d) => d.path[2] === "needs");
      return { sign: "~" as const, tone: "warn", name: s, what: [...new Set(of.map((d) => d.path.slice(2).join(".")))].slice(0, 4).join(", ") + (edges ? " (edges)" : "") };
    }),
    ...diff.settings.map((d) => ({ sign: "~" as const, tone: "warn", name: d.path.join("."), what: `${short(d.a)} → ${short(d.b)}` })),
  ];
  if (isNew) return <p className="sm sub">A new workflow with {many(diff.added.length, "step", "steps")}.</p>;
  if (rows.length === 0) return <p className="sm sub">It says the same as {base ?? "before"}: comments and layout alone differ.</p>;
  return (
    <ul className="chg" aria-label={`Changes since ${base ?? "before"}`} tabIndex={0}>
      {rows.map((r) => (
        <li key={`${r.sign}${r.name}`}>
          <b className={`t-${r.tone} mono`}>{r.sign}</b>
          <OtherText className="mono" most={40}>{r.name}</OtherText>
          <OtherText className="sub" most={70}>{r.what}</OtherText>
        </li>
      ))}
    </ul>
  );
}

function short(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}
