import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useParams } from "react-router";
import { commitBackfill, type BackfillPreviewed, type BackfillView, type FireRunLine } from "../../api/client";
import { useBarrier } from "../../api/rights";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { KpiStrip } from "../../components/KpiStrip";
import { OtherText } from "../../components/OtherText";
import { PreviewDialog } from "../../components/PreviewDialog";
import { useAddress } from "../../components/Shell/address";
import { SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { usePage } from "../../components/Shell/page";
import { isOpen } from "../../flow/states";
import { inWords } from "../../text/cron";
import { count, duration, many, shortId } from "../../text/format";
import { backfill as words, fireStates } from "../../text/operate";
import { nav } from "../../text/strings";
import { backfillQuery, backfillsQuery, previewQuery, schedulesQuery, type Asked } from "./queries";
import { isDay } from "./week";
import "./style.css";

const SHOWN = 200;

/** Past fires run after all: named, previewed, then run exactly so. What is asked stands in the address. */
export function BackfillPage() {
  const { id = "" } = useParams();
  const [search, setSearch] = useAddress();
  const schedule = useQuery(schedulesQuery).data?.find((s) => s.workflow === id);
  const plan = useBarrier("plan");
  const [from, setFrom] = useState(search.get("from") ?? "");
  const [to, setTo] = useState(search.get("to") ?? "");
  const [keep, setKeep] = useState(search.get("keep") === "1");
  usePage(`${words.title}, ${id}`, useMemo(() => [{ label: nav.schedules, to: "/schedules" }, { label: id, mono: true, to: `/schedules?sel=${encodeURIComponent(id)}` }, { label: words.title }], [id]));

  const [askedFrom, askedTo] = [search.get("from"), search.get("to")];
  const asked: Asked | null = isDay(askedFrom) && isDay(askedTo) ? { workflow: id, from: askedFrom, to: askedTo, keepGoing: search.get("keep") === "1" } : null;
  const command = ["./sigmatiq", "workflows", "backfill", id, "--from", from === "" ? "DAY" : from, "--to", to === "" ? "DAY" : to, ...(keep ? ["--keep-going"] : [])];
  const queries = useQueryClient();
  const backwards = from !== "" && to !== "" && from > to;

  return (
    <div className="pg backfill">
      <div className="hd">
        <h1>
          {words.title} <bdi className="mono h1-id">{id}</bdi>
        </h1>
        <span className="sub">{schedule?.schedule ? `${inWords(schedule.schedule)}, ${schedule.zone ?? ""}` : ""}</span>
        <span className="sp" />
        <CopyAsCli command={command} />
      </div>
      <section className="card" aria-label={words.question}>
        <form
          className="bf-stretch"
          onSubmit={(e) => {
            e.preventDefault();
            setSearch((was) => {
              const next = new URLSearchParams(was);
              next.set("from", from);
              next.set("to", to);
              if (keep) next.set("keep", "1");
              else next.delete("keep");
              return next;
            });
            void queries.invalidateQueries({ queryKey: ["backfill-preview"] });
          }}
        >
          <div className="field">
            <label htmlFor="bf-from">{words.from}</label>
            <input id="bf-from" className="input" type="date" required value={from} aria-invalid={backwards} aria-describedby="bf-why" onChange={(e) => setFrom(e.target.value)} />
          </div>
          <div className="field">
            <label htmlFor="bf-to">{words.to}</label>
            <input id="bf-to" className="input" type="date" required value={to} aria-invalid={backwards} aria-describedby="bf-why" onChange={(e) => setTo(e.target.value)} />
          </div>
          <label className="tick-row">
            <input type="checkbox" checked={keep} onChange={(e) => setKeep(e.target.checked)} /> {words.keepGoing}
          </label>
          <button type="submit" className="btn p" disabled={plan !== null || from === "" || to === "" || backwards} title={plan ?? undefined}>
            {words.preview}
          </button>
          <span className="sm mut">{schedule?.zone === undefined || schedule.zone === null ? "" : `${words.zone}, ${schedule.zone}`}</span>
          <span className="sm t-warn" id="bf-why" aria-live="polite">
            {plan ?? (backwards ? words.backwards : null)}
          </span>
        </form>
      </section>
      {asked === null || plan !== null ? (
        <section className="card">
          <EmptyState what={words.none} why={words.noneWhy} />
        </section>
      ) : (
        <Preview asked={asked} zone={schedule?.zone ?? null} command={command} />
      )}
      <Earlier workflow={id} zone={schedule?.zone ?? null} />
    </div>
  );
}

function Preview({ asked, zone, command }: { asked: Asked; zone: string | null; command: readonly string[] }) {
  const { data, error, refetch, isFetching } = useQuery(previewQuery(asked));
  const operate = useBarrier("operate");
  const [open, setOpen] = useState(false);
  const [, setSearch] = useAddress();
  const queries = useQueryClient();
  const toast = useToast();
  if (error !== null && !isFetching) {
    return (
      <section className="card">
        <ErrorPanel error={error} onRetry={() => void refetch()} what={words.refused} />
      </section>
    );
  }
  return (
    <>
      <KpiStrip label={words.preview} count={4} items={data === undefined || isFetching ? null : kpis(data)} />
      {data === undefined || isFetching ? null : (
        <>
          <section className="card" aria-labelledby="bf-run">
            <div className="ch">
              <h2 id="bf-run">{words.run}</h2>
              <span className="s">{words.oneByOne}</span>
              <span className="sp" />
              <button type="button" className="btn p" disabled={operate !== null} title={operate ?? undefined} onClick={() => setOpen(true)}>
                {`Run exactly ${data.count === 1 ? "this fire" : `these ${count(data.count)} fires`}…`}
              </button>
            </div>
            {operate === null ? null : <p className="op-note sm t-warn">{operate}</p>}
            <ol className="fires-grid">
              {data.fires.slice(0, SHOWN).map((at) => (
                <li key={at}>
                  <TimeText at={at} exchange={zone} />
                </li>
              ))}
            </ol>
            {data.fires.length > SHOWN ? <p className="op-note sm mut">and {count(data.fires.length - SHOWN)} {words.more}</p> : null}
          </section>
          <div className="bf-two">
            <section className="card" aria-labelledby="bf-already">
              <div className="ch">
                <h2 id="bf-already">{words.already}</h2>
                <span className="s">{many(data.already.length, "fire", "fires")}</span>
              </div>
              {data.already.length === 0 ? <p className="op-note sm mut">{words.noAlready}</p> : <Fires fires={data.already} zone={zone} />}
            </section>
            <section className="card" aria-labelledby="bf-excluded">
              <div className="ch">
                <h2 id="bf-excluded">{words.excluded}</h2>
                <span className="s">{many(data.excluded.length, "fire", "fires")}</span>
              </div>
              {data.excluded.length === 0 ? (
                <p className="op-note sm mut">{words.noExcluded}</p>
              ) : (
                <ul className="fire-rows">
                  {data.excluded.slice(0, SHOWN).map((f) => (
                    <li key={f.fire_utc}>
                      <TimeText at={f.fire_utc} exchange={zone} /> <OtherText className="sub" most={200}>{f.reason ?? ""}</OtherText>
                    </li>
                  ))}
                </ul>
              )}
            </section>
          </div>
          <PreviewDialog
            title={`Run ${many(data.count, "past fire", "past fires")} of ${asked.workflow}`}
            open={open}
            onClose={() => setOpen(false)}
            effects={[`${many(data.count, "run", "runs")} of ${many(data.steps, "step", "steps")} each, ${words.oneByOne.toLowerCase()}.`, data.stop_on_failure ? "The first failed run stops it; what is left never starts." : "It goes on after a failed run.", tookText(data)]}
            stays={["The schedule stays paused or not as it is.", "Where anything has changed since the preview, nothing is created."]}
            confirm="Run them"
            reason
            cli={(reason) => [...command, "--commit", data.token, "--reason", reason]}
            onConfirm={async (reason) => {
              const made = await commitBackfill({ id: asked.workflow, body: { from: asked.from, to: asked.to, keep_going: asked.keepGoing, token: data.token, reason } });
              toast({ tone: "ok", text: `${many(made.fires, "fire", "fires")} will run.` });
              setSearch((was) => {
                const next = new URLSearchParams(was);
                for (const name of ["from", "to", "keep"]) next.delete(name);
                next.set("sel", data.token);
                return next;
              });
              await queries.invalidateQueries({ queryKey: ["schedules"] });
            }}
          />
        </>
      )}
    </>
  );
}

function tookText(p: BackfillPreviewed): string {
  return p.seconds_each === null ? `How long it takes is ${words.unknownCost}.` : `It takes about ${duration(p.seconds_each * 1000 * p.count)}.`;
}

function kpis(p: BackfillPreviewed) {
  return [
    { id: "run", label: words.run, state: "ready", value: count(p.count), detail: p.stop_on_failure ? "a failed run stops it" : "goes on after a failed run" },
    { id: "already", label: "Left out", state: "completed", value: count(p.already_run), detail: words.already },
    { id: "excluded", label: "Excluded", state: "skipped", value: count(p.excluded.length), detail: "by the calendar or a convention" },
    {
      id: "cost", label: words.cost, value: p.seconds_each === null ? "n/a" : duration(p.seconds_each * 1000 * p.count),
      detail: p.seconds_each === null ? words.unknownCost : `${duration(p.seconds_each * 1000)} each, median of ${many(p.runs_measured, "run", "runs")}; ${many(p.steps, "step", "steps")}`,
    },
  ];
}

function Fires({ fires, zone }: { fires: readonly FireRunLine[]; zone: string | null }) {
  return (
    <>
      <ul className="fire-rows">
        {fires.slice(0, SHOWN).map((f) => (
          <li key={f.fire_utc}>
            <TimeText at={f.fire_utc} exchange={zone} />
            <StateBadge state={f.status} label={fireStates[f.status]} plain />
            {f.run === null ? null : (
              <Link className="link mono" to={`/runs/${f.run}`}>
                {shortId(f.run)}
              </Link>
            )}
          </li>
        ))}
      </ul>
      {fires.length > SHOWN ? <p className="op-note sm mut">and {count(fires.length - SHOWN)} {words.more}</p> : null}
    </>
  );
}

/** What was made up for, and what is under way now. */
function Earlier({ workflow, zone }: { workflow: string; zone: string | null }) {
  const { data, error, refetch } = useQuery(backfillsQuery(workflow));
  const [search, setSearch] = useAddress();
  const selected = search.get("sel") ?? data?.[0]?.token ?? null;
  return (
    <section className="card" aria-labelledby="bf-earlier">
      <div className="ch">
        <h2 id="bf-earlier">{words.earlier}</h2>
        <span className="s">{data === undefined ? "" : count(data.length)}</span>
      </div>
      {error !== null && data === undefined ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unread} />
      ) : data === undefined ? (
        <SkeletonRows rows={2} />
      ) : data.length === 0 ? (
        <p className="op-note sm mut">{words.earlierNone}</p>
      ) : (
        <ul className="backfills">
          {data.map((b) => (
            <li key={b.token}>
              <button
                type="button" className="bf-line" aria-expanded={b.token === selected}
                onClick={() => setSearch((was) => {
                  const next = new URLSearchParams(was);
                  next.set("sel", b.token);
                  return next;
                }, { replace: true })}
              >
                <StateBadge state={stateOf(b)} label={b.state === "active" ? "Under way" : b.state === "done" ? "Done" : "Stopped"} />
                <span className="bf-n">
                  {count(b.ended)} of {many(b.fires, "fire", "fires")}
                  <span className="pb" role="progressbar" aria-label={`Ended of ${b.fires}`} aria-valuenow={b.ended} aria-valuemin={0} aria-valuemax={b.fires}>
                    <i style={{ transform: `scaleX(${b.fires === 0 ? 0 : b.ended / b.fires})` }} />
                  </span>
                </span>
                <TimeText at={b.committed_at_utc} />
                <span className="sub one">
                  <OtherText>{b.requested_by}</OtherText>: <OtherText>{b.reason}</OtherText>
                </span>
              </button>
              {b.token === selected ? <Progress workflow={workflow} backfill={b} zone={zone} /> : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function stateOf(b: BackfillView): string {
  return b.state === "active" ? "running" : b.state === "done" ? "completed" : "failed";
}

function Progress({ workflow, backfill, zone }: { workflow: string; backfill: BackfillView; zone: string | null }) {
  // The stream tells of each run's end; the clock finds what has been started after it.
  const { data, error, refetch } = useQuery({ ...backfillQuery(workflow, backfill.token), placeholderData: keepPreviousData, refetchInterval: backfill.state === "active" ? 2_000 : false });
  if (error !== null && data === undefined) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <SkeletonRows rows={Math.min(4, backfill.fires)} height={30} />;
  const under = data.fires.find((f) => isOpen(f.status));
  return (
    <div className="bf-progress">
      {under?.run ? (
        <p className="sm">
          Now <TimeText at={under.fire_utc} exchange={zone} />,{" "}
          <Link className="link mono" to={`/runs/${under.run}`}>
            {shortId(under.run)}
          </Link>
        </p>
      ) : null}
      <Fires fires={data.fires} zone={zone} />
    </div>
  );
}
