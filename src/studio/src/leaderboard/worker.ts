/** Filters, sorts and gathers a large leaderboard beside the page. Its columns come from another worker, which reads them. */
import type { Board, BoardColumn } from "./columns";
import { bandsOver, type Ask, type Told } from "./engine";
import { heatOf } from "./heat";
import { ranksOf, viewOf } from "./view";

let board: Board = { rows: 0, columns: {} };
let rows: Uint32Array | null = null;

// What the first sort by a column needs is worked out while nobody asks: one column at a time, so that who asks meanwhile waits for one at most.
const coming: BoardColumn[] = [];

function prepare(): void {
  const column = coming[0];
  if (column === undefined) return;
  ranksOf(column);
  coming.shift();
  if (coming.length > 0) setTimeout(prepare);
}

const scope = self as unknown as { postMessage(message: Told, transfer?: Transferable[]): void; addEventListener(type: "message", heard: (event: MessageEvent<Ask>) => void): void };

function tell(message: Told, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

scope.addEventListener("message", (event) => {
  const ask = event.data;
  switch (ask.kind) {
    case "put":
      board = { rows: ask.rows, columns: { ...board.columns, [ask.name]: ask.column } };
      if (coming.push(ask.column) === 1) setTimeout(prepare);
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
