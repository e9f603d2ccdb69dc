import { queryOptions } from "@tanstack/react-query";
import { diffPacks, getPackDocument, getPackFiles, lintPack, listPacks } from "../../api/client";

export const packsQuery = queryOptions({ queryKey: ["packs"], queryFn: ({ signal }) => listPacks({ signal }), staleTime: 60_000 });

export const packQuery = (id: string) => queryOptions({ queryKey: ["pack", id], queryFn: ({ signal }) => getPackDocument({ id, signal }) });

export const lintQuery = (id: string) => queryOptions({ queryKey: ["pack", id, "lint"], queryFn: ({ signal }) => lintPack({ id, signal }) });

export const filesQuery = (id: string) => queryOptions({ queryKey: ["pack", id, "files"], queryFn: ({ signal }) => getPackFiles({ id, signal }), staleTime: Infinity });

export const diffQuery = (before: string, after: string) => queryOptions({ queryKey: ["pack", before, "diff", after], queryFn: ({ signal }) => diffPacks({ id: before, other: after, signal }) });
