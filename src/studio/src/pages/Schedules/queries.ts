import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getBackfill, getFireCalendar, listBackfills, listSchedules, previewBackfill } from "../../api/client";
import { stretchOf } from "./week";

// The stream tells of every decision; fires that merely come due are found by the slow clock.
const SLOW_MS = 30_000;

export const schedulesQuery = queryOptions({ queryKey: ["schedules", "list"], queryFn: ({ signal }) => listSchedules({ signal }), refetchInterval: SLOW_MS });

export const calendarQuery = (monday: string) =>
  queryOptions({ queryKey: ["schedules", "calendar", monday], queryFn: ({ signal }) => getFireCalendar({ ...stretchOf(monday), signal }), placeholderData: keepPreviousData, refetchInterval: SLOW_MS });

export const backfillsQuery = (workflow: string) => queryOptions({ queryKey: ["schedules", "backfills", workflow], queryFn: ({ signal }) => listBackfills({ id: workflow, signal }), refetchInterval: (query) => (query.state.data?.some((b) => b.state === "active") === true ? 2_000 : false) });

export const backfillQuery = (workflow: string, token: string) =>
  queryOptions({ queryKey: ["schedules", "backfill", workflow, token], queryFn: ({ signal }) => getBackfill({ id: workflow, token, signal }) });

export interface Asked {
  workflow: string;
  from: string;
  to: string;
  keepGoing: boolean;
}

/** What would run, as of now; it stands until it is asked for anew, since its token is bound to it. */
export const previewQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ["backfill-preview", asked], staleTime: Infinity, gcTime: 0, retry: false,
    queryFn: ({ signal }) => previewBackfill({ id: asked.workflow, body: { from: asked.from, to: asked.to, keep_going: asked.keepGoing }, signal }),
  });
