import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { pruneBars } from "../../api/client";
import { useBarrier } from "../../api/rights";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { PreviewDialog } from "../../components/PreviewDialog";
import { useToast } from "../../components/Toasts";
import { bytes, many } from "../../text/format";
import { data as words } from "../../text/operate";
import { pruneQuery } from "./queries";

/** Bars that nothing names: looked for when asked, and let go exactly as shown. */
export function Prune() {
  const { data, error, refetch, isFetching } = useQuery(pruneQuery);
  const [open, setOpen] = useState(false);
  const barred = useBarrier("operate");
  const queries = useQueryClient();
  const toast = useToast();
  const size = data === undefined ? "" : `${many(data.snapshots.length, "snapshot", "snapshots")}, ${many(data.files, "file", "files")}, ${bytes(data.bytes)}`;
  return (
    <section className="card" aria-labelledby="prune-h">
      <div className="ch">
        <h2 id="prune-h">{words.prune}</h2>
        <span className="sp" />
        <button type="button" className="btn s" disabled={isFetching} onClick={() => void refetch()}>
          {words.pruneLook}
        </button>
      </div>
      {error !== null && !isFetching ? (
        <ErrorPanel error={error} what={words.pruneUnread} />
      ) : data === undefined ? (
        <p className="op-note sub">Bars that no sweep, training, model or run names may go. Looking changes nothing.</p>
      ) : data.snapshots.length === 0 && data.files === 0 ? (
        <p className="op-note sub">
          {words.pruneNone} {many(data.kept, "snapshot stays", "snapshots stay")}.
        </p>
      ) : (
        <>
          <EmptyState
            level={3} what={size} why={`${many(data.kept, "snapshot stays", "snapshots stay")}. Nothing has gone yet.`} cli={["./sigmatiq", "data", "prune"]}
            action={
              <button type="button" className="btn" disabled={barred !== null || isFetching} title={barred ?? undefined} onClick={() => setOpen(true)}>
                {words.pruneRun}
              </button>
            }
          />
          <PreviewDialog
            title={words.pruneTitle} open={open} onClose={() => setOpen(false)} confirm={words.pruneConfirm} reason
            effects={[`${size} go for good.`]} stays={[`${many(data.kept, "snapshot", "snapshots")}: the newest of each series, and all that a sweep, training, model or run names.`, "If anything else could go by now, nothing goes."]}
            cli={() => ["./sigmatiq", "data", "prune"]}
            onConfirm={async (reason) => {
              const gone = await pruneBars({ body: { token: data.token, reason } });
              toast({ tone: "ok", text: `${many(gone.snapshots.length, "snapshot", "snapshots")} and ${many(gone.files, "file", "files")} are gone, ${bytes(gone.bytes)}.` });
              await Promise.all([refetch(), queries.invalidateQueries({ queryKey: ["data"] })]);
            }}
          />
        </>
      )}
    </section>
  );
}
