import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { cancelRun, pauseRun, rerunRun, resumeRun, retryRun, type RunShown } from "../../api/client";
import { useBarrier, useDecisionBarrier } from "../../api/rights";
import { Icon } from "../../components/Icon";
import { PreviewDialog } from "../../components/PreviewDialog";
import { useToast } from "../../components/Toasts";
import { isOpen } from "../../flow/states";
import { many, shortId } from "../../text/format";

type Kind = "pause" | "resume" | "cancel" | "retry" | "rerun";

export interface RunActionsState {
  open(kind: Kind): void;
  can: Record<Kind, boolean>;
  /** Why one cannot be taken; null where it can. */
  barred: Record<Kind, string | null>;
  dialog: ReactNode;
}

/** The decisions about a run, each with what it would do, and a reason that is kept. */
export function useRunActions(run: RunShown): RunActionsState {
  const queries = useQueryClient();
  const go = useNavigate();
  const toast = useToast();
  const [kind, setKind] = useState<Kind | null>(null);
  const [step, setStep] = useState("");
  const [version, setVersion] = useState("original");
  const running = useBarrier("run");
  const deciding = useDecisionBarrier(run.request.requested_by);
  const barred: Record<Kind, string | null> = { pause: deciding, resume: deciding, cancel: deciding, retry: deciding, rerun: running };
  const open = isOpen(run.status);
  const held = run.status === "paused" || run.status === "set_aside";
  const can: Record<Kind, boolean> = { pause: open && !held, resume: held, cancel: open, retry: run.status === "failed", rerun: !open };

  const named = (...wanted: string[]): string[] => run.steps.filter((s) => wanted.includes(s.status)).map((s) => s.name);
  const underWay = named("running", "ready", "retrying");
  const waiting = named("waiting");
  const asks = run.steps.some((s) => s.status === "waiting" && s.uses === "approval");
  const pending = named("pending");
  const done = named("succeeded");
  const failed = named("failed");
  const skipped = named("skipped");
  const list = (names: readonly string[]): string => names.join(", ");
  const children = run.children.filter((c) => isOpen(c.status));

  const facts = useMemo(() => ({
    pause: {
      title: "Pause this run", confirm: "Pause", danger: false,
      effects: [underWay.length === 0 ? "Nothing is under way; nothing further starts." : `${list(underWay)} ends what it does; nothing further starts.`, ...(pending.length > 0 ? [`${list(pending)} waits until the run is resumed.`] : [])],
      stays: [...(done.length > 0 ? [`${list(done)} stays done.`] : []), "The run can be resumed at any time."],
    },
    resume: { title: "Let this run go on", confirm: "Resume", danger: false, effects: [pending.length + underWay.length === 0 ? "The run goes on where it stood." : `${list([...underWay, ...pending])} goes on.`], stays: done.length > 0 ? [`${list(done)} stays done.`] : [] },
    cancel: {
      title: "Cancel this run", confirm: "Cancel the run", danger: true,
      effects: [
        ...(underWay.length > 0 ? [`${list(underWay)} is stopped.`] : []), ...(waiting.length > 0 ? [`${list(waiting)} waits no longer${asks ? "; its request for a vote is rejected at once, with the reason that its run was cancelled" : ""}.`] : []),
        ...(pending.length > 0 ? [`${list(pending)} never begins.`] : []), ...(children.length > 0 ? [`${many(children.length, "run that works", "runs that work")} for it end too.`] : []),
      ],
      stays: [...(done.length > 0 ? [`What ${list(done)} made stays, and a rerun takes it over.`] : []), "A cancelled run does not come back."],
    },
    retry: {
      title: "Try again what failed", confirm: "Try again", danger: false,
      effects: [`${list(failed)} runs again.`, ...(skipped.length > 0 ? [`${list(skipped)}, left out for its sake, may run.`] : [])], stays: done.length > 0 ? [`${list(done)} is kept as it is.`] : [],
    },
    rerun: {
      title: "Go over this run again", confirm: "Rerun", danger: false,
      effects: [`A new run of ${run.workflow}${version === "original" ? ` ${run.version}` : ", newest version,"} begins.`, step === "" ? "Steps whose input is the same take their result over." : `${step} and all that need it run in any case; before it, results with the same input are taken over.`],
      stays: [`${shortId(run.id)} stays as it is.`],
    },
  }), [run, version, step]);

  async function decide(of: Kind, reason: string): Promise<void> {
    const body = { reason };
    if (of === "rerun") {
      const made = await rerunRun({ run: run.id, body: { reason, version, from: step === "" ? null : step } });
      toast({ tone: "ok", text: `Rerun ${shortId(made.id)} is ${made.status}.` });
      await go(`/runs/${made.id}`);
      return;
    }
    const ask = { pause: pauseRun, resume: resumeRun, cancel: cancelRun }[of as "pause" | "resume" | "cancel"];
    const now = of === "retry" ? await retryRun({ run: run.id, body }) : await ask({ run: run.id, body });
    toast({ tone: "ok", text: `Recorded. The run is ${now.status.replace("_", " ")}.` });
    await queries.invalidateQueries({ queryKey: ["run", run.id] });
  }

  const shown = kind ?? "pause";
  const dialog = (
    <PreviewDialog
      title={facts[shown].title}
      open={kind !== null}
      onClose={() => setKind(null)}
      effects={facts[shown].effects}
      stays={facts[shown].stays}
      confirm={facts[shown].confirm}
      danger={facts[shown].danger}
      reason
      onConfirm={(reason) => decide(shown, reason)}
      cli={(reason) => ["./sigmatiq", "runs", shown, run.id, ...(shown === "rerun" && step !== "" ? ["--from", step] : []), ...(shown === "rerun" && version !== "original" ? ["--version", version] : []), "--reason", reason]}
    >
      {shown === "rerun" ? (
        <div className="two">
          <div className="field">
            <label htmlFor="rerun-from">From</label>
            <select id="rerun-from" className="input" value={step} onChange={(e) => setStep(e.target.value)}>
              <option value="">Wherever the input differs</option>
              {run.steps.map((s) => (
                <option key={s.name} value={s.name}>
                  {s.name}
                </option>
              ))}
            </select>
          </div>
          <div className="field">
            <label htmlFor="rerun-version">Version</label>
            <select id="rerun-version" className="input" value={version} onChange={(e) => setVersion(e.target.value)}>
              <option value="original">The same, {run.version}</option>
              <option value="latest">The newest</option>
            </select>
          </div>
        </div>
      ) : null}
    </PreviewDialog>
  );

  return {
    can, barred, dialog,
    open(of) {
      if (!can[of] || barred[of] !== null) return;
      setStep("");
      setVersion("original");
      setKind(of);
    },
  };
}

export function RunActions({ run, actions }: { run: RunShown; actions: RunActionsState }) {
  const { can, barred } = actions;
  const shared = (kind: Kind) => ({ type: "button" as const, disabled: barred[kind] !== null, title: barred[kind] ?? undefined });
  return (
    <>
      {can.resume ? (
        <button {...shared("resume")} className="btn s" onClick={() => actions.open("resume")}>
          <Icon name="play" size={14} />
          Resume…
        </button>
      ) : null}
      {can.pause ? (
        <button {...shared("pause")} className="btn s" onClick={() => actions.open("pause")}>
          <Icon name="pause" size={14} />
          Pause…
        </button>
      ) : null}
      {can.retry ? (
        <button {...shared("retry")} className="btn s" onClick={() => actions.open("retry")}>
          Retry…
        </button>
      ) : null}
      {can.rerun ? (
        <button {...shared("rerun")} className="btn s" onClick={() => actions.open("rerun")}>
          <Icon name="rerun" size={14} />
          Rerun… <kbd>R</kbd>
        </button>
      ) : null}
      {can.cancel ? (
        <button {...shared("cancel")} className="btn s d" onClick={() => actions.open("cancel")} aria-label={`Cancel… ${shortId(run.id)}`}>
          Cancel…
        </button>
      ) : null}
    </>
  );
}
