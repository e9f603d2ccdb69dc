import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getCombo, getComboEquity, getComboTrades, getSweepBars, getSweepParameters, listSweeps, type SweepShown } from "../../api/client";
import { isUnderWay } from "../../leaderboard/useBoard";

/** At most so many sweeps are listed; older ones are found by their id. */
export const SWEEPS_MOST = 500;

export const sweepsQuery = queryOptions({
  queryKey: ["sweeps"], queryFn: ({ signal }) => listSweeps({ limit: SWEEPS_MOST, signal }), placeholderData: keepPreviousData,
  refetchInterval: ({ state }) => ((state.data as SweepShown[] | undefined)?.some((s) => isUnderWay(s.status)) === true ? 2_000 : false),
});

export const formQuery = (model: string) => queryOptions({ queryKey: ["sweep-form", model], queryFn: ({ signal }) => getSweepParameters({ id: model, signal }), staleTime: 60_000 });

/** What a completed sweep says of a combo never changes but for its tick. */
export const comboQuery = (id: string, combo: number) => queryOptions({ queryKey: ["combo", id, combo], queryFn: ({ signal }) => getCombo({ id, combo: String(combo), signal }) });
export const comboEquityQuery = (id: string, combo: number) => queryOptions({ queryKey: ["combo-equity", id, combo], queryFn: ({ signal }) => getComboEquity({ id, combo: String(combo), signal }), staleTime: Infinity });
export const comboTradesQuery = (id: string, combo: number) => queryOptions({ queryKey: ["combo-trades", id, combo], queryFn: ({ signal }) => getComboTrades({ id, combo: String(combo), signal }), staleTime: Infinity });
export const sweepBarsQuery = (id: string) => queryOptions({ queryKey: ["sweep-bars", id], queryFn: ({ signal }) => getSweepBars({ id, signal }), staleTime: Infinity });
