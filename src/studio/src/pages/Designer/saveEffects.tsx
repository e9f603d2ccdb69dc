import type { ReactNode } from "react";
import type { WorkflowUses, WorkflowUser } from "../../api/client";
import { OtherText } from "../../components/OtherText";
import { inWords } from "../../text/cron";
import { many } from "../../text/format";
import { isObject, type Json } from "../../designer/yaml";

/** What a save does beyond the file, and what it leaves alone: schedules, other workflows, runs and backfills by name. */
export function saveEffects(id: string, schedule: Json, uses: WorkflowUses | null): { effects: ReactNode[]; stays: ReactNode[] } {
  const effects: ReactNode[] = [ownSchedule(schedule, uses?.paused ?? null)];
  const stays: ReactNode[] = [];
  if (uses === null) return { effects, stays };
  for (const [workflow, steps] of byWorkflow(uses.used_by)) {
    const newest = steps.filter((s) => s.how === "newest");
    const waits = steps.filter((s) => s.how === "waits");
    const named = steps.filter((s) => s.how === "version");
    const when = steps[0]!.paused !== null ? " (its schedule is paused)" : steps[0]!.schedule === null ? "" : ` (it starts ${inWords(steps[0]!.schedule)})`;
    if (newest.length > 0) effects.push(<span key={`n ${workflow}`}><b>{workflow}</b> runs it in {stepsText(newest)} and takes the new version from its next run on{when}.</span>);
    if (waits.length > 0) effects.push(<span key={`w ${workflow}`}><b>{workflow}</b> waits for it in {stepsText(waits)}, whatever version has run{when}.</span>);
    if (named.length > 0) stays.push(<span key={`v ${workflow}`}><b>{workflow}</b> names {[...new Set(named.map((s) => s.named))].join(", ")} in {stepsText(named)} and goes on with it.</span>);
  }
  if (uses.used_by.length === 0) effects.push(`No other workflow runs ${id} or waits for it.`);
  for (const r of uses.runs) stays.push(`${many(r.count, "run", "runs")} of ${r.version} ${r.count === 1 ? "goes" : "go"} on with it${r.queued > 0 ? `, ${r.queued} still queued` : ""}.`);
  for (const b of uses.backfills) {
    stays.push(<span key={b.token}>A backfill by <OtherText most={40}>{b.requested_by}</OtherText> goes on with {b.version ?? "its version"}: {b.fires - b.ended} of {many(b.fires, "fire", "fires")} are to come.</span>);
  }
  return { effects, stays };
}

function ownSchedule(schedule: Json, paused: string | null): ReactNode {
  if (!isObject(schedule)) return "It is started by hand: it has no schedule.";
  if (paused !== null || schedule["paused"] !== undefined) return "Its schedule is paused and stays so.";
  const text = (key: string): string => (typeof schedule[key] === "string" ? schedule[key] : "");
  return <>Its schedule <code>{text("cron") || "fires"}</code> in {text("zone") || "UTC"} starts this version from then on.</>;
}

function byWorkflow(users: readonly WorkflowUser[]): [string, WorkflowUser[]][] {
  return [...new Set(users.map((u) => u.workflow))].map((w) => [w, users.filter((u) => u.workflow === w)]);
}

function stepsText(steps: readonly WorkflowUser[]): string {
  return steps.length === 1 ? `step ${steps[0]!.step}` : `steps ${steps.map((s) => s.step).join(", ")}`;
}
