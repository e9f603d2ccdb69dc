import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getBars, getCoverage, getDefects, getSnapshotUses, listCoverage, listSeries, listSnapshots, previewPrune, type SeriesListed } from "../../api/client";

export const seriesQuery = queryOptions({ queryKey: ["series"], queryFn: ({ signal }) => listSeries({ signal }) });

/** What the series are made of: what is counted over them is counted anew when one of them has another snapshot, and not at every event of a run. */
export const stateOf = (all: readonly SeriesListed[] | undefined): string | undefined => all?.map((s) => s.id.slice(0, 16)).join(" ");

export const coverageQuery = (state: string | undefined) =>
  queryOptions({ queryKey: ["data", "coverage", state], queryFn: ({ signal }) => listCoverage({ signal }), enabled: state !== undefined, placeholderData: keepPreviousData, staleTime: Infinity });
export const snapshotsQuery = (state: string | undefined) =>
  queryOptions({ queryKey: ["data", "snapshots", state], queryFn: ({ signal }) => listSnapshots({ limit: 60, signal }), enabled: state !== undefined, placeholderData: keepPreviousData, staleTime: 30_000 });
export const usesQuery = (id: string) => queryOptions({ queryKey: ["data", "uses", id], queryFn: ({ signal }) => getSnapshotUses({ id, signal }), staleTime: 60_000 });
// It looks at every journal, so it is asked for and not looked at by itself.
export const pruneQuery = queryOptions({ queryKey: ["data-prune"], queryFn: ({ signal }) => previewPrune({ signal }), enabled: false, gcTime: 0, retry: false });

/** Of a series as one snapshot of it is; nothing is asked before that is known. */
export interface Shown {
  symbol: string;
  interval: string;
  snapshot: string | undefined;
}

export const daysQuery = ({ symbol, interval, snapshot }: Shown) =>
  queryOptions({ queryKey: ["data", "days", symbol, interval, snapshot], queryFn: ({ signal }) => getCoverage({ symbol, interval, signal }), enabled: snapshot !== undefined, staleTime: Infinity });
export const defectsQuery = ({ symbol, interval, snapshot }: Shown) =>
  queryOptions({ queryKey: ["data", "defects", symbol, interval, snapshot], queryFn: ({ signal }) => getDefects({ symbol, interval, signal }), enabled: snapshot !== undefined, staleTime: 60_000 });
export const barsQuery = ({ symbol, interval, snapshot }: Shown, from: string, to: string) =>
  queryOptions({
    queryKey: ["data", "bars", symbol, interval, snapshot, from, to], enabled: snapshot !== undefined, staleTime: Infinity,
    queryFn: ({ signal }) => getBars({ symbol, interval, from, to, columns: "start,open,high,low,close,volume", signal }),
  });
