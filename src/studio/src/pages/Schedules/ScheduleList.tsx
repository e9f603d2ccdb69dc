import { Link } from "react-router";
import type { ScheduleListed } from "../../api/client";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { inWords } from "../../text/cron";
import { catchUps, schedules as words } from "../../text/operate";

interface Props {
  schedules: readonly ScheduleListed[];
  selected: string | null;
  barred: { operate: string | null; run: string | null; plan: string | null };
  onSelect(workflow: string): void;
  onAct(workflow: string, what: string): void;
}

export function ScheduleList({ schedules, selected, barred, onSelect, onAct }: Props) {
  return (
    <div className="scroll-x">
      <table className="table schedule-list">
        <thead>
          <tr>
            <th scope="col">{words.workflow}</th>
            <th scope="col">Schedule</th>
            <th scope="col">{words.next}</th>
            <th scope="col">
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {schedules.map((s) => {
            const later = !s.can_pause && s.problems.length === 0 ? (s.paused ?? "") : null;
            const broken = s.problems[0];
            const whyNot = broken?.message ?? later;
            const barredBy = (right: keyof Props["barred"]): string | undefined => barred[right] ?? whyNot ?? undefined;
            return (
              <tr key={s.workflow} id={`s-${s.workflow}`} className={s.workflow === selected ? "sel" : undefined} onClick={(e) => { if (!(e.target instanceof HTMLElement && e.target.closest("a,button") !== null)) onSelect(s.workflow); }}>
                <td data-l="name">
                  <OtherText className="mono name">{s.workflow}</OtherText> <span className="sm mut">{s.version}</span>
                  <div className="sm sub one">
                    <OtherText most={120}>{s.workflow_summary ?? ""}</OtherText>
                  </div>
                </td>
                <td data-l="schedule">
                  {broken === undefined ? (
                    <>
                      <span title={`${s.schedule ?? ""}, ${s.zone ?? ""}`}>{inWords(s.schedule ?? "")}</span>
                      <div className="sm sub">
                        {[s.zone, s.calendar, s.catch_up === null ? null : `missed fires: ${catchUps[s.catch_up] ?? s.catch_up}`].filter((t) => t !== null).join(", ")}
                      </div>
                    </>
                  ) : (
                    <div className="wk-fault" role="note">
                      <span className="t-bad">
                        <OtherText most={200}>{broken.message}</OtherText>
                      </span>
                      <span className="sm sub">
                        <code>{broken.code}</code> <span title={broken.where ?? undefined}><OtherText most={120}>{broken.where?.split("/").at(-1) ?? ""}</OtherText></span> <OtherText most={160}>{broken.remedy ?? ""}</OtherText>
                      </span>
                    </div>
                  )}
                  {s.paused === null || broken !== undefined ? null : (
                    <div className="sm paused-by">
                      <StateBadge state="paused" label={s.can_pause ? undefined : words.held} plain />{" "}
                      {/arrives? with a later release/.test(s.paused) ? (
                        <span className="sub" title={s.paused}>
                          {words.later}
                        </span>
                      ) : (
                        <OtherText most={60} className="sub">
                          {s.paused}
                        </OtherText>
                      )}
                      {s.paused_by === null ? null : (
                        <span className="mut">
                          {" "}
                          by <OtherText>{s.paused_by}</OtherText>, <TimeText at={s.paused_at_utc} />
                        </span>
                      )}
                    </div>
                  )}
                </td>
                <td data-l="next">
                  {s.next_fires.length === 0 ? (
                    <span className="mut">{words.noFire}</span>
                  ) : (
                    <ol className={s.paused === null ? "wk-next" : "wk-next mut"}>
                      {s.next_fires.map((at) => (
                        <li key={at}>
                          <TimeText at={at} exchange={s.zone} />
                        </li>
                      ))}
                    </ol>
                  )}
                </td>
                <td data-l="do">
                  <span className="op-acts">
                    {s.can_pause && broken === undefined ? (
                      <button type="button" className="btn s" disabled={barred.operate !== null} title={barred.operate ?? undefined} onClick={() => onAct(s.workflow, s.paused === null ? "pause" : "unpause")} aria-label={`${s.paused === null ? words.pause : words.resume} ${s.workflow}`}>
                        <Icon name={s.paused === null ? "pause" : "play"} size={14} />
                        {s.paused === null ? words.pause : words.resume}
                      </button>
                    ) : null}
                    {barredBy("plan") === undefined ? (
                      <Link className="btn s" to={`/schedules/${encodeURIComponent(s.workflow)}/backfill`} aria-label={`${words.backfill} ${s.workflow}`}>
                        {words.backfill}
                      </Link>
                    ) : (
                      <button type="button" className="btn s" disabled title={barredBy("plan")} aria-label={`${words.backfill} ${s.workflow}`}>
                        {words.backfill}
                      </button>
                    )}
                    <button type="button" className="btn s" disabled={barredBy("run") !== undefined} title={barredBy("run")} onClick={() => onAct(s.workflow, "trigger")} aria-label={`${words.trigger} ${s.workflow}`}>
                      {words.trigger}
                    </button>
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
