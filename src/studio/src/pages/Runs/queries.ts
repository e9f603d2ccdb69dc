import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getRun, getRunGraph, getRunGrid, listRanWorkflows, listRuns } from "../../api/client";
import type { RunsAsked } from "./filter";

/** A page of the list. */
export const RUNS_MOST = 500;

/** Columns of a page of the grid. */
export const COLUMNS = 25;

export const runsQuery = (workflow?: string) =>
  queryOptions({ queryKey: ["runs", workflow ?? null], queryFn: ({ signal }) => listRuns({ workflow, limit: RUNS_MOST, signal }), placeholderData: keepPreviousData });

/** The list a page at a time, newest first. */
export const listQuery = (asked: RunsAsked) =>
  infiniteQueryOptions({
    queryKey: ["runs", "list", asked], queryFn: ({ pageParam, signal }) => listRuns({ ...asked, limit: RUNS_MOST, before: pageParam, signal }), initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.length < RUNS_MOST ? undefined : last.at(-1)?.id), placeholderData: keepPreviousData,
  });

/** The grid a page at a time, newest first. */
export const gridQuery = (asked: RunsAsked) =>
  infiniteQueryOptions({
    queryKey: ["runs", "grid", asked], queryFn: ({ pageParam, signal }) => getRunGrid({ ...asked, limit: COLUMNS, before: pageParam, signal }), initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.older ?? undefined, placeholderData: keepPreviousData,
  });

/** Workflows that ever ran, the one that ran last first. */
export const ranQuery = queryOptions({ queryKey: ["runs", "workflows"], queryFn: ({ signal }) => listRanWorkflows({ signal }) });

export const runQuery = (run: string) => queryOptions({ queryKey: ["run", run], queryFn: ({ signal }) => getRun({ run, signal }) });

/** A run is pinned to its workflow: its graph never changes. */
export const graphQuery = (run: string) => queryOptions({ queryKey: ["graph", run], queryFn: ({ signal }) => getRunGraph({ run, signal }), staleTime: Infinity });
