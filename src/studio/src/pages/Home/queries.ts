import { queryOptions } from "@tanstack/react-query";
import { getOverview } from "../../api/client";

/** What needs somebody. The stream says when it changed; the slow clock is for what changes by time alone. */
export const overviewQuery = queryOptions({ queryKey: ["overview"], queryFn: ({ signal }) => getOverview({ signal }), refetchInterval: 60_000 });
