import type { TrainedModelReport } from "../../api/client";
import { DigestChip } from "../../components/DigestChip";
import { EvidenceOnly } from "../../components/EvidenceOnly";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { ReliabilityChart } from "../../components/ReliabilityChart";
import { Link } from "react-router";
import { count, drawdown, many, probability, pValue, rate, ratio, ratioInterval, returnPercent, setting } from "../../text/format";
import { flagWords, metricNames, training as words, windowNames } from "../../text/training";
import { comboWords, fitOf } from "./model";

const MOST_INPUTS = 12;

/** What a trained model says of itself: retention with its doubt first, then scores, reliability, inputs and where it comes from. */
export function Report({ report }: { report: TrainedModelReport }) {
  return (
    <>
      <Verdict report={report} />
      <div className="two-k">
        <Scores report={report} />
        <Outcomes report={report} />
      </div>
      <div className="two-k">
        <section className="card" id="reliability" aria-labelledby="rel-h">
          <div className="ch">
            <h2 id="rel-h">{words.reliability}</h2>
            <span className="s">{words.reliabilityNote}</span>
          </div>
          <p className="brier">
            <b>{ratio4(report.calibration.brier_before)}</b> Brier score before calibration, <b>{ratio4(report.calibration.brier_after)}</b> after. Saying the base rate to every row gets {ratio4(report.calibration.brier_of_base_rate)}; 0 is perfect.
            {report.calibration.no_skill ? " Its score has no skill: every row is told the base rate." : report.calibration.fitted ? "" : " Nothing was there to calibrate on."}
          </p>
          {report.calibration.after.some((b) => b.count > 0) ? (
            <ReliabilityChart
              before={report.calibration.before} after={report.calibration.after}
              summary={`Reliability on the hold-out in ten bins. The Brier score is ${ratio4(report.calibration.brier_before)} before calibration and ${ratio4(report.calibration.brier_after)} after.`}
            />
          ) : <p className="pad sub">Nothing was held out, so there is nothing to draw.</p>}
        </section>
        <Inputs report={report} />
      </div>
      <Lineage report={report} />
    </>
  );
}

/** Brier scores are told apart in the fourth digit. */
function ratio4(value: number | null): string {
  return value === null ? "n/a" : value.toFixed(4);
}

function Verdict({ report }: { report: TrainedModelReport }) {
  const { verdict, model } = report;
  const doubts = [...model.review.obstacles, ...model.review.publish_gate];
  const flags = model.flags.filter((f) => !["gate_failed", "no_skill", "validation_contaminated", "refit"].includes(f));
  return (
    <section className="card verdict-c" id="verdict" aria-labelledby="verdict-h">
      <div className="ch">
        <h2 id="verdict-h">{words.verdict}</h2>
        <span className="s">Sharpe on the hold-out by Sharpe when selected</span>
        <span className="sp" />
        <EvidenceOnly on={report.evidence_only} />
      </div>
      <div className="verdict-b">
        <div className="verdict-n">
          <b>{rate(verdict.retention, 0)}</b>
          <span className="sub sm">{verdict.low === null || verdict.high === null ? "no interval" : `${rate(verdict.low, 0)} to ${rate(verdict.high, 0)}`}</span>
          <span className={verdict.suggestion === "publish" ? "t-ok" : "t-warn"}>
            <Glyph name={verdict.suggestion === "publish" ? "tick" : "triangle"} /> suggests to {verdict.suggestion === "review" ? "look again" : verdict.suggestion}
          </span>
        </div>
        <div className="verdict-t">
          <p>{verdict.words}</p>
          <p className="sub sm">The suggestion decides nothing: models whose intervals overlap cannot be told apart.{model.review.holdout_look !== null && model.review.holdout_look > 1 ? ` This is look ${model.review.holdout_look} at this hold-out: the best of several looks better than it is.` : ""}</p>
          {doubts.length + flags.length === 0 ? null : (
            <ul className="doubts">
              {doubts.map((d) => (
                <li key={d}>
                  <span className="t-warn">
                    <Glyph name="triangle" size={11} />
                  </span>
                  <OtherText most={300}>{d}</OtherText>
                </li>
              ))}
              {flags.map((f) => (
                <li key={f}>
                  <span className="t-warn">
                    <Glyph name="triangle" size={11} />
                  </span>
                  {flagWords[f] ?? f.replaceAll("_", " ")}
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </section>
  );
}

function Scores({ report }: { report: TrainedModelReport }) {
  const folds = Math.max(0, ...report.scores.map((s) => s.folds));
  return (
    <section className="card" id="scores" aria-labelledby="scores-h">
      <div className="ch">
        <h2 id="scores-h">{words.scores}</h2>
        <span className="s">{words.scoresNote}</span>
      </div>
      <div className="scroll-x" tabIndex={0} role="region" aria-labelledby="scores-h">
        <table className="table dense">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col" className="r">Hold-out</th>
              <th scope="col" className="r">In-sample</th>
              <th scope="col" className="r">Folds, mean</th>
              <th scope="col" className="r">± deviation</th>
            </tr>
          </thead>
          <tbody>
            {report.scores.map((s) => (
              <tr key={s.metric}>
                <th scope="row" className="plain">{metricNames[s.metric] ?? s.metric}</th>
                <td className="r">
                  <b>{probability(s.holdout)}</b>
                </td>
                <td className="r sub">{probability(s.in_sample)}</td>
                <td className="r">{probability(s.fold_mean)}</td>
                <td className="r sub">{probability(s.fold_deviation)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="pad sub sm">
        Fitted on {count(report.rows.training)} rows, worth {count(report.rows.effective)} independent ones, since labels overlap; {rate(report.rows.gains / Math.max(1, report.rows.training))} of them gains. {many(folds, "walk-forward fold", "walk-forward folds")}, {words.foldsNote}; {count(report.rows.holdout)} rows held out. AUC 0.50 is chance.
      </p>
    </section>
  );
}

function Outcomes({ report }: { report: TrainedModelReport }) {
  return (
    <section className="card" id="outcomes" aria-labelledby="outcomes-h">
      <div className="ch">
        <h2 id="outcomes-h">{words.outcomes}</h2>
        <span className="s">simulated, {words.outcomesNote}</span>
      </div>
      <div className="scroll-x" tabIndex={0} role="region" aria-labelledby="outcomes-h">
        <table className="table dense">
          <thead>
            <tr>
              <th scope="col">Window</th>
              <th scope="col" className="r">Sharpe</th>
              <th scope="col">95% interval</th>
              <th scope="col" className="r">Trades</th>
              <th scope="col" className="r">Return</th>
              <th scope="col" className="r">Max drawdown</th>
              <th scope="col" className="r">p</th>
            </tr>
          </thead>
          <tbody>
            {report.outcomes.map((o) => (
              <tr key={o.window}>
                <th scope="row" className="plain">{windowNames[o.window] ?? o.window}</th>
                <td className="r">
                  <b>{ratio(o.sharpe)}</b>
                </td>
                <td className="sub">{o.low === null ? "" : ratioInterval(o.low, o.high)}</td>
                <td className="r">{o.trades === null ? "" : count(o.trades)}</td>
                <td className="r">{o.return === null ? "" : returnPercent(o.return)}</td>
                <td className="r">{o.drawdown === null ? "" : drawdown(o.drawdown)}</td>
                <td className="r">{o.p === null ? "" : pValue(o.p)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="pad sub sm">“As swept” is the best of many and stands for comparison alone; {report.model.flags.includes("validation_contaminated") ? "the sweep had seen part of the hold-out when it chose" : "the hold-out was never used to choose"}. p is one-sided, of the mean trade return by a t-test, not corrected for the number of combos; a vote goes by whole weeks drawn again, so its p is another.</p>
    </section>
  );
}

function Inputs({ report }: { report: TrainedModelReport }) {
  const shown = report.inputs.slice(0, MOST_INPUTS);
  const most = Math.max(1e-12, ...shown.map((i) => i.gain));
  const worth = Math.max(1e-12, ...shown.map((i) => Math.abs(i.permutation ?? 0)));
  return (
    <section className="card" id="inputs" aria-labelledby="inputs-h">
      <div className="ch">
        <h2 id="inputs-h">{words.inputs}</h2>
        <span className="sp" />
        <span className="s">{shown.length < report.inputs.length ? `${shown.length} of ${report.inputs.length}` : count(report.inputs.length)}</span>
      </div>
      <div className="scroll-x" tabIndex={0} role="region" aria-labelledby="inputs-h">
      <table className="table dense worth">
        <thead>
          <tr>
            <th scope="col">Input</th>
            <th scope="col">Used: share of split gain</th>
            <th scope="col">Good for: cost of shuffling</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((i) => (
            <tr key={i.input}>
              <th scope="row" className="mono plain">
                <OtherText most={28}>{i.input}</OtherText>
              </th>
              <td>
                <Bar share={i.gain / most} tone="acc" /> {rate(i.gain)}
              </td>
              <td>
                {i.permutation === null ? "" : (
                  <>
                    <Bar share={Math.abs(i.permutation) / worth} tone={i.permutation > 0 ? "run" : "retry"} /> {i.permutation < 0 ? "−" : ""}
                    {Math.abs(i.permutation).toFixed(4)}
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      </div>
      <p className="pad sub sm">
        {report.permutation_loss === null ? "Shuffling was not measured." : `Shuffled on ${count(report.permutation_rows)} rows that the model of their fold had not seen, measured by ${report.permutation_loss === "auc" ? "the fall of AUC" : "the rise of log loss"}; around 0 it did not help, below 0 it hurt.`} Inputs that say the same share it between them.
      </p>
    </section>
  );
}

function Bar({ share, tone }: { share: number; tone: string }) {
  return (
    <svg className="wbar" width="72" height="8" aria-hidden="true">
      <rect width="72" height="8" rx="2" className="wbar-g" />
      <rect width={Math.max(1, Math.min(1, share) * 72)} height="8" rx="2" className={`wbar-f ${tone}`} />
    </svg>
  );
}

function Lineage({ report }: { report: TrainedModelReport }) {
  const { lineage: l } = report;
  const facts: [string, React.ReactNode][] = [
    ["Sweep", l.sweep_id === "" ? "" : <Link key="s" className="mono link" to={`/sweeps/${encodeURIComponent(l.sweep_id)}`}>{l.sweep_id}</Link>],
    ["Combo", <Link key="c" className="link" to={`/sweeps/${encodeURIComponent(l.sweep_id)}/combos/${l.combo_id}`}>{`${l.combo_id}, rank ${l.rank}, gates ${report.gate.toLowerCase()}`}</Link>],
    ["Parameters", <OtherText key="p" most={200}>{comboWords(l.combo)}</OtherText>],
    ["Pack", <Link key="k" className="link" to={`/packs/${l.pack.split("@").map(encodeURIComponent).join("/")}`}>{l.pack.replace("@", " ")}</Link>],
    ["Bars", <span key="b"><DigestChip digest={l.data_snapshot_id} algorithm="sha256" /> {l.synthetic === true ? <span className="synth-t">synthetic</span> : null}</span>],
    ["Config", <DigestChip key="g" digest={l.config_hash} algorithm="sha256" />], ["What was learned", <DigestChip key="a" digest={l.artifact_hash} algorithm="sha256" />],
    ["Engine", `${l.engine_version}, seed ${l.seed}`], ["Fit", fitOf(report.hyperparameters) + (report.tuning_points > 0 ? `, best of ${report.tuning_points} points tried` : "")], ["Threshold", setting(report.threshold)],
    ...(l.refit_of === null ? [] : [["Refits", <DigestChip key="r" digest={l.refit_of} />] as [string, React.ReactNode]]),
  ];
  return (
    <section className="card" id="lineage" aria-labelledby="lineage-h">
      <div className="ch">
        <h2 id="lineage-h">{words.lineage}</h2>
        <span className="s">the same plan on the same bars gives the same bytes</span>
      </div>
      <dl className="facts lin">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <ul className="filesl">
        {l.files.map((f) => (
          <li key={f.name}>
            <OtherText most={80} className="mono">{f.name}</OtherText> <DigestChip digest={f.sha256} algorithm="sha256" />
          </li>
        ))}
      </ul>
    </section>
  );
}
