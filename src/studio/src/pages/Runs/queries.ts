import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getRun, getRunGraph, listRuns } from "../../api/client";

/** At most so many runs are listed; older ones are found by their id. */
export const RUNS_MOST = 500;

export const runsQuery = (workflow?: string) =>
  queryOptions({ queryKey: ["runs", workflow ?? null], queryFn: ({ signal }) => listRuns({ workflow, limit: RUNS_MOST, signal }), placeholderData: keepPreviousData });

export const runQuery = (run: string) => queryOptions({ queryKey: ["run", run], queryFn: ({ signal }) => getRun({ run, signal }) });

/** A run is pinned to its workflow: its graph never changes. */
export const graphQuery = (run: string) => queryOptions({ queryKey: ["graph", run], queryFn: ({ signal }) => getRunGraph({ run, signal }), staleTime: Infinity });
