import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { getWorkflowDesk, keepWorkflowDesk, leaveWorkflowDesk, type WorkflowDesk } from "../../api/client";
import { versionOrder } from "../../designer/versions";

const BEAT_MS = 10_000;

/** Who else is at the workflow, and its newest version; says every ten seconds that this tab is here, and at the end that it has gone. */
export function useDesk(id: string, base: string | null, isEditing: boolean): { desk: WorkflowDesk | null; newer: string | null } {
  const queries = useQueryClient();
  const [tab] = useState(() => crypto.randomUUID());
  const { data } = useQuery({
    queryKey: ["workflow-desk", id, tab, base],
    queryFn: ({ signal }) => (isEditing ? keepWorkflowDesk({ id, body: { tab, base }, signal }) : getWorkflowDesk({ id, signal })),
    refetchInterval: isEditing ? BEAT_MS : false, placeholderData: (was) => was, retry: false,
  });

  useEffect(() => {
    if (!isEditing) return;
    const leave = (): void => void leaveWorkflowDesk({ id, tab }).catch(() => undefined);
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [id, tab, isEditing]);

  // Where a newer version came, what was read of the older one is old.
  const newest = data?.newest ?? null;
  useEffect(() => {
    if (newest === null) return;
    void queries.invalidateQueries({ queryKey: ["workflow-versions", id] });
    void queries.invalidateQueries({ queryKey: ["workflow-source", id] });
  }, [newest, id, queries]);

  return { desk: data ?? null, newer: newest !== null && base !== null && versionOrder(newest, base) > 0 ? newest : null };
}
