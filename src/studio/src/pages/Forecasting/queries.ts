import { queryOptions } from "@tanstack/react-query";
import { getForecast, listForecasts } from "../../api/client";

export const forecastsQuery = queryOptions({ queryKey: ["forecasts"], queryFn: ({ signal }) => listForecasts({ signal }), refetchInterval: 60_000 });

export const forecastQuery = (id: string) => queryOptions({ queryKey: ["forecasts", id], queryFn: ({ signal }) => getForecast({ id, signal }) });
