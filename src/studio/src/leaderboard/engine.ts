/** Where a leaderboard is filtered, sorted and gathered: here, where it is small, else in a worker that holds a copy of its columns. */
import { axisOf, bandsOf, type Bands } from "./axes";
import type { Board, BoardColumn } from "./columns";
import { heatOf, type HeatCells, type HeatQuery } from "./heat";
import { viewOf, type BoardQuery, type BoardView } from "./view";

export interface BoardEngine {
  view(query: BoardQuery): Promise<BoardView>;
  /** Over the rows that the last view kept. */
  heat(query: HeatQuery): Promise<HeatCells>;
  /** Lines between each two neighbours of the axes, over the rows that the last view kept. */
  bands(axes: readonly string[]): Promise<(Bands | null)[]>;
}

/** What a worker is asked, and what it answers. */
export type Ask =
  | { kind: "put"; name: string; rows: number; column: BoardColumn }
  | { kind: "view"; id: number; query: BoardQuery }
  | { kind: "heat"; id: number; query: HeatQuery }
  | { kind: "bands"; id: number; axes: readonly string[] };

export interface Told {
  kind: "done";
  id: number;
  value: unknown;
}

/** What comes from the worker that reads columns. */
export type Read =
  | { kind: "column"; name: string; rows: number; column: BoardColumn; copy: BoardColumn }
  | { kind: "loaded"; rows: number }
  | { kind: "failed"; message: string };

export function bandsOver(board: Board, axes: readonly string[], rows: Uint32Array): (Bands | null)[] {
  return axes.slice(1).map((right, i) => {
    const left = axes[i]!;
    const [a, b] = [axisOf(board, left), axisOf(board, right)];
    return a === null || b === null ? null : bandsOf(board.columns[left]!, a, board.columns[right]!, b, rows);
  });
}

/** Does all of it at once, on this thread. */
export class NearEngine implements BoardEngine {
  private rows: Uint32Array | null = null;

  constructor(private readonly board: Board) {}

  view(query: BoardQuery): Promise<BoardView> {
    const view = viewOf(this.board, query);
    this.rows = view.rows;
    return Promise.resolve(view);
  }

  heat(query: HeatQuery): Promise<HeatCells> {
    return Promise.resolve(heatOf(this.board, query, this.rows));
  }

  bands(axes: readonly string[]): Promise<(Bands | null)[]> {
    return Promise.resolve(bandsOver(this.board, axes, this.rows ?? Uint32Array.from({ length: this.board.rows }, (_, i) => i)));
  }
}

/** Asks a worker. */
export class FarEngine implements BoardEngine {
  private next = 0;
  private readonly waiting = new Map<number, (value: never) => void>();

  constructor(private readonly worker: Worker) {
    worker.addEventListener("message", (event: MessageEvent<Told>) => {
      const answer = this.waiting.get(event.data.id);
      this.waiting.delete(event.data.id);
      answer?.(event.data.value as never);
    });
  }

  /** Gives the worker a column, which it keeps: the values are not there any more afterwards. */
  put(name: string, rows: number, column: BoardColumn): void {
    this.worker.postMessage({ kind: "put", name, rows, column } satisfies Ask, [column.values.buffer as ArrayBuffer]);
  }

  view(query: BoardQuery): Promise<BoardView> {
    return this.ask({ kind: "view", id: ++this.next, query });
  }

  heat(query: HeatQuery): Promise<HeatCells> {
    return this.ask({ kind: "heat", id: ++this.next, query });
  }

  bands(axes: readonly string[]): Promise<(Bands | null)[]> {
    return this.ask({ kind: "bands", id: ++this.next, axes });
  }

  private ask<T>(ask: Ask & { id: number }): Promise<T> {
    return new Promise((resolve) => {
      this.waiting.set(ask.id, resolve as (value: never) => void);
      this.worker.postMessage(ask);
    });
  }
}
