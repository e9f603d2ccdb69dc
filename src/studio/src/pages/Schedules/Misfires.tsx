import type { CalendarFire, ScheduleListed } from "../../api/client";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { TimeText } from "../../components/TimeText";
import { count, many } from "../../text/format";
import { fireHints, schedules as words } from "../../text/operate";
import { lookOfFire, wordOfFire } from "./week";

const SHOWN = 6;

/** Fires that came due and started nothing, one line for each workflow and cause. */
export function Misfires({ fires, schedules, loading }: { fires: readonly CalendarFire[]; schedules: readonly ScheduleListed[]; loading: boolean }) {
  const groups = new Map<string, CalendarFire[]>();
  for (const f of fires) {
    const key = `${f.workflow}\n${f.state}\n${f.reason ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), f]);
  }
  if (loading || groups.size === 0) return null;
  return (
    <section className="card" aria-labelledby="misfires-h">
      <div className="ch">
        <h2 id="misfires-h">{words.misfires}</h2>
        <span className="s">{many(fires.length, "fire", "fires")}</span>
      </div>
      <ul className="misfires">
        {[...groups.values()].map((g) => {
          const first = g[0]!;
          const look = lookOfFire(first);
          const zone = schedules.find((s) => s.workflow === first.workflow)?.zone ?? null;
          return (
            <li key={`${first.workflow} ${first.state} ${first.reason ?? ""}`}>
              <span className={`b ${look.tone}${look.dashed === true ? " dashed" : ""}`}>
                <Glyph name={look.glyph} />
                {g.length > 1 ? `${count(g.length)} × ` : ""}
                {wordOfFire(first)}
              </span>
              <OtherText className="mono" most={50}>
                {first.workflow}
              </OtherText>
              <span className="sub misfires-t">
                {g.slice(0, SHOWN).map((f, i) => (
                  <span key={f.fire_utc}>
                    {i > 0 ? ", " : ""}
                    <TimeText at={f.fire_utc} exchange={zone} />
                  </span>
                ))}
                {g.length > SHOWN ? ` and ${count(g.length - SHOWN)} more` : ""}
              </span>
              <span className="sm sub misfires-w">
                <OtherText most={160}>{first.reason ?? fireHints[first.state] ?? ""}</OtherText>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
