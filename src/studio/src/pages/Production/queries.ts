import { queryOptions } from "@tanstack/react-query";
import { listProductionStandings } from "../../api/client";

export const productionQuery = queryOptions({ queryKey: ["production"], queryFn: ({ signal }) => listProductionStandings({ signal }), refetchInterval: (query) => (query.state.data?.some((s) => s.progress?.status === "running") ? 1_500 : 60_000) });
