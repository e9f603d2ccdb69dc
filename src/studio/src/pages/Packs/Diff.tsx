import { useQuery } from "@tanstack/react-query";
import { ErrorPanel } from "../../components/ErrorPanel";
import { OtherText } from "../../components/OtherText";
import { SkeletonRows } from "../../components/Skeleton";
import { many } from "../../text/format";
import { packs as words } from "../../text/packs";
import { changeOf } from "./model";
import { diffQuery } from "./queries";

/** What differs between two versions, value by value. */
export function PackDiff({ before, after, onClose }: { before: string; after: string; onClose(): void }) {
  const { data, error, refetch } = useQuery(diffQuery(before, after));
  return (
    <section className="card" id="diff" aria-labelledby="diff-h">
      <div className="ch">
        <h2 id="diff-h">
          From {before} to {after}
        </h2>
        {data === undefined ? null : <span className="s">{data.equal ? words.same : many(data.changes.length, "value differs", "values differ")}</span>}
        <span className="sp" />
        <button type="button" className="btn s" onClick={onClose}>
          {words.closeDiff}
        </button>
      </div>
      {error !== null && data === undefined ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : null}
      {data === undefined && error === null ? <SkeletonRows rows={3} height={36} /> : null}
      {data === undefined || data.equal ? null : (
        <div className="scroll-x" tabIndex={0} role="region" aria-labelledby="diff-h">
          <table className="table dense difft">
            <thead>
              <tr>
                <th scope="col">
                  <span className="sr">Change</span>
                </th>
                <th scope="col">File</th>
                <th scope="col">Path</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {data.changes.map((c) => {
                const { sign, word } = changeOf(c);
                return (
                  <tr key={`${c.file} ${c.path}`}>
                    <td className={`mono sign s-${word}`}>
                      <span aria-hidden="true">{sign}</span>
                      <span className="sr">{word}</span>
                    </td>
                    <td className="mono sub">{c.file}</td>
                    <td className="mono">
                      <OtherText most={90}>{c.path}</OtherText>
                    </td>
                    <td className="was">{c.before === null ? "" : <OtherText most={120}>{c.before}</OtherText>}</td>
                    <td className="b550">{c.after === null ? "" : <OtherText most={120}>{c.after}</OtherText>}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
