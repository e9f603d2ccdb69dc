import type { ReviewChanges } from "../../api/client";
import { EmptyState } from "../../components/EmptyState";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { TimeText } from "../../components/TimeText";
import { review as words } from "../../text/strings";

/** Settings with old, new and effect, those that change the risk first. */
export function Changes({ changes }: { changes: ReviewChanges | null }) {
  return (
    <section className="card" id="changes" aria-labelledby="changes-h">
      <div className="ch">
        <h2 id="changes-h">{words.changes}</h2>
        {changes === null ? null : (
          <span className="s">
            approved <TimeText at={changes.approved_utc} /> by <OtherText most={40}>{changes.approved_by ?? ""}</OtherText>
          </span>
        )}
      </div>
      {changes === null ? <EmptyState what={words.first} why={words.firstWhy} level={3} /> : changes.settings.length === 0 ? <EmptyState what={words.same_as} why={words.sameWhy} level={3} /> : (
        <div className="scroll-x" tabIndex={0} role="region" aria-labelledby="changes-h">
          <table className="table diff">
            <thead>
              <tr>
                <th scope="col">{words.setting}</th>
                <th scope="col" className="r">{words.before}</th>
                <th scope="col" className="r">{words.now}</th>
                <th scope="col">{words.does}</th>
              </tr>
            </thead>
            <tbody>
              {changes.settings.map((change) => (
                <tr key={change.setting}>
                  <th scope="row">{change.setting}</th>
                  <td className="r o">{change.before === null ? "" : <OtherText>{change.before}</OtherText>}</td>
                  <td className="r n">{change.now === null ? "" : <OtherText>{change.now}</OtherText>}</td>
                  <td className="w">
                    {change.risk === "higher" ? (
                      <span className="t-warn diff-r">
                        <Glyph name="triangle" size={11} /> more risk{" "}
                      </span>
                    ) : null}
                    {change.effect}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
