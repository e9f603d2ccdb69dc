/** Reads columns of a large leaderboard: a text of tens of megabytes takes its time, in which the worker that sorts and filters answers all the same. */
import type { ColumnTable } from "../api/client";
import { boardOf } from "./columns";
import type { Read } from "./engine";

const scope = self as unknown as { postMessage(message: Read, transfer?: Transferable[]): void; addEventListener(type: "message", heard: (event: MessageEvent<string>) => void): void };

async function load(url: string): Promise<void> {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) return scope.postMessage({ kind: "failed", message: `The server answered ${answer.status}.` });
    const read = boardOf((await answer.json()) as ColumnTable);
    for (const [name, column] of Object.entries(read.columns)) {
      // One for the page to paint from, one for the worker to sort by.
      const copy = { ...column, values: column.values.slice() };
      scope.postMessage({ kind: "column", name, rows: read.rows, column, copy }, [column.values.buffer, copy.values.buffer]);
    }
    scope.postMessage({ kind: "loaded", rows: read.rows });
  } catch (error) {
    scope.postMessage({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

scope.addEventListener("message", (event) => void load(event.data));
