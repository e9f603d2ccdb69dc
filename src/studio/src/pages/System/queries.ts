import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getStore, getSystem, listAudit, listBackups, listKeys, listMessages, listNodes, listSessions, listUsers, verifyAudit } from "../../api/client";

const SLOW_MS = 15_000;
export const AUDIT_PAGE = 60;

export const systemQuery = queryOptions({ queryKey: ["system", "now"], queryFn: ({ signal }) => getSystem({ signal }), refetchInterval: SLOW_MS });
export const storeQuery = queryOptions({ queryKey: ["system", "store"], queryFn: ({ signal }) => getStore({ signal }), staleTime: 60_000 });
export const nodesQuery = queryOptions({ queryKey: ["system", "nodes"], queryFn: ({ signal }) => listNodes({ signal }), refetchInterval: SLOW_MS });
export const messagesQuery = queryOptions({ queryKey: ["system", "outbox"], queryFn: ({ signal }) => listMessages({ limit: 100, signal }), refetchInterval: SLOW_MS });
export const backupsQuery = queryOptions({
  queryKey: ["system", "backups"], queryFn: ({ signal }) => listBackups({ signal }), refetchInterval: (query) => (query.state.data?.backups.some((b) => b.state === "making") === true ? 1_000 : false),
});

export const usersQuery = queryOptions({ queryKey: ["people", "users"], queryFn: ({ signal }) => listUsers({ signal }) });
export const keysQuery = queryOptions({ queryKey: ["people", "keys"], queryFn: ({ signal }) => listKeys({ signal }) });
export const sessionsQuery = (user: string) => queryOptions({ queryKey: ["people", "sessions", user], queryFn: ({ signal }) => listSessions({ id: user, signal }), refetchInterval: 10_000 });

export interface AuditAsked {
  actor: string;
  action: string;
  about: string;
}

/** The newest first; a page goes on before the last number of the one before. */
export const auditQuery = (asked: AuditAsked) =>
  infiniteQueryOptions({
    queryKey: ["system", "audit", asked], initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      listAudit({ order: "newest", limit: AUDIT_PAGE, before: pageParam, actor: asked.actor || undefined, action: asked.action || undefined, about: asked.about || undefined, signal }),
    getNextPageParam: (page) => (page.length < AUDIT_PAGE ? undefined : page.at(-1)!.seq),
  });

export const verdictQuery = queryOptions({ queryKey: ["audit-verdict"], queryFn: ({ signal }) => verifyAudit({ signal }), enabled: false, gcTime: 0, retry: false });
