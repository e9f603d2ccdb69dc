import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { ReviewListed } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { SkeletonRows } from "../../components/Skeleton";
import { StateBadge, StateGlyph } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { age, many, ratio, ratioInterval, returnPercent } from "../../text/format";
import { nav, review as words } from "../../text/strings";
import { useNow } from "../../theme/View";
import { reviewsQuery } from "./queries";
import "./style.css";

const crumbs = [{ label: nav.review }];

/** The inbox: what waits, by expiry; decided below. */
export function ReviewPage() {
  const { data, error, refetch } = useQuery(reviewsQuery);
  const now = useNow(10_000);
  const go = useNavigate();
  const [at, setAt] = useState(0);
  usePage(nav.review, crumbs);
  const waits = useMemo(() => data?.filter((r) => r.status === "pending_approval") ?? [], [data]);
  const decided = useMemo(() => data?.filter((r) => r.status !== "pending_approval") ?? [], [data]);
  const all = [...waits, ...decided];
  const here = Math.min(at, Math.max(0, all.length - 1));
  useKeys({
    j: () => setAt(Math.min(all.length - 1, here + 1)),
    k: () => setAt(Math.max(0, here - 1)),
    Enter: (event) => {
      if (event.target instanceof HTMLAnchorElement || event.target instanceof HTMLButtonElement) event.target.click();
      else if (all[here] !== undefined) void go(`/dashboard/${all[here].id}`);
    },
  });

  return (
    <div className="pg inbox">
      <div className="hd">
        <h1>{nav.review}</h1>
        {data === undefined ? null : <span className="sub">{waits.length === 0 ? words.none : `${many(waits.length, "request waits", "requests wait")} for a vote`}</span>}
        <span className="sp" />
        <CopyAsCli command={["./sigmatiq", "approvals", "list"]} />
      </div>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unread} /> : null}
      <section className="card" aria-labelledby="waits-h">
        <div className="ch">
          <h2 id="waits-h">{words.waits}</h2>
          <span className="s">{words.byExpiry}</span>
          <span className="sp" />
          {all.length > 1 ? (
            <span className="sm mut hint">
              <kbd>J</kbd> <kbd>K</kbd> to move, <kbd>Enter</kbd> to open
            </span>
          ) : null}
        </div>
        {data === undefined && error === null ? <SkeletonRows rows={3} height={58} /> : null}
        {data !== undefined && waits.length === 0 ? (
          <EmptyState
            what={decided.length === 0 ? words.noneEver : words.none} why={decided.length === 0 ? words.noneEverWhy : words.noneWhy} level={3}
            action={
              <Link className="btn" to="/workflows?sel=lifecycle&do=trigger">
                Start a lifecycle…
              </Link>
            }
            cli={["./sigmatiq", "lifecycle", "run", "--ticker", "MKT.SYN"]}
          />
        ) : null}
        <ul>
          {waits.map((r, i) => (
            <Row key={r.id} request={r} now={now} on={i === here} />
          ))}
        </ul>
      </section>
      {decided.length === 0 ? null : (
        <section className="card" aria-labelledby="decided-h">
          <div className="ch">
            <h2 id="decided-h">{words.decided}</h2>
            <span className="s">{words.newest}</span>
          </div>
          <ul>
            {decided.map((r, i) => (
              <Row key={r.id} request={r} now={now} on={i + waits.length === here} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Row({ request: r, now, on }: { request: ReviewListed; now: Date; on: boolean }) {
  const waits = r.status === "pending_approval";
  return (
    <li>
      <Link className={on ? "ask on" : "ask"} to={`/dashboard/${r.id}`}>
        <StateGlyph state={r.difference !== null ? "failed" : r.status} size={14} />
        <span className="ask-t">
          <OtherText className="ask-n">{r.strategy_name}</OtherText>
          <span className="ask-s">
            {r.difference !== null ? (
              <span className="t-bad">The evidence has changed, nobody can vote: {r.difference}</span>
            ) : waits ? (
              <>
                {r.gates_passed} of {r.gates} gates pass, asks for {r.target}, by <OtherText most={40}>{r.requested_by}</OtherText>
                {r.barrier === null ? "" : ", you have no vote"}
              </>
            ) : (
              <>
                <OtherText most={40}>{r.decided_by ?? ""}</OtherText>
                {r.reason === null ? null : (
                  <>
                    : <OtherText most={120}>{r.reason}</OtherText>
                  </>
                )}
              </>
            )}
          </span>
        </span>
        <span className="ask-f">
          <b>{returnPercent(r.return)}</b>
          <span className="mut">
            Sharpe {ratio(r.sharpe)}
            {r.sharpe_low === null ? "" : `, ${ratioInterval(r.sharpe_low, r.sharpe_high)}`}
          </span>
        </span>
        <span className="ask-v">
          {r.self_approved ? (
            <span className="b bad">
              <Glyph name="cross" />
              self approved
            </span>
          ) : null}
          {r.gate_failed ? (
            <span className="b bad">
              <Glyph name="cross" />
              gate failed
            </span>
          ) : null}
          <StateBadge state={waits ? r.recommendation : r.status} label={waits ? `Vote 1: ${r.recommendation}` : undefined} />
        </span>
        <span className="ask-w">
          {waits ? (
            <>
              <b>{age(Date.parse(r.expires_utc) - now.getTime())} left</b>
              <span className="mut">
                <TimeText at={r.expires_utc} />
              </span>
            </>
          ) : (
            <span className="mut">
              <TimeText at={r.decided_utc} />
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}
