import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { createTrainings, getLeaderboard, listSweeps } from "../../api/client";
import { ErrorPanel } from "../../components/ErrorPanel";
import { EvidenceOnly } from "../../components/EvidenceOnly";
import { PreviewDialog } from "../../components/PreviewDialog";
import { SkeletonRows } from "../../components/Skeleton";
import { useToast } from "../../components/Toasts";
import { count, many, ratio } from "../../text/format";
import { combosOf, type ComboRow } from "./combos";

const SHOWN = 12;

/** Starts trainings of selected combos; the effects name each before anything begins. */
export function Start({ open, onClose, sweep, selected }: { open: boolean; onClose(): void; sweep: string | null; selected: readonly number[] }) {
  const all = useQuery({ queryKey: ["sweeps"], queryFn: ({ signal }) => listSweeps({ signal }), enabled: open });
  const done = useMemo(() => (all.data ?? []).filter((s) => s.status === "completed"), [all.data]);
  const [chosenSweep, setSweep] = useState<string | null>(sweep);
  const id = chosenSweep ?? sweep ?? done[0]?.id ?? null;
  const board = useQuery({ queryKey: ["leaderboard-top", id], queryFn: ({ signal }) => getLeaderboard({ id: id!, columns: "rank,combo_id,gate,sharpe_ratio,total_trades,selected", limit: 200, signal }), enabled: open && id !== null });
  const combos = useMemo(() => (board.data === undefined ? [] : combosOf(board.data)), [board.data]);
  const [picked, setPicked] = useState<readonly number[] | null>(null);
  const now = picked ?? (selected.length > 0 ? selected : combos.filter((c) => c.ticked).map((c) => c.combo));
  const rows = useMemo(() => combos.filter((c, i) => i < SHOWN || now.includes(c.combo)), [combos, now]);
  const [share, setShare] = useState("0.2");
  const [tune, setTune] = useState(false);
  const go = useNavigate();
  const queries = useQueryClient();
  const toast = useToast();
  const model = done.find((s) => s.id === id)?.model_id ?? "";
  const failing = combos.filter((c) => now.includes(c.combo) && c.gate === "FAIL");
  const parameters: Record<string, unknown> = { ...(share === "0.2" ? {} : { test_size: Number(share) }), ...(tune ? { tune: true } : {}) };
  const toggle = (combo: ComboRow): void => setPicked(now.includes(combo.combo) ? now.filter((c) => c !== combo.combo) : [...now, combo.combo]);
  return (
    <PreviewDialog
      title="Start a training" open={open} onClose={onClose} reason={false} confirm={failing.length > 0 ? "Train for evidence only" : "Train"}
      effects={[
        now.length === 0 ? "Nothing is trained until a combo is selected." : `${many(now.length, "training begins", "trainings begin")}, ${now.length === 1 ? "one trained model comes" : "one trained model each"} of combo ${now.join(", ")}.`,
        ...(failing.length > 0 ? [<span key="f" className="t-bad">{`${many(failing.length, "combo has", "combos have")} failed ${failing.length === 1 ? "its" : "their"} gates: what comes of it is evidence only and can never be published.`}</span>] : []),
        ...(now.length > 5 ? ["More than five: each looks at the same hold-out, and the best of many looks better than it is."] : []),
        ...(tune ? ["Twelve points of the grid are tried for each, and each counts as a trial."] : []),
      ]}
      stays={["The same training again shows what is there."]}
      onConfirm={async () => {
        if (now.length === 0 || id === null) throw new Error("Select at least one combo.");
        const made = await createTrainings({ body: { model_id: model, sweep_id: id, selected_configs: now.map((combo_id) => ({ combo_id })), training_params: parameters, ...(failing.length > 0 ? { evidence_only: true } : {}) } });
        toast({ tone: "ok", text: `${many(made.jobs.length, "training is", "trainings are")} asked for.` });
        await queries.invalidateQueries({ queryKey: ["training"] });
        setPicked(null);
        if (made.jobs.length === 1) setTimeout(() => void go(`/training/${encodeURIComponent(made.jobs[0]!.id)}`));
      }}
      cli={["./sigmatiq", "training", "run", "--sweep", id ?? "SWEEP", "--combo", ...(now.length === 0 ? ["N"] : now.map(String)), ...(Object.keys(parameters).length > 0 ? ["--set", ...Object.entries(parameters).map(([k, v]) => `${k}=${String(v)}`)] : []), ...(failing.length > 0 ? ["--evidence-only"] : [])]}
    >
      {all.error !== null ? <ErrorPanel error={all.error} /> : done.length === 0 && all.data !== undefined ? <p className="sub">No sweep is completed yet: a training takes a combo of one.</p> : (
        <>
          <div className="field">
            <label htmlFor="t-sweep">Sweep</label>
            <select
              id="t-sweep" className="input" value={id ?? ""}
              onChange={(e) => {
                setSweep(e.target.value);
                setPicked([]);
              }}
            >
              {done.map((s) => (
                <option key={s.id} value={s.id}>
                  {s.id}, {s.model_id}
                </option>
              ))}
            </select>
          </div>
          <fieldset className="tcombos">
            <legend>Combos, by rank</legend>
            {board.data === undefined ? board.error !== null ? <ErrorPanel error={board.error} /> : <SkeletonRows rows={4} height={30} /> : rows.map((c) => (
              <label key={c.combo}>
                <input type="checkbox" checked={now.includes(c.combo)} onChange={() => toggle(c)} />
                <span>
                  {c.combo}
                  <span className="mut sm"> rank {c.rank}</span>
                </span>
                <span className="sub">
                  Sharpe {ratio(c.sharpe)}, {count(c.trades)} trades
                </span>
                <span>{c.gate === "FAIL" ? <EvidenceOnly on /> : <span className="sub sm">{c.gate.toLowerCase()}</span>}</span>
              </label>
            ))}
          </fieldset>
          <div className="grid-2">
            <div className="field">
              <label htmlFor="t-share">Hold-out, share of the days</label>
              <input id="t-share" className="input" inputMode="decimal" value={share} onChange={(e) => setShare(e.target.value)} aria-describedby="t-share-h" />
              <span className="help" id="t-share-h">0.05 to 0.5; another share than the sweep's may contaminate it.</span>
            </div>
            <label className="pick-l plainpick">
              <input type="checkbox" checked={tune} onChange={(e) => setTune(e.target.checked)} />
              <span>
                Tune <span className="sub sm blk">try twelve points of the grid</span>
              </span>
            </label>
          </div>
        </>
      )}
    </PreviewDialog>
  );
}
