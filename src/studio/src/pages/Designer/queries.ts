import { queryOptions } from "@tanstack/react-query";
import { getMe, getWorkflow, getWorkflowDraft, getWorkflowLayout, getWorkflowSource, getWorkflowUses, listNextFires, listStepKinds, listWorkflowVersions } from "../../api/client";
import { ApiError } from "../../api/http";
import { kindsOf } from "../../designer/types";

/** Null for a workflow that there is not yet. */
async function orNothing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (e) {
    if (e instanceof ApiError && e.status === 404) return null;
    throw e;
  }
}

export const meQuery = queryOptions({ queryKey: ["me"], queryFn: ({ signal }) => getMe({ signal }), staleTime: 60_000 });

export const kindsQuery = queryOptions({ queryKey: ["step-kinds"], queryFn: async ({ signal }) => kindsOf(await listStepKinds({ signal })), staleTime: Infinity });

export const textQuery = (id: string) => queryOptions({ queryKey: ["workflow-text", id], queryFn: ({ signal }) => orNothing(getWorkflow({ id, signal })) });

/** The newest file as it is, also where it is broken. */
export const sourceQuery = (id: string) => queryOptions({ queryKey: ["workflow-source", id], queryFn: ({ signal }) => orNothing(getWorkflowSource({ id, signal })) });

export const versionsQuery = (id: string) => queryOptions({ queryKey: ["workflow-versions", id], queryFn: async ({ signal }) => (await orNothing(listWorkflowVersions({ id, signal }))) ?? [] });

export const layoutQuery = (id: string) => queryOptions({ queryKey: ["workflow-layout", id], queryFn: ({ signal }) => getWorkflowLayout({ id, signal }) });

export const draftQuery = (id: string) => queryOptions({ queryKey: ["workflow-draft", id], queryFn: ({ signal }) => getWorkflowDraft({ id, signal }) });

export const firesQuery = (id: string) => queryOptions({ queryKey: ["workflow-fires", id], queryFn: ({ signal }) => listNextFires({ id, limit: 10, signal }) });

export const usesQuery = (id: string) => queryOptions({ queryKey: ["workflow-uses", id], queryFn: ({ signal }) => getWorkflowUses({ id, signal }), staleTime: 0 });
