import { queryOptions, useQuery } from "@tanstack/react-query";
import { rights as words } from "../text/operate";
import { getMe, listRoles, type RoleAnswer } from "./client";

export type RightName = "read" | "plan" | "run" | "approve" | "operate" | "administer";

export const meQuery = queryOptions({ queryKey: ["me"], queryFn: ({ signal }) => getMe({ signal }), staleTime: 30_000 });
export const rolesQuery = queryOptions({ queryKey: ["roles"], queryFn: ({ signal }) => listRoles({ signal }), staleTime: Infinity });

/** Why somebody may not, in the words of the server's own table; null where they may. */
export function useBarrier(right: RightName): string | null {
  const me = useQuery(meQuery).data;
  const roles = useQuery(rolesQuery).data;
  return me === undefined ? words.reading : barrierOf(me, right, roles ?? []);
}

/** Why somebody may not decide about a run, sweep or training; null where they may: their own with the right to run, anybody's with the right to operate. */
export function useDecisionBarrier(requestedBy: string | undefined): string | null {
  const run = useBarrier("run");
  const me = useQuery(meQuery).data;
  if (run !== null || me === undefined || requestedBy === undefined) return run;
  return me.id === requestedBy || me.rights.includes("operate") ? null : words.anothers(requestedBy);
}

/** The same for what is known already. */
export function barrierOf(me: { role: string; rights: readonly string[] }, right: RightName, roles: readonly RoleAnswer[]): string | null {
  if (me.rights.includes(right)) return null;
  const who = roles.filter((r) => r.rights.includes(right)).map((r) => r.id);
  return `Your role ${me.role} may not.${who.length === 0 ? "" : ` ${sentence(who)} may.`}`;
}

function sentence(roles: readonly string[]): string {
  const named = roles.map((r) => `${r === "operator" || r === "admin" || r === "approver" ? "an" : "a"} ${r}`);
  const text = named.length === 1 ? named[0]! : `${named.slice(0, -1).join(", ")} or ${named.at(-1)}`;
  return text[0]!.toUpperCase() + text.slice(1);
}
