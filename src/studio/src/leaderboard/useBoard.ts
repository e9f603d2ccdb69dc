import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { getLeaderboard, getSweep, type SweepShown } from "../api/client";
import { ApiError } from "../api/http";
import { boardOf, emptyBoard, type Board, type BoardColumn } from "./columns";
import { FarEngine, NearEngine, type BoardEngine, type Read } from "./engine";

/** So many combos come at once and are worked on here; more of them come in a worker. */
export const NEAR_ROWS = 1_000;

const WATCH_MS = 1_000;
const none: readonly string[] = [];

// Of no use here, or a hundred thousand different texts.
const LEFT_OUT = new Set(["config_hash", "deflated_sharpe_reason", "sharpe_per_period", "max_drawdown_duration_bars", "recovered", "cvar_95_parametric", "avg_trade_return"]);

// Formed by the server out of the rows of its store, all trials there ever were among them: they come a little later than what is in the sweep's file.
const LATER = ["deflated_sharpe", "near_duplicate_of"];
const NOT_AT_ONCE = [...LATER, ...LEFT_OUT].map((n) => `-${n}`).join(",");

export const isUnderWay = (status: string): boolean => status === "queued" || status === "running" || status === "stopped";

export const sweepQuery = (id: string) =>
  queryOptions({ queryKey: ["sweep", id], queryFn: ({ signal }) => getSweep({ id, signal }), refetchInterval: ({ state }) => (state.data !== undefined && isUnderWay(state.data.status) ? WATCH_MS : false) });

/** The best combos, asked for together with the sweep itself: which of the two ways of asking is right is known only when that has come. */
const atOnceQuery = (id: string) => queryOptions({ queryKey: ["leaderboard", id, "at once"], queryFn: ({ signal }) => getLeaderboard({ id, limit: NEAR_ROWS, columns: NOT_AT_ONCE, signal }), staleTime: Infinity, retry: false });

export interface About {
  status: string;
  evaluated: number;
  total_combinations: number;
  grid_size: number;
  different: number;
  passed_gates: number;
  marginal_gates: number;
  failed_gates: number;
  parameters: readonly string[];
  pieces?: number;
  synthetic: boolean;
  ticker?: string;
  tag?: string | null;
  pack: string;
  model_id: string;
  selection_window?: string;
  window?: { selection: { start: string; end: string; trading_days: number }; holdout: { start: string; end: string } | null };
  figures_from_utc?: string;
  overfit?: { pbo: number | null; combos: number; splits: number; overfit_splits: number; block_shorter_than_hold: boolean; reason: string | null } | null;
  trials?: { raw: number; different: number };
  skill_words?: string;
  quality_gates?: Record<string, number | null>;
  warnings?: readonly { code: string; message: string }[];
  course?: { stopped_early?: boolean } | null;
}

export interface BoardState {
  sweep: SweepShown | undefined;
  about: About | undefined;
  /** What there is to paint; not all of it before complete. */
  board: Board;
  /** Names of all columns, also of those that have not come yet. */
  names: readonly string[];
  complete: boolean;
  /** Columns that have come, where they come one after the other; null where all are there. */
  loaded: ReadonlySet<string> | null;
  /** Whether what a cancelled sweep had evaluated is being put together. */
  gathering: boolean;
  engine: BoardEngine | null;
  error: unknown;
  retry(): void;
}

/** A leaderboard: its best rows at once, then, where there are many, all columns into a worker. Under way it is asked for again and again. */
export function useBoard(id: string): BoardState {
  const queries = useQueryClient();
  const sweep = useQuery(sweepQuery(id));
  useEffect(() => {
    if (queries.getQueryData(sweepQuery(id).queryKey) === undefined) void queries.prefetchQuery(atOnceQuery(id));
  }, [queries, id]);
  const status = sweep.data?.status;
  const live = status !== undefined && isUnderWay(status);
  const head = useQuery({
    queryKey: ["leaderboard", id, status === undefined ? "" : live ? "live" : status], enabled: status !== undefined && status !== "failed", queryFn: async ({ signal }) => {
      const early = live ? undefined : queries.getQueryState(atOnceQuery(id).queryKey)?.status;
      const asked = early === undefined || early === "error" ? null : await queries.fetchQuery(atOnceQuery(id)).catch(() => null);
      return asked !== null && asked.about["status"] === status ? asked : await getLeaderboard({ id, limit: NEAR_ROWS, columns: live ? undefined : NOT_AT_ONCE, signal });
    },
    refetchInterval: ({ state }) => (live || isUngathered(state.error) ? 2 * WATCH_MS : false), placeholderData: keepPreviousData, staleTime: live ? 0 : Infinity,
  });
  const gathering = status === "cancelled" && isUngathered(head.error) && (sweep.data?.evaluated ?? 0) > 0;
  const first = head.data?.about as unknown as About | undefined;
  const settled = first !== undefined && !isUnderWay(first.status) && !live;
  const later = useQuery({ queryKey: ["leaderboard", id, status, "later"], enabled: settled && !head.isPlaceholderData, queryFn: ({ signal }) => getLeaderboard({ id, limit: NEAR_ROWS, columns: LATER.join(","), signal }), staleTime: Infinity });
  const near = useMemo(() => {
    if (head.data === undefined) return emptyBoard;
    const board = boardOf(head.data);
    return settled ? { rows: board.rows, columns: { ...blank(board.rows), ...board.columns, ...(later.data !== undefined && later.data.rows === board.rows ? boardOf(later.data).columns : {}) } } : board;
  }, [head.data, later.data, settled]);
  const trials = later.data?.about["trials"];
  const about = useMemo<About | undefined>(() => (first === undefined || trials == null ? first : { ...first, trials: trials as NonNullable<About["trials"]> }), [first, trials]);
  const names = useMemo(() => Object.keys(near.columns), [near]);
  const isLarge = !live && about !== undefined && !isUnderWay(about.status) && about.evaluated > near.rows;
  const far = useFar(id, isLarge, names, about?.parameters ?? none);
  const nearEngine = useMemo(() => new NearEngine(near), [near]);
  return {
    sweep: sweep.data, about, names, board: far.board ?? near, loaded: far.board === null ? null : far.loaded, complete: about !== undefined && (!isLarge || far.board !== null), engine: head.data === undefined ? null : (far.engine ?? nearEngine),
    gathering,
    error: sweep.error ?? (gathering ? null : head.error) ?? far.error,
    retry() {
      void sweep.refetch();
      void head.refetch();
    },
  };
}

const isUngathered = (error: unknown): boolean => error instanceof ApiError && error.code === "SWS-3005";

/** Columns that have not come, with nothing in them, so that no column of the table comes and goes. */
function blank(rows: number): Record<string, BoardColumn> {
  return Object.fromEntries(LATER.map((name) => [name, { kind: "number" as const, values: new Float64Array(rows).fill(NaN) }]));
}

function useFar(id: string, on: boolean, names: readonly string[], parameters: readonly string[]): { board: Board | null; loaded: ReadonlySet<string>; engine: FarEngine | null; error: Error | null } {
  const [board, setBoard] = useState<Board | null>(null);
  const [engine, setEngine] = useState<FarEngine | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [loaded, setLoaded] = useState<ReadonlySet<string>>(new Set());
  const wanted = on ? names.filter((n) => !LEFT_OUT.has(n)).join(",") : "";
  const swept = parameters.join(",");
  useEffect(() => {
    if (wanted === "") return;
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    const loader = new Worker(new URL("./loader.ts", import.meta.url), { type: "module" });
    const made = new FarEngine(worker);
    const all = wanted.split(",");
    // First what is shown before anybody asks for more, then the rest; the two that the server has to form come last.
    const first = all.filter((n) => FIRST.has(n) || swept.split(",").includes(n));
    const batches = [first, all.filter((n) => !first.includes(n) && !LATER.includes(n)), all.filter((n) => LATER.includes(n))].filter((b) => b.length > 0);
    let columns: Record<string, BoardColumn> = {};
    let at = 0;
    const next = (): void => {
      const batch = batches[at++];
      if (batch !== undefined) loader.postMessage(`/api/sweeps/${encodeURIComponent(id)}/leaderboard?columns=${batch.map(encodeURIComponent).join(",")}`);
    };
    loader.addEventListener("message", (event: MessageEvent<Read>) => {
      const told = event.data;
      if (told.kind === "column") {
        columns = { ...columns, [told.name]: told.column };
        made.put(told.name, told.rows, told.copy);
      } else if (told.kind === "failed") setError(new Error(told.message));
      else if (told.kind === "loaded") {
        const missing = all.filter((n) => columns[n] === undefined).map((n) => [n, { kind: "number" as const, values: new Float64Array(told.rows).fill(NaN) }] as const);
        setBoard({ rows: told.rows, columns: { ...Object.fromEntries(missing), ...columns } });
        setLoaded(new Set(Object.keys(columns)));
        setEngine(made);
        next();
      }
    });
    next();
    return () => {
      worker.terminate();
      loader.terminate();
      setBoard(null);
      setEngine(null);
      setError(null);
    };
  }, [id, wanted, swept]);
  return { board, loaded, engine, error };
}

const FIRST = new Set(["rank", "combo_id", "gate", "gate_reasons", "sharpe_ratio", "sharpe_low", "sharpe_high", "total_return", "max_drawdown", "win_rate", "total_trades", "size_group", "duplicate_of", "selected"]);
