import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, type ReactNode } from "react";
import { Link } from "react-router";
import { ErrorPanel } from "../../components/ErrorPanel";
import { RunGrid } from "../../components/RunGrid";
import { chosenOf, chosenText, joined, withRuns, type Chosen, type Grid } from "../../components/RunGrid/model";
import { useAddress } from "../../components/Shell/address";
import { SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { duration, shortId } from "../../text/format";
import { grid as words } from "../../text/strings";
import { matches } from "./filter";
import { COLUMNS } from "./queries";

/** The pages that were read as one grid, without the columns that a search does not want; null before the first. */
export function useGrid(pages: Parameters<typeof joined>[0] | undefined, query: string): Grid | null {
  const whole = useMemo(() => (pages === undefined ? null : joined(pages)), [pages]);
  return useMemo(
    () => (whole === null || query === "" ? whole : withRuns(whole, (r) => matches(query, `${r.id} ${r.version} ${r.status} ${r.ticker ?? ""} ${r.requested_by} ${r.reason ?? ""}`))),
    [whole, query],
  );
}

/** So far back a chosen run is looked for. */
const SOUGHT_MOST = 8 * COLUMNS;

/** Whether a run was asked for before all that are shown: later runs have later ids. */
function isOlder(run: string, grid: Grid): boolean {
  return /^run_[0-9a-f]{32}$/.test(run) && grid.runs[0] !== undefined && run < grid.runs[0].id;
}

/** What of `useInfiniteQuery` the grid needs. */
export type GridRead = Pick<UseInfiniteQueryResult, "error" | "refetch" | "hasNextPage" | "isFetchingNextPage" | "fetchNextPage" | "isPlaceholderData">;

/** The grid by the address: what is chosen (`sel`), which stages are folded (`fold`). */
export function RunsOverTime({ grid, read, empty }: { grid: Grid | null; read: GridRead; empty: ReactNode }) {
  const [search, setSearch] = useAddress();
  const set = useCallback(
    (name: string, value: string | null) =>
      setSearch((was) => {
        const next = new URLSearchParams(was);
        if (value === null || value === "") next.delete(name);
        else next.set(name, value);
        return next;
      }, { replace: true }),
    [setSearch],
  );
  const sel = search.get("sel");
  const fold = search.get("fold") ?? "";
  const chosen = useMemo(() => chosenOf(sel), [sel]);
  const folded = useMemo(() => fold.split(",").filter((f) => f !== ""), [fold]);
  const choose = useCallback((to: Chosen | null) => set("sel", to === null ? null : chosenText(to)), [set]);

  // A link to an older run reads back to it.
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = read;
  const isSought = chosen !== null && grid !== null && isOlder(chosen.run, grid) && grid.runs.length < SOUGHT_MOST && hasNextPage && !isFetchingNextPage;
  useEffect(() => {
    if (isSought) void fetchNextPage();
  }, [isSought, fetchNextPage]);

  if (read.error !== null && grid === null) return <ErrorPanel error={read.error} onRetry={() => void read.refetch()} what="The runs cannot be read." />;
  if (grid === null) return <SkeletonRows rows={11} height={31} />;
  if (grid.runs.length === 0) return <>{empty}</>;
  return (
    <div aria-busy={read.isPlaceholderData}>
      <RunGrid grid={grid} hasOlder={read.hasNextPage} isOlderRead={read.isFetchingNextPage} onOlder={() => void read.fetchNextPage()} chosen={chosen} onChoose={choose} folded={folded} onFold={(f) => set("fold", f.join(","))} />
      <div className="rg-list">
        <h2>{words.newest}</h2>
        <ol>
          {grid.runs.slice(-8).reverse().map((run) => (
            <li key={run.id}>
              <Link to={`/runs/${run.id}`}>
                <StateBadge state={run.status} />
                <span className="mono one">{shortId(run.id)}</span>
                <span className="sub">
                  <TimeText at={run.requested_at_utc} form="near" />, {duration(1000 * run.worked_seconds)}
                </span>
              </Link>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
