import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import type { CalendarFire, ScheduleListed } from "../../api/client";
import { useBarrier } from "../../api/rights";
import { CopyAsCli } from "../../components/CopyAsCli";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { Segmented } from "../../components/Segmented";
import { useAddress } from "../../components/Shell/address";
import { Skeleton, SkeletonRows } from "../../components/Skeleton";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { count } from "../../text/format";
import { firesByItself, schedules as words } from "../../text/operate";
import { nav } from "../../text/strings";
import { dayIn, days as daysText } from "../../text/time";
import { useView } from "../../theme/View";
import { useNarrow } from "../Review/narrow";
import { Pause, Trigger } from "../Workflows/Decisions";
import { workflowsQuery } from "../Workflows/queries";
import { Agenda, Week } from "./Week";
import { ScheduleList } from "./ScheduleList";
import { Misfires } from "./Misfires";
import { calendarQuery, schedulesQuery } from "./queries";
import { cameToNothing, isDay, kindOf, mondayOf, moved, rowsOf, shownOf, type Show } from "./week";
import "./style.css";

const crumbs = [{ label: nav.schedules }];
const shows: readonly { value: Show; label: string }[] = [{ value: "all", label: words.all }, { value: "firing", label: words.firing }, { value: "held", label: words.held }, { value: "faulty", label: words.faulty }];
const nothing: ScheduleListed[] = [];

export function SchedulesPage() {
  const [search, setSearch] = useAddress();
  const view = useView();
  const go = useNavigate();
  const narrow = useNarrow();
  const list = useQuery(schedulesQuery);
  const workflows = useQuery(workflowsQuery);
  const operate = useBarrier("operate");
  const run = useBarrier("run");
  const plan = useBarrier("plan");
  usePage(nav.schedules, crumbs);

  const today = dayIn(new Date().toISOString(), view.clock().zone);
  const asked = search.get("week");
  const monday = mondayOf(isDay(asked) ? asked : today);
  const calendar = useQuery(calendarQuery(monday));
  const f = search.get("f")?.replace(/^state:/, "");
  const show: Show = f === "firing" || f === "held" || f === "faulty" ? f : "all";
  const all = list.data ?? nothing;
  const shown = useMemo(() => shownOf(all, show), [all, show]);
  const selected = search.get("sel");
  const action = search.get("do");
  const zone = view.zone;
  const rows = useMemo(
    () => (calendar.data === undefined ? null : rowsOf(calendar.data, shown, monday, (iso, of) => dayIn(iso, view.clock(of).zone))),
    // The clock of each row follows the choice of zone.
    [calendar.data, shown, monday, zone, view.exchange],
  );
  const misfires = useMemo<readonly CalendarFire[]>(() => (rows ?? []).flatMap((r) => r.cells.flatMap((c) => c.fires.filter(cameToNothing))), [rows]);

  const change = (values: Record<string, string | null>, replace = false): void =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      for (const [name, value] of Object.entries(values)) {
        if (value === null) next.delete(name);
        else next.set(name, value);
      }
      return next;
    }, { replace });
  const turn = (to: string): void => change({ week: to === mondayOf(today) ? null : to });
  const act = (workflow: string, what: string | null): void => change({ sel: workflow, do: what }, true);

  const at = shown.findIndex((s) => s.workflow === selected);
  const chosen = shown[at];
  const step = (by: number): void => {
    const next = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
    if (next === undefined) return;
    act(next.workflow, null);
    document.getElementById(`s-${next.workflow}`)?.scrollIntoView({ block: "nearest" });
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    t: () => chosen !== undefined && run === null && canRun(chosen) && act(chosen.workflow, "trigger"),
    p: () => chosen !== undefined && operate === null && chosen.can_pause && act(chosen.workflow, chosen.paused === null ? "pause" : "unpause"),
    b: () => chosen !== undefined && plan === null && canRun(chosen) && void go(`/schedules/${encodeURIComponent(chosen.workflow)}/backfill`),
    ArrowLeft: () => turn(moved(monday, -7)),
    ArrowRight: () => turn(moved(monday, 7)),
  });

  const dialog = workflows.data?.find((w) => w.id === chosen?.workflow && w.version === chosen.version);
  const close = (): void => change({ do: null }, true);
  return (
    <div className="pg schedules">
      <div className="hd">
        <h1>{nav.schedules}</h1>
        <span className="sub" aria-live="polite">
          {list.data === undefined ? "" : summary(list.data)}
        </span>
        <span className="sp" />
        <CopyAsCli command={chosen === undefined ? ["./sigmatiq", "workflows", "list"] : ["./sigmatiq", "workflows", "next", chosen.workflow, "--from", monday, "--to", moved(monday, 6)]} />
      </div>
      {list.error !== null && list.data === undefined ? (
        <section className="card">
          <ErrorPanel error={list.error} onRetry={() => void list.refetch()} what={words.unread} />
        </section>
      ) : list.data?.length === 0 ? (
        <section className="card">
          <EmptyState what={words.none} why={words.noneWhy} cli={["./sigmatiq", "workflows", "list"]} />
        </section>
      ) : (
        <>
          <section className="card" aria-labelledby="week-h">
            <div className="ch">
              <h2 id="week-h">{daysText(monday, moved(monday, 6))}</h2>
              <span className="s">{view.zone === "exchange" ? words.clockNote : view.clock().name}</span>
              <span className="sp" />
              <Segmented label="Schedules" value={show} options={shows} onChange={(to) => change({ f: to === "all" ? null : `state:${to}` })} />
              <span className="seg">
                <button type="button" aria-label={words.before} onClick={() => turn(moved(monday, -7))}>
                  <Icon name="back" size={14} />
                </button>
                <button type="button" onClick={() => turn(mondayOf(today))}>
                  {words.thisWeek}
                </button>
                <button type="button" aria-label={words.after} onClick={() => turn(moved(monday, 7))}>
                  <Icon name="next" size={14} />
                </button>
              </span>
            </div>
            {calendar.error !== null && calendar.data === undefined ? (
              <ErrorPanel error={calendar.error} onRetry={() => void calendar.refetch()} what={words.unreadWeek} />
            ) : rows === null || list.data === undefined ? (
              <SkeletonRows rows={8} height={47} />
            ) : rows.length === 0 ? (
              <EmptyState what={words.filtered} why="The filter leaves nothing over." action={<button type="button" className="btn" onClick={() => change({ f: null })}>Clear the filter</button>} />
            ) : narrow ? (
              <Agenda rows={rows} today={today} />
            ) : (
              <Week rows={rows} monday={monday} today={today} selected={selected} onSelect={(w) => act(w, null)} />
            )}
            {calendar.data === undefined || Object.keys(calendar.data.left_out).length === 0 ? null : (
              <p className="op-note sm mut">
                {Object.entries(calendar.data.left_out).map(([w, n]) => `${w}: ${count(n)} ${words.leftOut}`).join("; ")}
              </p>
            )}
          </section>
          <Misfires fires={misfires} schedules={all} loading={rows === null} />
          <section className="card" aria-labelledby="list-h">
            <div className="ch">
              <h2 id="list-h">{words.list}</h2>
              <span className="sp" />
              <span className="s keys-note">
                <kbd>J</kbd> <kbd>K</kbd> move, <kbd>T</kbd> trigger, <kbd>P</kbd> pause, <kbd>B</kbd> backfill
              </span>
            </div>
            {list.data === undefined ? (
              <Skeleton height={200} />
            ) : (
              <ScheduleList schedules={shown} selected={selected} barred={{ operate, run, plan }} onSelect={(w) => act(w, null)} onAct={act} />
            )}
          </section>
        </>
      )}
      {dialog !== undefined && chosen !== undefined && action === "trigger" && canRun(chosen) ? <Trigger workflow={dialog} onClose={close} /> : null}
      {dialog !== undefined && chosen?.can_pause === true && (action === "pause" || action === "unpause") ? <Pause workflow={dialog} pause={action === "pause"} onClose={close} /> : null}
    </div>
  );
}

/** Whether its runs can begin at all: its file is well and its steps are built. */
function canRun(s: ScheduleListed): boolean {
  return s.problems.length === 0 && s.can_pause;
}

function summary(all: readonly ScheduleListed[]): string {
  const n = (kind: Show): number => all.filter((s) => kindOf(s) === kind).length;
  const faulty = n("faulty");
  return [firesByItself(n("firing")), `${count(n("held"))} held`, ...(faulty > 0 ? [`${count(faulty)} with a fault`] : [])].join(", ");
}
