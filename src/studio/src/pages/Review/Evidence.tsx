import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useNavigate, useParams } from "react-router";
import type { ReviewShown } from "../../api/client";
import { CopyAsCli } from "../../components/CopyAsCli";
import { ErrorPanel } from "../../components/ErrorPanel";
import { EvidenceCard } from "../../components/EvidenceCard";
import { GateHead, GateRow } from "../../components/GateRow";
import { Glyph, Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { Skeleton, SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useKeys } from "../../components/Shell/keys";
import { usePage, useSynthetic } from "../../components/Shell/page";
import { Confirm, VoteBar } from "../../components/VotePanel";
import { useVoting } from "../../components/VotePanel/useVoting";
import { age, drawdown, many, pValue, rate, ratio, ratioInterval, returnPercent } from "../../text/format";
import { nav, review as words } from "../../text/strings";
import { day, dayIn, days } from "../../text/time";
import { useNow, useView } from "../../theme/View";
import { Changes } from "./Changes";
import { EquityCard } from "./EquityCard";
import { beside, cautionsOf, isCaution, verdicts } from "../../evidence/facts";
import { MonthsCard } from "./MonthsCard";
import { useNarrow } from "./narrow";
import { reviewQuery, reviewsQuery } from "./queries";
import { Rail } from "./Rail";
import { TradesCard } from "./TradesCard";
import "./review.css";

const SECTIONS = ["verdict", "figures", "gates", "luck", "equity", "changes", "trades", "months"];

export function EvidencePage() {
  const id = useParams()["approval"]!;
  const { data, error, refetch } = useQuery(reviewQuery(id));
  const list = useQuery(reviewsQuery).data;
  const name = data?.head.strategy_name ?? id;
  const crumbs = useMemo(() => [{ label: nav.review, to: "/dashboard" }, { label: name }], [name]);
  const at = list?.findIndex((r) => r.id === id) ?? -1;
  const status = data?.head.status;
  const state = useMemo(
    () => (
      <>
        {status === undefined ? null : (
          <span className="rv-state">
            <StateBadge state={status} label={status === "pending_approval" ? "Waiting for vote 2" : undefined} />
          </span>
        )}
        {list === undefined || at < 0 || list.length < 2 ? null : (
          <span className="rv-at sm mut">
            {at + 1} {words.position} {list.length} <kbd>J</kbd> <kbd>K</kbd>
          </span>
        )}
      </>
    ),
    [status, list, at],
  );
  usePage(`${nav.review}, ${name}`, crumbs, state);
  useSynthetic(data?.is_synthetic);
  if (data !== undefined) return <Shown key={id} review={data} />;
  if (error !== null) {
    return (
      <div className="pg">
        <div className="hd">
          <h1>{nav.review}</h1>
        </div>
        <section className="card">
          <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unreadOne} />
        </section>
      </div>
    );
  }
  return <Loading />;
}

// The rail first, so that identity precedes numbers.
function Loading() {
  return (
    <div className="rv" aria-busy="true">
      <aside className="rv-rail">
        <section className="card">
          <div className="ch">
            <Skeleton width={120} />
          </div>
          <SkeletonRows rows={7} height={24} />
        </section>
      </aside>
      <div className="rv-main">
        <Skeleton width={320} height={24} />
        <Skeleton height={62} />
        <Skeleton height={112} />
        <Skeleton height={330} />
      </div>
    </div>
  );
}

function Shown({ review }: { review: ReviewShown }) {
  const { head, figures } = review;
  const now = useNow(10_000);
  const { zone } = useView().clock();
  const go = useNavigate();
  const voting = useVoting(review);
  const list = useQuery(reviewsQuery).data;
  const phone = useNarrow();
  const waits = head.status === "pending_approval";
  const move = (step: 1 | -1) => (): void => {
    const to = list === undefined ? null : beside(list, head.id, step);
    if (to !== null) void go(`/dashboard/${to}`);
  };
  const ask = (choice: "approve" | "reject") => (): void => {
    if (waits && voting.barrier === null && (phone || voting.lacks(choice).length === 0)) voting.ask(choice);
    else document.querySelector<HTMLTextAreaElement>(".ballot textarea")?.focus();
  };
  useKeys({
    j: move(1),
    k: move(-1),
    "Shift A": ask("approve"),
    "Shift R": ask("reject"),
    e: () => document.querySelector<HTMLAnchorElement>("a[data-evidence]")?.click(),
    Escape: () => void go("/dashboard"),
    ...Object.fromEntries(SECTIONS.map((section, i) => [String(i + 1), () => toSection(section)])),
  });

  const numbered = number(review);
  const held = figures === null || figures.start === null || figures.end === null ? null : days(figures.start, figures.end);
  return (
    <>
      <div className="rv">
        <div className="rv-main">
          <header className="rv-hd">
            <div className="rv-hd-t">
              <h1>
                <OtherText most={120}>{head.strategy_name}</OtherText>
              </h1>
              <p className="sub">
                {review.combo_id === null ? "Asks" : `Combo ${review.combo_id} asks`} to run on <b>{head.target}</b>.{" "}
                {waits ? (
                  <>
                    Waiting for {age(now.getTime() - Date.parse(head.created_utc))}, expires <TimeText at={head.expires_utc} />, which rejects.
                  </>
                ) : (
                  <>
                    Asked <TimeText at={head.created_utc} />.
                  </>
                )}
              </p>
            </div>
            <span className="sp" />
            <div className="rv-tools">
              <Link className="btn s" to={`/runs/${review.run_id}`}>
                <Icon name="link" size={14} />
                {words.run}
              </Link>
              <CopyAsCli command={["./sigmatiq", "approvals", "show", head.id]} />
              <a className="btn s" href={`/api/approvals/${head.id}/evidence/evidence.json`} download={`evidence-${head.id}.json`} data-evidence>
                <Icon name="download" size={14} />
                {words.evidence}
              </a>
            </div>
          </header>
          <Warnings review={review} />
          <nav className="verdict" id="verdict" aria-label="Verdict">
            {verdicts(review, (iso) => day(dayIn(iso, zone))).map((v) => (
              <a
                key={v.id} href={`#${v.id}`}
                onClick={(e) => {
                  e.preventDefault();
                  toSection(v.id);
                }}
              >
                <span className={v.tone === "acc" ? "g t-acc" : `g t-${v.tone}`}>{v.id === "changes" ? <Icon name="diff" size={15} /> : <Glyph name={v.tone === "ok" ? "tick" : v.tone === "bad" ? "cross" : "triangle"} size={14} />}</span>
                <span>
                  <b>{v.title}</b>
                  <span className="sub">{v.detail}</span>
                </span>
              </a>
            ))}
          </nav>
          {figures === null ? null : (
            <section className="kpis" id="figures" aria-label={words.holdout}>
              <p className="kh">
                <b>{words.holdout}</b>
                {held === null ? "" : `, ${held}`}, {words.neverUsed}
              </p>
              <Kpi label="Return" value={returnPercent(figures.return)} detail={`selection ${returnPercent(figures.selection_return)}`} />
              <Kpi label="Sharpe" value={ratio(figures.sharpe)} detail={figures.sharpe_low === null ? "no interval" : ratioInterval(figures.sharpe_low, figures.sharpe_high)} />
              <Kpi label="Win rate" value={rate(figures.win_rate)} detail={figures.trades === null ? "" : figures.wins === null ? many(figures.trades, "trade", "trades") : `${figures.wins} of ${many(figures.trades, "trade", "trades")}`} />
              <Kpi label="Max drawdown" value={drawdown(figures.max_drawdown)} detail={figures.hold_drawdown === null ? "" : `buy and hold ${rate(figures.hold_drawdown)}`} />
              <Kpi
                label="p-value" value={pValue(figures.p_value)}
                detail={
                  figures.p_value === null ? "too few trades" : figures.p_value < figures.p_wanted ? (
                    <span className="kpi-d t-ok">
                      <Glyph name="tick" size={11} />
                      below {figures.p_wanted}
                    </span>
                  ) : (
                    <span className="kpi-d t-bad">
                      <Glyph name="cross" size={11} />
                      not below {figures.p_wanted}
                    </span>
                  )
                }
              />
            </section>
          )}
          <div className="two">
            <section className="card" id="gates" aria-labelledby="gates-h">
              <div className="ch">
                <h2 id="gates-h">{words.gates}</h2>
                <span className="s">{words.gatesNote}</span>
                <span className="sp" />
                <span className={head.gates_passed === head.gates ? "b ok" : "b warn"}>
                  <Glyph name={head.gates_passed === head.gates ? "tick" : "triangle"} />
                  {head.gates_passed} of {head.gates} pass
                </span>
              </div>
              <div role="table" aria-labelledby="gates-h">
                <GateHead />
                {review.gates.map((gate) => (
                  <GateRow key={gate.name} gate={gate} />
                ))}
              </div>
            </section>
            <section className="card" id="luck" aria-labelledby="luck-h">
              <div className="ch">
                <h2 id="luck-h">{words.luck}</h2>
                <span className="s">{words.luckNote}</span>
                <span className="sp" />
                <span className={cautionsOf(review) === 0 ? "b ok" : "b warn"}>
                  <Glyph name={cautionsOf(review) === 0 ? "tick" : "triangle"} />
                  {many(cautionsOf(review), "caution", "cautions")}
                </span>
              </div>
              {review.luck.map((card) => (
                <EvidenceCard key={card.id} card={card} number={numbered.get(card.id) ?? null} />
              ))}
              {review.cautions.map((caution, i) => (
                <p key={i} className="further">
                  <span className="t-warn">
                    <Glyph name="triangle" />
                    <span className="sr">Caution {numbered.size + i + 1}: </span>
                  </span>
                  <span>
                    <OtherText most={400}>{caution}</OtherText>
                  </span>
                  <span className="luck-n" aria-hidden="true">
                    {numbered.size + i + 1}
                  </span>
                </p>
              ))}
            </section>
          </div>
          <EquityCard id={head.id} />
          <Changes id={head.id} changes={review.changes} />
          <TradesCard review={review} />
          <MonthsCard months={review.months} window="holdout" />
        </div>
        <Rail review={review} voting={voting} />
        {waits ? <VoteBar review={review} voting={voting} /> : null}
      </div>
      <Confirm review={review} voting={voting} sheet={phone} />
    </>
  );
}

function Kpi({ label, value, detail }: { label: string; value: string; detail: React.ReactNode }) {
  return (
    <div className="kpi5">
      <span className="l">{label}</span>
      <span className="v">{value}</span>
      <span className="c">{detail}</span>
    </div>
  );
}

// What caps an approval whatever the vote says stands above everything.
function Warnings({ review }: { review: ReviewShown }) {
  const lines = [
    ...(review.head.difference === null ? [] : [`The evidence in the store is not what was asked with: ${review.head.difference}. Nobody can vote.`]),
    ...(review.missing.length === 0 ? [] : [`${review.missing.join(", ")} cannot be read, so what rests on it is not shown and voting is off.`]),
    ...(review.head.self_approved ? ["Self approved: not enough for live trading."] : []),
    ...(review.head.gate_failed ? ["Gate failed: an approval leads to paper only."] : []),
    ...(review.flags.some((f) => f.includes("contaminated")) ? ["Validation contaminated: the hold-out was seen before."] : []),
  ];
  return lines.length === 0 ? null : (
    <ul className="capped">
      {lines.map((line) => (
        <li key={line}>
          <Glyph name="cross" size={13} />
          <span>{line}</span>
        </li>
      ))}
    </ul>
  );
}

function number(review: ReviewShown): Map<string, number> {
  return new Map(review.luck.filter(isCaution).map((card, i) => [card.id, i + 1]));
}

function toSection(id: string): void {
  const found = document.getElementById(id);
  if (found === null) return;
  found.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}
