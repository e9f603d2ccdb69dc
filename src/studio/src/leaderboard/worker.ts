/** Reads the columns of a large leaderboard and works on them beside the page, which gets a copy of each column to paint from. */
import type { ColumnTable } from "../api/client";
import { boardOf, type Board } from "./columns";
import { bandsOver, type Ask, type Told } from "./engine";
import { heatOf } from "./heat";
import { viewOf } from "./view";

let board: Board = { rows: 0, columns: {} };
let rows: Uint32Array | null = null;

const scope = self as unknown as { postMessage(message: Told, transfer?: Transferable[]): void; addEventListener(type: "message", heard: (event: MessageEvent<Ask>) => void): void };

function tell(message: Told, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

async function load(url: string): Promise<void> {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) return tell({ kind: "failed", message: `The server answered ${answer.status}.` });
    const read = boardOf((await answer.json()) as ColumnTable);
    board = { rows: read.rows, columns: { ...board.columns, ...read.columns } };
    for (const [name, column] of Object.entries(read.columns)) {
      const values = column.values.slice();
      tell({ kind: "column", name, column: { ...column, values } }, [values.buffer]);
    }
    tell({ kind: "loaded", rows: read.rows });
  } catch (error) {
    tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

scope.addEventListener("message", (event) => {
  const ask = event.data;
  switch (ask.kind) {
    case "load":
      void load(ask.url);
      break;
    case "view": {
      const view = viewOf(board, ask.query);
      rows = view.rows.slice();
      tell({ kind: "done", id: ask.id, value: { ...view, rows } }, view.order === view.rows ? [] : [view.order.buffer, view.more.buffer]);
      break;
    }
    case "heat": {
      const value = heatOf(board, ask.query, rows);
      tell({ kind: "done", id: ask.id, value });
      break;
    }
    default:
      tell({ kind: "done", id: ask.id, value: bandsOver(board, ask.axes, rows ?? Uint32Array.from({ length: board.rows }, (_, i) => i)) });
  }
});
