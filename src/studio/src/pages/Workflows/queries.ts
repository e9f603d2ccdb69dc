import { queryOptions } from "@tanstack/react-query";
import { getWorkflowGraph, listMyDrafts, listWorkflows } from "../../api/client";

export const workflowsQuery = queryOptions({ queryKey: ["workflows"], queryFn: ({ signal }) => listWorkflows({ signal }) });

export const draftsQuery = queryOptions({ queryKey: ["my-drafts"], queryFn: ({ signal }) => listMyDrafts({ signal }), staleTime: 0 });

export const workflowQuery = (id: string) => queryOptions({ queryKey: ["workflow", id], queryFn: ({ signal }) => getWorkflowGraph({ id, signal }) });
