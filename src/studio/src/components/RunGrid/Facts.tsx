import { Link } from "react-router";
import type { RunGridColumn } from "../../api/client";
import { isOpen } from "../../flow/states";
import { age, beside, count, duration, many, shortId } from "../../text/format";
import { grid as words } from "../../text/strings";
import { OtherText } from "../OtherText";
import { StateBadge } from "../StateBadge";
import { TimeText } from "../TimeText";
import { linesOf, stepMs, tookMs, usualMs, usualStepMs, workedMs, type GridStep } from "./model";
import type { FactsProps } from "./types";

/** What there is to say of the chosen run, and of its step where one is chosen. */
export function Facts({ grid, chosen, now }: FactsProps) {
  const column = Math.max(0, chosen === null ? grid.runs.length - 1 : grid.runs.findIndex((r) => r.id === chosen.run));
  const run = grid.runs[column];
  if (run === undefined) return null;
  const row = chosen?.row ?? null;
  const steps = row === null ? [] : grid.steps.filter((s) => s.name === row || linesOf(grid, new Set([row])).some((l) => l.kind === "stage" && l.id === row && l.steps.includes(s)));
  const worked = workedMs(run, grid.atMs, now);
  const took = tookMs(run, grid.atMs, now);
  return (
    <aside className="rg-facts" aria-label={words.facts}>
      <div className="rg-f-h">
        <Link className="link mono" to={`/runs/${run.id}`}>
          {shortId(run.id)}
        </Link>
        <StateBadge state={run.status} />
        <span className="sp" />
        <span className="mut sm">{run.version}</span>
      </div>
      {run.reason === null && run.problem === null ? null : (
        <p className="rg-why">
          <OtherText most={220}>{run.problem ?? run.reason ?? ""}</OtherText>
        </p>
      )}
      <dl>
        <dt>{words.cause}</dt>
        <dd>
          <Cause run={run} />
        </dd>
        {run.ticker === null ? null : (
          <>
            <dt>Instrument</dt>
            <dd>
              <OtherText most={24}>{run.ticker}</OtherText>
            </dd>
          </>
        )}
        <dt>Asked for</dt>
        <dd>
          <TimeText at={run.requested_at_utc} precision="second" />
        </dd>
        <dt>{words.worked}</dt>
        <dd>{isOpen(run.status) ? age(worked) : <Against ms={worked} usual={usualMs(grid)} />}</dd>
        {took - worked < Math.max(1000, took / 10) ? null : (
          <>
            <dt>{isOpen(run.status) ? "Elapsed" : "Took"}</dt>
            <dd>{isOpen(run.status) ? age(took) : duration(took)}, with waiting</dd>
          </>
        )}
      </dl>
      {steps.map((step) => (
        <Step key={step.name} step={step} run={run} column={column} atMs={grid.atMs} now={now} />
      ))}
      {steps.length > 0 ? null : <p className="mut sm rg-hint">{words.hint}</p>}
    </aside>
  );
}

function Step({ step, run, column, atMs, now }: { step: GridStep; run: RunGridColumn; column: number; atMs: number; now: number }) {
  const cell = step.cells[column]!;
  const took = stepMs(cell, atMs, now);
  return (
    <section className="rg-step">
      <div className="rg-f-h">
        <h3>
          {cell.state === "absent" ? step.name : (
            <Link className="link" to={`/runs/${run.id}?sel=${encodeURIComponent(step.name)}`}>
              {step.name}
            </Link>
          )}
        </h3>
        {cell.state === "absent" ? <span className="mut sm">not in {run.version}</span> : <StateBadge state={cell.state} />}
      </div>
      {cell.note === null ? null : (
        <p className={cell.state === "failed" ? "rg-why t-bad" : "rg-why"}>
          <OtherText most={260}>{cell.note}</OtherText>
        </p>
      )}
      <dl>
        <dt>Kind</dt>
        <dd className="mono">{step.uses}</dd>
        {cell.attempts === 0 ? null : (
          <>
            <dt>Attempts</dt>
            <dd>
              {count(cell.attempts)}
              {cell.items > 1 ? ` at most, ${many(cell.items, "item", "items")}` : ""}
            </dd>
          </>
        )}
        {took === null ? null : (
          <>
            <dt>Took</dt>
            <dd>{cell.state === "succeeded" || cell.state === "failed" ? <Against ms={took} usual={usualStepMs(step)} /> : age(took)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Against({ ms, usual }: { ms: number; usual: number | null }) {
  return (
    <>
      {duration(ms)}
      {usual === null || usual === 0 ? null : <span className="mut">, {beside(ms, usual)} the median {duration(usual)}</span>}
    </>
  );
}

function Cause({ run }: { run: RunGridColumn }) {
  const planned = run.planned_utc === null ? null : <> for <TimeText at={run.planned_utc} /></>;
  switch (run.cause) {
    case "schedule":
      return <>its schedule{planned}</>;
    case "backfill":
      return <>a backfill by <OtherText most={24}>{run.requested_by}</OtherText>{planned}</>;
    case "rerun":
      return <>rerun of <Link className="link mono" to={`/runs/${run.cause_of ?? ""}`}>{shortId(run.cause_of ?? "")}</Link> by <OtherText most={24}>{run.requested_by}</OtherText></>;
    case "step":
      return <>a step of <Link className="link mono" to={`/runs/${run.cause_of ?? ""}`}>{shortId(run.cause_of ?? "")}</Link></>;
    default:
      return <OtherText most={24}>{run.requested_by}</OtherText>;
  }
}
