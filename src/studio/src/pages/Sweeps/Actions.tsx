import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { cancelSweep, createTrainings, tickCombos, type SweepShown } from "../../api/client";
import { PreviewDialog } from "../../components/PreviewDialog";
import { useToast } from "../../components/Toasts";
import { numberAt, rowOf, wordAt, type Board } from "../../leaderboard/columns";
import { cellText, wordText, type Field } from "../../leaderboard/fields";
import { count, many, ratio } from "../../text/format";
import { sweeps as words } from "../../text/sweeps";

/** What training the chosen combos would do: one training each, those that failed for evidence alone. */
export function TrainDialog({ open, onClose, sweep, board, fields, combos }: { open: boolean; onClose(): void; sweep: SweepShown; board: Board; fields: readonly Field[]; combos: readonly number[] }) {
  const go = useNavigate();
  const toast = useToast();
  const queries = useQueryClient();
  const swept = fields.filter((f) => f.parameter);
  const gate = fields.find((f) => f.column === "gate");
  const gateOf = (combo: number): string | null => wordAt(board, "gate", rowOf(board, combo));
  const failed = combos.filter((c) => gateOf(c) === "FAIL");
  return (
    <PreviewDialog
      title={words.trainTitle} open={open} onClose={onClose} reason={false} confirm={`${words.train} ${many(combos.length, "combo", "combos")}${failed.length > 0 ? `, ${failed.length === combos.length ? "" : `${failed.length} `}${words.evidenceOnly}` : ""}`}
      effects={[
        ...combos.slice(0, 8).map((combo) => {
          const row = rowOf(board, combo);
          return (
            <>
              <b>Combo {combo}</b>: {swept.map((f) => `${f.label.toLowerCase()} ${cellText(board, f, row)}`).join(", ")}; Sharpe {ratio(numberAt(board, "sharpe_ratio", row))},{" "}
              {gateOf(combo) === "FAIL" ? <span className="t-bad">gate failed: {words.evidenceOnly}, marked everywhere, never live</span> : `gates ${gate === undefined ? "" : wordText(gate, gateOf(combo)).toLowerCase()}`}
            </>
          );
        }),
        ...(combos.length > 8 ? [`and ${many(combos.length - 8, "combo", "combos")} more`] : []), `${many(combos.length, "training", "trainings")} of ${sweep.model_id} ${combos.length === 1 ? "is" : "are"} queued, all or none. Each looks at the hold-out once, and that look is counted.`,
        `${combos.length === 1 ? "The combo is" : "The combos are"} ticked in the sweep.`,
      ]}
      stays={["The same training again shows what is there.", "The sweep stays as it is."]} cli={["./sigmatiq", "training", "run", "--sweep", sweep.id, "--combo", ...combos.map(String), ...(failed.length > 0 ? ["--evidence-only"] : [])]}
      onConfirm={async () => {
        const queued = await createTrainings({ body: { model_id: sweep.model_id, sweep_id: sweep.id, selected_configs: combos.map((combo_id) => ({ combo_id })), ...(failed.length > 0 ? { evidence_only: true } : {}) } });
        await tickCombos({ id: sweep.id, body: { combos: [...combos], selection_checkbox: true } });
        void queries.invalidateQueries({ queryKey: ["leaderboard", sweep.id] });
        void queries.invalidateQueries({ queryKey: ["trainings"] });
        toast({ tone: "ok", text: `${many(queued.jobs.length, "training is", "trainings are")} queued: ${queued.jobs.map((j) => j.job_id).join(", ")}.` });
        await go("/training");
      }}
    />
  );
}

/** What ending a sweep would stop and keep. */
export function CancelSweep({ open, onClose, sweep }: { open: boolean; onClose(): void; sweep: SweepShown }) {
  const queries = useQueryClient();
  const toast = useToast();
  return (
    <PreviewDialog
      title={words.cancelTitle} open={open} onClose={onClose} danger reason={false} confirm={words.cancelConfirm} cli={["./sigmatiq", "sweeps", "cancel", sweep.id]}
      effects={[`The ${count(Math.max(0, sweep.total_combinations - sweep.evaluated))} combos that are not evaluated yet are left out.`, "The run behind it is cancelled; whoever works on it stops within a second."]}
      stays={[`The ${count(sweep.evaluated)} combos that are evaluated stay as its leaderboard and count as trials.`, "Asked for again, it goes on from what is stored."]}
      onConfirm={async () => {
        const now = await cancelSweep({ id: sweep.id });
        toast({ tone: "ok", text: `The sweep is ${now.status}.` });
        await queries.invalidateQueries({ queryKey: ["sweep", sweep.id] });
        await queries.invalidateQueries({ queryKey: ["sweeps"] });
      }}
    />
  );
}
