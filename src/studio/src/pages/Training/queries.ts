import { queryOptions } from "@tanstack/react-query";
import { getTrainedModelReport, getTraining, listTrainedModels, listTrainings } from "../../api/client";
import { isOpen } from "./model";

const OPEN_MS = 1_000;

export const trainingsQuery = queryOptions({
  queryKey: ["training"], queryFn: ({ signal }) => listTrainings({ signal }), refetchInterval: (query) => (query.state.data?.some((j) => isOpen(j.status)) ? 2 * OPEN_MS : false),
});

export const jobQuery = (job: string) =>
  queryOptions({ queryKey: ["training", job], queryFn: ({ signal }) => getTraining({ job, signal }), refetchInterval: (query) => (query.state.data !== undefined && isOpen(query.state.data.status) ? OPEN_MS : false) });

export const trainedQuery = queryOptions({ queryKey: ["trained"], queryFn: ({ signal }) => listTrainedModels({ signal }) });

export const reportQuery = (id: string) => queryOptions({ queryKey: ["trained", id, "report"], queryFn: ({ signal }) => getTrainedModelReport({ id, signal }) });
