import { queryOptions } from "@tanstack/react-query";
import { getWorkflowGraph, listWorkflows } from "../../api/client";

export const workflowsQuery = queryOptions({ queryKey: ["workflows"], queryFn: ({ signal }) => listWorkflows({ signal }) });

export const workflowQuery = (id: string) => queryOptions({ queryKey: ["workflow", id], queryFn: ({ signal }) => getWorkflowGraph({ id, signal }) });
