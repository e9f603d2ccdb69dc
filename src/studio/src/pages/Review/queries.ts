import { queryOptions } from "@tanstack/react-query";
import { getReview, getReviewBars, getReviewEquity, getReviewTexts, getReviewTrade, getReviewTrades, listReviews } from "../../api/client";

export type EvidenceWindow = "holdout" | "selection";

export const reviewsQuery = queryOptions({ queryKey: ["reviews"], queryFn: ({ signal }) => listReviews({ signal }), refetchInterval: 60_000 });

export const reviewQuery = (id: string) => queryOptions({ queryKey: ["review", id], queryFn: ({ signal }) => getReview({ id, signal }) });

// Evidence is never written twice: what was read once stays true.
const forGood = { staleTime: Infinity };

export const equityQuery = (id: string, window: EvidenceWindow) => queryOptions({ queryKey: ["evidence", id, "equity", window], queryFn: ({ signal }) => getReviewEquity({ id, window, signal }), ...forGood });

export const tradesQuery = (id: string) => queryOptions({ queryKey: ["evidence", id, "trades"], queryFn: ({ signal }) => getReviewTrades({ id, signal }), ...forGood });

export const barsQuery = (id: string) => queryOptions({ queryKey: ["evidence", id, "bars"], queryFn: ({ signal }) => getReviewBars({ id, signal }), ...forGood });

export const tradeQuery = (id: string, trade: number) => queryOptions({ queryKey: ["evidence", id, "trade", trade], queryFn: ({ signal }) => getReviewTrade({ id, trade: String(trade), signal }), ...forGood });

export const textsQuery = (id: string) => queryOptions({ queryKey: ["evidence", id, "texts"], queryFn: ({ signal }) => getReviewTexts({ id, signal }) });
