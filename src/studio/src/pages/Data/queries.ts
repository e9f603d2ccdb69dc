import { queryOptions } from "@tanstack/react-query";
import { getBars, getCoverage, getDefects, getSnapshotUses, listCoverage, listSeries, listSnapshots, previewPrune } from "../../api/client";

export const seriesQuery = queryOptions({ queryKey: ["data", "series"], queryFn: ({ signal }) => listSeries({ signal }) });
export const coverageQuery = queryOptions({ queryKey: ["data", "coverage"], queryFn: ({ signal }) => listCoverage({ signal }), staleTime: 60_000 });
export const snapshotsQuery = queryOptions({ queryKey: ["data", "snapshots"], queryFn: ({ signal }) => listSnapshots({ limit: 60, signal }) });
export const usesQuery = (id: string) => queryOptions({ queryKey: ["data", "uses", id], queryFn: ({ signal }) => getSnapshotUses({ id, signal }), staleTime: 60_000 });
// It looks at every journal, so it is asked for and not looked at by itself.
export const pruneQuery = queryOptions({ queryKey: ["data-prune"], queryFn: ({ signal }) => previewPrune({ signal }), enabled: false, gcTime: 0, retry: false });

export const daysQuery = (symbol: string, interval: string) => queryOptions({ queryKey: ["data", "days", symbol, interval], queryFn: ({ signal }) => getCoverage({ symbol, interval, signal }) });
export const defectsQuery = (symbol: string, interval: string) => queryOptions({ queryKey: ["data", "defects", symbol, interval], queryFn: ({ signal }) => getDefects({ symbol, interval, signal }) });
export const barsQuery = (symbol: string, interval: string, from: string, to: string) =>
  queryOptions({ queryKey: ["data", "bars", symbol, interval, from, to], queryFn: ({ signal }) => getBars({ symbol, interval, from, to, columns: "start,open,high,low,close,volume", signal }) });
