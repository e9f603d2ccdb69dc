import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { discardTrainedModel, publishTrainedModel, type TrainedModelReport } from "../../api/client";
import { OtherText } from "../../components/OtherText";
import { PreviewDialog } from "../../components/PreviewDialog";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { useKeys } from "../../components/Shell/keys";
import { useBarrier } from "../../api/rights";
import { many } from "../../text/format";
import { training as words } from "../../text/training";
import { decisionOf, neededBy, shortName } from "./model";

/** Publish or discard, each previewed; who may not reads who may, and what cannot be published says why. */
export function Decide({ report }: { report: TrainedModelReport }) {
  const { model, verdict } = report;
  const barrier = useBarrier("operate");
  const [asked, setAsked] = useState<"publish" | "discard" | null>(null);
  const queries = useQueryClient();
  const toast = useToast();
  const open = model.state === "trained" && !model.flags.includes("refit");
  const noDiscard = barrier ?? (model.use === null ? null : `It cannot be discarded: it ${neededBy(model.use)}.`);
  const noPublish = barrier ?? (verdict.publishable ? null : (model.review.obstacles[0] ?? "It cannot be published."));
  useKeys({
    "Shift P": () => open && noPublish === null && setAsked("publish"),
    "Shift D": () => open && noDiscard === null && setAsked("discard"),
  }, open);
  const decision = decisionOf(model);
  if (!open) {
    return (
      <section className="card decided-c" aria-label={words.decided}>
        <StateBadge state={decision.state} label={decision.word} />
        <span>
          {model.decided_by === null ? "It refits an approved model and follows that model's decision." : <>by <OtherText most={40}>{model.decided_by}</OtherText>, <TimeText at={report.decided_utc} /></>}
          {model.decision_reason === null ? "" : ": "}
          {model.decision_reason === null ? null : <OtherText most={400}>{model.decision_reason}</OtherText>}
        </span>
      </section>
    );
  }
  const name = shortName(model.id, model.model_id);
  return (
    <section className="card decide" aria-label={words.decided}>
      <span>
        {model.use === null ? <b>{words.waits}</b> : (
          <b>
            <Link className="link" to={`/dashboard/${encodeURIComponent(model.use.approval)}`}>{decision.word}</Link>: it {neededBy(model.use)}.
          </b>
        )}
        <span className="sub sm blk" id="decide-why">
          {barrier ?? (verdict.publishable ? (verdict.reason_needed ? "Publishing it needs a reason, since the suggestion or the gate speaks against it." : "Nothing speaks against publishing it.") : `It cannot be published: ${model.review.obstacles.join(" ")}`)}
        </span>
      </span>
      <span className="sp" />
      <button type="button" className="btn d" disabled={noDiscard !== null} title={noDiscard ?? undefined} aria-describedby="decide-why" onClick={() => setAsked("discard")}>
        {words.discard} <kbd>Shift D</kbd>
      </button>
      <button type="button" className="btn p" disabled={noPublish !== null} title={noPublish ?? undefined} aria-describedby="decide-why" onClick={() => setAsked("publish")}>
        {words.publish} <kbd>Shift P</kbd>
      </button>
      <PreviewDialog
        title={asked === "discard" ? `Discard ${name}` : `Publish ${name}`} open={asked !== null} onClose={() => setAsked(null)} danger={asked === "discard"} confirm={asked === "discard" ? "Discard" : "Publish"}
        reason={asked === "discard" || verdict.reason_needed}
        effects={
          asked === "discard" ? [words.discardWhat, `${many(report.lineage.files.length, "file", "files")} of ${name}.`] : [
            words.publishWhat, words.publishOnce, ...model.review.publish_gate.map((g) => <span key={g} className="t-warn">{g}</span>), ...(verdict.suggestion === "publish" ? [] : [<span key="s" className="t-warn">{`The suggestion is to ${verdict.suggestion === "review" ? "look again" : verdict.suggestion}. ${verdict.words}`}</span>]),
          ]
        }
        stays={[words.discardStays]}
        onConfirm={async (reason) => {
          const body = { reason: reason === "" ? null : reason };
          await (asked === "discard" ? discardTrainedModel : publishTrainedModel)({ id: model.id, body });
          toast({ tone: "ok", text: `${name} is ${asked === "discard" ? "discarded" : "published"}.` });
          await Promise.all(["trained", "training", "models", "model", "forecasts"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
        }}
        cli={(reason) => ["./sigmatiq", "trained-models", asked ?? "publish", model.id, "--reason", reason]}
      />
    </section>
  );
}
