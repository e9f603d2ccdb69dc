import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import type { ReviewChanges } from "../../api/client";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Glyph } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { SkeletonRows } from "../../components/Skeleton";
import { TimeText } from "../../components/TimeText";
import { review as words } from "../../text/strings";
import { textsQuery } from "./queries";

const Texts = lazy(() => import("./Texts").then((m) => ({ default: m.Texts })));

/** Settings with old, new and effect, those that change the risk first; then the texts line by line. */
export function Changes({ id, changes }: { id: string; changes: ReviewChanges | null }) {
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
      {changes === null ? null : <Compared id={id} />}
    </section>
  );
}

function Compared({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(textsQuery(id));
  return (
    <div className="texts-box">
      <h3>{words.texts}</h3>
      {error !== null ? <ErrorPanel error={error} what={words.textsUnread} onRetry={() => void refetch()} /> : data === undefined ? <SkeletonRows rows={3} height={30} /> : (
        <Suspense fallback={<SkeletonRows rows={3} height={30} />}>
          <Texts texts={data.texts} />
        </Suspense>
      )}
    </div>
  );
}
