/** Runs over time as they are drawn: oldest at the left, newest at the right. No verdict is made here. */
import type { RunGrid as Page, RunGridColumn } from "../../api/client";

export interface GridCell {
  state: string;
  attempts: number;
  items: number;
  /** Time under way or waiting as the server counted it; null where it never began. */
  tookMs: number | null;
  /** Why it stands where it stands. */
  note: string | null;
}

export interface GridStep {
  name: string;
  uses: string;
  stage: string;
  /** By run, oldest first. */
  cells: readonly GridCell[];
}

export interface Grid {
  workflow: string | null;
  /** Oldest first. */
  runs: readonly RunGridColumn[];
  /** Each after those that it needs. */
  steps: readonly GridStep[];
  /** When the server counted. */
  atMs: number;
}

const absent: GridCell = { state: "absent", attempts: 0, items: 0, tookMs: null, note: null };

/** Pages, newest first, as one grid; a step that only older runs have stands after the one that it stood after there. */
export function joined(pages: readonly Page[]): Grid {
  const order: string[] = [];
  const facts = new Map<string, { uses: string; stage: string; cells: Map<string, GridCell> }>();
  for (const page of pages) {
    let before = -1;
    for (const row of page.rows) {
      const at = order.indexOf(row.name);
      if (at < 0) order.splice(before + 1, 0, row.name);
      before = at < 0 ? before + 1 : at;
      let fact = facts.get(row.name);
      if (fact === undefined) facts.set(row.name, (fact = { uses: row.uses, stage: row.stage, cells: new Map() }));
      page.runs.forEach((run, i) => {
        const took = row.took_seconds[i] ?? null;
        fact.cells.set(run.id, { state: row.state[i] ?? "absent", attempts: row.attempts[i] ?? 0, items: row.items[i] ?? 0, tookMs: took === null ? null : 1000 * took, note: row.notes[run.id] ?? null });
      });
    }
  }
  const runs = [...new Map(pages.flatMap((p) => p.runs).map((r) => [r.id, r])).values()].reverse();
  const steps = order.map((name) => {
    const { uses, stage, cells } = facts.get(name)!;
    return { name, uses, stage, cells: runs.map((r) => cells.get(r.id) ?? absent) };
  });
  return { workflow: pages[0]?.workflow ?? null, runs, steps, atMs: Math.max(0, ...pages.map((p) => Date.parse(p.at_utc))) };
}

/** The columns that a search leaves. */
export function withRuns(grid: Grid, keeps: (run: RunGridColumn) => boolean): Grid {
  const kept = grid.runs.map(keeps);
  return kept.every((k) => k) ? grid : { ...grid, runs: grid.runs.filter((_, i) => kept[i]), steps: grid.steps.map((s) => ({ ...s, cells: s.cells.filter((_, i) => kept[i]) })) };
}

const badFirst = ["failed", "retrying", "running", "waiting", "ready", "pending", "cancelled", "skipped", "succeeded", "absent"];

/** The state that says most of a whole stage. */
export function worst(states: readonly string[]): string {
  const rank = (s: string): number => (badFirst.includes(s) ? badFirst.indexOf(s) : 0);
  return states.reduce((a, b) => (rank(b) < rank(a) ? b : a), "absent");
}

export type Line =
  | { kind: "stage"; id: string; label: string; steps: readonly GridStep[]; states: readonly string[]; isOpen: boolean }
  | { kind: "step"; id: string; step: GridStep; isInside: boolean };

/** The rows that are drawn: steps in their order, those of a stage with several of them under a row of the stage, which may be folded. */
export function linesOf(grid: Grid, folded: ReadonlySet<string>): Line[] {
  const groups: GridStep[][] = [];
  for (const step of grid.steps) {
    if (groups.at(-1)?.[0]!.stage === step.stage) groups.at(-1)!.push(step);
    else groups.push([step]);
  }
  return groups.flatMap((steps): Line[] => {
    const stage = steps[0]!.stage;
    if (steps.length === 1 || groups.length === 1) return steps.map((step) => ({ kind: "step", id: step.name, step, isInside: false }));
    const isOpen = !folded.has(stage);
    const states = grid.runs.map((_, i) => worst(steps.map((s) => s.cells[i]!.state)));
    return [{ kind: "stage", id: stage, label: stage, steps, states, isOpen }, ...(isOpen ? steps.map((step): Line => ({ kind: "step", id: step.name, step, isInside: true })) : [])];
  });
}

/** Stages that have a row of their own. */
export function stagesOf(grid: Grid): string[] {
  return linesOf(grid, new Set()).flatMap((l) => (l.kind === "stage" ? [l.id] : []));
}

/** The step of a row that a run should open with: of a stage the one that says most. */
export function stepOf(line: Line, run: number): GridStep {
  return line.kind === "step" ? line.step : (line.steps.find((s) => s.cells[run]!.state === line.states[run]) ?? line.steps[0]!);
}

/** What a run had worked, counted on while it does. */
export function workedMs(run: RunGridColumn, atMs: number, now: number): number {
  return 1000 * run.worked_seconds + (run.status === "running" ? Math.max(0, now - atMs) : 0);
}

/** From the request to the end, counted on while there is none. */
export function tookMs(run: RunGridColumn, atMs: number, now: number): number {
  return 1000 * run.took_seconds + (run.ended_at_utc === null ? Math.max(0, now - atMs) : 0);
}

/** How long a step took, counted on while it is under way or waits. */
export function stepMs(cell: GridCell, atMs: number, now: number): number | null {
  return cell.tookMs === null ? null : cell.tookMs + (cell.state === "running" || cell.state === "waiting" ? Math.max(0, now - atMs) : 0);
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The usual work of a completed run; null where none of those shown has completed. */
export function usualMs(grid: Grid): number | null {
  return median(grid.runs.filter((r) => r.status === "completed").map((r) => 1000 * r.worked_seconds));
}

/** What a step usually took where it succeeded. */
export function usualStepMs(step: GridStep): number | null {
  return median(step.cells.flatMap((c) => (c.state === "succeeded" && c.tookMs !== null ? [c.tookMs] : [])));
}

/** One run of many times the usual would make all others a line: bars end at so many times the median, and are drawn as broken. */
const BAR_MOST = 2.5;

export interface Bars {
  /** Height by run, 0 to 1. */
  heights: readonly number[];
  /** Bars that are longer than they are drawn. */
  cut: readonly boolean[];
  /** Where the median lies, 0 to 1; null without one. */
  median: number | null;
  /** What a full bar stands for. */
  topMs: number;
}

export function barsOf(worked: readonly number[], usual: number | null): Bars {
  const most = Math.max(1, ...worked);
  const topMs = usual === null || usual === 0 ? most : Math.min(most, BAR_MOST * usual);
  return { heights: worked.map((w) => Math.min(1, w / topMs)), cut: worked.map((w) => w > topMs), median: usual === null ? null : Math.min(1, usual / topMs), topMs };
}

/** Columns whose day stands above them: the first of a day, where the one before leaves room for its text. */
export function dayMarks(days: readonly string[], apart: number): boolean[] {
  let last = -apart;
  return days.map((day, i) => {
    const is = day !== days[i - 1] && i - last >= apart && i <= days.length - Math.min(apart, days.length);
    if (is) last = i;
    return is;
  });
}

export interface Place {
  /** -1 is the row of runs, above the steps. */
  row: number;
  column: number;
}

const byKey: Record<string, readonly [number, number]> = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Where a key leads in a grid of so many rows and columns; null where it leads nowhere. */
export function moved(from: Place, key: string, ctrl: boolean, rows: number, columns: number): Place | null {
  const clamp = (row: number, column: number): Place | null => {
    const to = { row: Math.max(-1, Math.min(rows - 1, row)), column: Math.max(0, Math.min(columns - 1, column)) };
    return to.row === from.row && to.column === from.column ? null : to;
  };
  const step = byKey[key];
  if (step !== undefined) return ctrl ? clamp(from.row + 1e6 * step[0], from.column + 1e6 * step[1]) : clamp(from.row + step[0], from.column + step[1]);
  if (key === "Home") return clamp(ctrl ? -1 : from.row, 0);
  if (key === "End") return clamp(ctrl ? rows - 1 : from.row, columns - 1);
  if (key === "PageUp") return clamp(-1, from.column);
  if (key === "PageDown") return clamp(rows - 1, from.column);
  return null;
}

/** What the address says is chosen: `RUN`, `RUN/STEP` or `RUN/Stage`. */
export interface Chosen {
  run: string;
  row: string | null;
}

export function chosenOf(text: string | null): Chosen | null {
  if (text === null || text === "") return null;
  const at = text.indexOf("/");
  return at < 0 ? { run: text, row: null } : { run: text.slice(0, at), row: text.slice(at + 1) };
}

export function chosenText(chosen: Chosen): string {
  return chosen.row === null ? chosen.run : `${chosen.run}/${chosen.row}`;
}

/** Where the chosen lies; the newest run where nothing of what is shown is chosen. */
export function placeOf(grid: Grid, lines: readonly Line[], chosen: Chosen | null): Place {
  const column = chosen === null ? -1 : grid.runs.findIndex((r) => r.id === chosen.run);
  if (column < 0 || chosen === null) return { row: -1, column: grid.runs.length - 1 };
  const row = lines.findIndex((l) => l.id === chosen.row);
  // A step of a folded stage is chosen by its stage's row.
  return { row: row >= 0 ? row : lines.findIndex((l) => l.kind === "stage" && l.steps.some((s) => s.name === chosen.row)), column };
}
