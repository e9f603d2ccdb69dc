import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { FireLine, Overview, RunLine, WaitingItem } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { KpiStrip } from "../../components/KpiStrip";
import type { Kpi } from "../../components/KpiStrip/types";
import { OtherText } from "../../components/OtherText";
import { Skeleton, SkeletonRows } from "../../components/Skeleton";
import { StateGlyph } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { age, count, many } from "../../text/format";
import { home, nav } from "../../text/strings";
import { clockOf, near, timeOfDay, today, type Clock } from "../../text/time";
import { useNow, useView } from "../../theme/View";
import { inWords } from "../../text/cron";
import { Board } from "./Board";
import { overviewQuery } from "./queries";
import "./style.css";

const crumbs = [{ label: nav.home }];

export function HomePage() {
  const view = useView();
  const now = useNow(1000);
  const { data, error, refetch } = useQuery(overviewQuery);
  usePage(nav.home, crumbs);
  const clock = view.clock();

  return (
    <div className="pg home">
      <div className="hd">
        <h1>{today(now, clock)}</h1>
        <span className="sub">
          {timeOfDay(now.toISOString(), clock)} {clock.name}
          {data === undefined ? "" : `, ${marketText(data, now)}`}
        </span>
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "runs", "list"]} />
        <Link className="btn" to="/workflows?sel=lifecycle&do=trigger">
          <Icon name="plus" size={15} />
          {home.start}
        </Link>
      </div>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} what="The overview cannot be read." /> : null}
      <KpiStrip label="Counters" items={data === undefined ? null : counters(data, now, clock)} count={4} />
      {data === undefined ? <BoardSkeleton /> : data.strategies.length === 0 ? <NoStrategies /> : <Board strategies={data.strategies} now={now} />}
      <div className="g3">
        <Waits items={data?.waits} others={data === undefined ? null : othersText(data)} now={now} />
        <Moving running={data?.running} failed={data?.failed} now={now} />
        <Fires items={data?.fires} now={now} />
      </div>
    </div>
  );
}

function marketText({ market }: Overview, now: Date): string {
  if (market.is_open && market.since_utc !== null) return `market open for ${age(now.getTime() - Date.parse(market.since_utc)).replace(/ \d+ s$/, "")}`;
  const exchange = clockOf("exchange", market.zone);
  return market.changes_at_utc === null ? "market closed" : `market closed, opens ${near(market.changes_at_utc, exchange, now)} ${exchange.name}`;
}

function counters(data: Overview, now: Date, clock: Clock): Kpi[] {
  const { counts, fires } = data;
  const others = counts.waits - counts.votes;
  const first = fires[0];
  return [
    {
      id: "waits", label: home.waits, state: "waiting", value: count(counts.waits), to: "/#waits",
      detail: counts.waits === 0 ? othersText(data) ?? "Nothing" : [counts.votes > 0 ? many(counts.votes, "vote", "votes") : null, others > 0 ? many(others, "other matter", "other matters") : null].filter(Boolean).join(", "),
    },
    {
      id: "running", label: home.running, state: "running", value: count(counts.running), to: "/runs?view=table&f=status:running",
      detail: `${counts.oldest_running_utc === null ? "None" : `Oldest ${age(now.getTime() - Date.parse(counts.oldest_running_utc))}`}, ${counts.queued === 0 ? "queue empty" : `${count(counts.queued)} queued`}`,
    },
    { id: "failed", label: home.failed, state: "failed", value: count(counts.failed24h), detail: `${many(counts.completed24h, "run", "runs")} completed`, to: "/runs?view=table&f=status:failed" },
    first === undefined
      ? { id: "fire", label: home.nextFire, state: "queued", value: "none", detail: "No schedule fires", to: "/schedules" }
      : { id: "fire", label: home.nextFire, state: "queued", value: <>{near(first.at_utc, clock, now)} <small>{clock.name}</small></>, detail: `${first.workflow}, in ${age(Date.parse(first.at_utc) - now.getTime())}`, to: "/schedules" },
  ];
}

/** What waits for a vote by somebody else, as far as the board shows it; null where nothing does. */
function othersText({ strategies }: Overview): string | null {
  const n = strategies.filter((s) => s.stages.some((stage) => stage.is_others)).length;
  return n === 0 ? null : `${many(n, "vote", "votes")} by somebody else`;
}

function NoStrategies() {
  return (
    <section className="card">
      <EmptyState
        what={home.none}
        why={home.noneWhy}
        action={
          <Link className="btn p" to="/workflows?sel=lifecycle&do=trigger">
            {home.start}
          </Link>
        }
        cli={["./sigmatiq", "up"]}
      />
    </section>
  );
}

function BoardSkeleton() {
  return (
    <section className="card" aria-busy="true">
      <div className="ch">
        <Skeleton width={140} />
      </div>
      {Array.from({ length: 2 }, (_, i) => (
        <div key={i} className="board-sk">
          <Skeleton width={140} height={30} />
          {Array.from({ length: 8 }, (_, j) => (
            <Skeleton key={j} height={58} />
          ))}
        </div>
      ))}
    </section>
  );
}

function placeOfWait(item: WaitingItem): { to: string; verb: string } {
  switch (item.kind) {
    case "vote": return { to: `/dashboard/${item.subject}`, verb: "Review" };
    case "workflow": return { to: `/workflows?sel=${encodeURIComponent(item.subject)}`, verb: "Open" };
    default: return { to: `/runs/${item.subject}`, verb: "Open" };
  }
}

function Waits({ items, others, now }: { items: readonly WaitingItem[] | undefined; others: string | null; now: Date }) {
  const go = useNavigate();
  const [at, setAt] = useState(0);
  const here = Math.min(at, (items?.length ?? 1) - 1);
  useKeys(
    useMemo(
      () => ({
        j: () => setAt((i) => Math.min((items?.length ?? 1) - 1, i + 1)),
        k: () => setAt((i) => Math.max(0, i - 1)),
        Enter: (event: KeyboardEvent) => {
          if (event.target instanceof HTMLAnchorElement || event.target instanceof HTMLButtonElement) {
            event.target.click();
            return;
          }
          const item = items?.[here];
          if (item !== undefined) void go(placeOfWait(item).to);
        },
      }),
      [items, here, go],
    ),
    items !== undefined && items.length > 0,
  );
  return (
    <section className="card" id="waits" aria-labelledby="waits-h">
      <div className="ch">
        <h2 id="waits-h">{home.waits}</h2>
        <span className="s">{home.urgent}</span>
        <span className="sp" />
        {items !== undefined && items.length > 1 ? (
          <span className="sm mut hint">
            <kbd>J</kbd> <kbd>K</kbd> to move, <kbd>Enter</kbd> to open
          </span>
        ) : null}
      </div>
      {items === undefined ? <SkeletonRows rows={3} /> : items.length === 0 ? (
        <p className="none">
          {home.waitsNone}{" "}
          {others === null ? null : <Link className="link" to="/dashboard">{others}</Link>}
        </p>
      ) : (
        <ul>
          {items.map((item, i) => {
            const { to, verb } = placeOfWait(item);
            return (
              <li key={`${item.kind} ${item.subject}`} className={i === here ? "row wait on" : "row wait"}>
                <StateGlyph state={item.kind === "vote" ? "waiting" : item.kind === "workflow" ? "failed" : item.kind} />
                <span className="t">
                  <OtherText>{item.title}</OtherText>
                  <span className="s">
                    <OtherText most={140}>{item.detail}</OtherText>
                  </span>
                </span>
                <span className="sm mut" title={item.expires_utc === null ? undefined : "Until it expires, and counts as rejected"}>
                  {item.expires_utc !== null ? age(Date.parse(item.expires_utc) - now.getTime()) : item.since_utc === null ? "" : age(now.getTime() - Date.parse(item.since_utc))}
                </span>
                <Link className="btn s go" to={to} aria-label={`${verb}: ${item.title}`}>
                  {verb}
                </Link>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

function Moving({ running, failed, now }: { running: readonly RunLine[] | undefined; failed: readonly RunLine[] | undefined; now: Date }) {
  const lines = [...(running ?? []), ...(failed ?? [])].slice(0, 8);
  return (
    <section className="card" aria-labelledby="moving-h">
      <div className="ch">
        <h2 id="moving-h">{home.runningFailed}</h2>
        <span className="sp" />
        <Link className="sm link" to="/runs">
          {home.allRuns}
        </Link>
      </div>
      {running === undefined ? <SkeletonRows rows={3} /> : lines.length === 0 ? <p className="none">{home.runningNone}</p> : (
        <ul>
          {lines.map((run) => (
            <li key={run.id}>
              <Link className="row run" to={`/runs/${run.id}`}>
                <StateGlyph state={run.status} />
                <span className="t">
                  <OtherText className="mono">{run.ticker === null ? run.workflow : `${run.workflow}, ${run.ticker}`}</OtherText>
                  <span className="s">
                    <OtherText most={140}>{run.note ?? ""}</OtherText>
                  </span>
                </span>
                {run.status === "running" ? (
                  <span className="sm sub r">
                    {age(now.getTime() - Date.parse(run.requested_at_utc))}
                    <span className="pb" role="presentation">
                      <i style={{ width: `${Math.round(100 * (run.share ?? 0))}%` }} />
                    </span>
                  </span>
                ) : (
                  <span className="sm mut r">
                    <TimeText at={run.ended_at_utc ?? run.requested_at_utc} form="near" />
                  </span>
                )}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Fires({ items, now }: { items: readonly FireLine[] | undefined; now: Date }) {
  const view = useView();
  return (
    <section className="card" aria-labelledby="fires-h">
      <div className="ch">
        <h2 id="fires-h">{home.fires}</h2>
        <span className="s">shown in {view.clock().name}</span>
      </div>
      {items === undefined ? <SkeletonRows rows={3} /> : items.length === 0 ? (
        <p className="none">
          {home.firesNone} {home.firesWhy}
        </p>
      ) : (
        <ul>
          {items.map((fire) => (
            <li key={fire.workflow}>
              <Link className="row fire" to={`/workflows?sel=${encodeURIComponent(fire.workflow)}`}>
                <b>
                  <TimeText at={fire.at_utc} form="near" />
                </b>
                <span className="t">
                  <OtherText className="mono">{fire.workflow}</OtherText>
                  <span className="s">{inWords(fire.schedule)}</span>
                </span>
                <span className="sm mut">{age(Date.parse(fire.at_utc) - now.getTime())}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
