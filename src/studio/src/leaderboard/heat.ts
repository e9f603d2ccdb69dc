/** A figure by parameter: one across, up to two down. Where other parameters vary too, a cell shows the middle of its combos: the best of many would flatter a cell that holds many. */
import { distinct, type Board } from "./columns";

export interface HeatQuery {
  x: string;
  /** Outer, then inner. */
  y: readonly string[];
  metric: string;
}

export interface HeatCells {
  xs: Float64Array;
  /** One for each parameter that goes down. */
  ys: readonly Float64Array[];
  /** Cells across, then down; NaN where there is no combo or no figure. */
  values: Float64Array;
  /** Combos of each cell. */
  counts: Uint32Array;
  /** 0 some pass, 1 the best is marginal, 2 all fail. */
  gates: Uint8Array;
  /** The best-ranked row of each cell; the length of the board where it has none. */
  best: Uint32Array;
  /** The largest distance from 0. */
  largest: number;
}

export function heatOf(board: Board, query: HeatQuery, rows: Uint32Array | null): HeatCells {
  const x = board.columns[query.x];
  const downs = query.y.flatMap((name) => (board.columns[name] === undefined ? [] : [board.columns[name]]));
  const metric = board.columns[query.metric];
  if (x === undefined || metric === undefined) return { xs: new Float64Array(), ys: [], values: new Float64Array(), counts: new Uint32Array(), gates: new Uint8Array(), best: new Uint32Array(), largest: 0 };
  const xs = distinct(x);
  const ys = downs.map(distinct);
  const placeX = placesOf(xs);
  const placesY = ys.map(placesOf);
  const width = xs.length;
  const height = ys.reduce((n, v) => n * v.length, 1);
  const cells = width * height;
  const gate = board.columns["gate"];
  const [pass, marginal] = gate?.kind === "words" ? [gate.words.indexOf("PASS"), gate.words.indexOf("MARGINAL")] : [-1, -1];
  const n = rows === null ? board.rows : rows.length;
  const cellOf = new Int32Array(n).fill(-1);
  const counts = new Uint32Array(cells);
  const gates = new Uint8Array(cells).fill(2);
  const best = new Uint32Array(cells).fill(board.rows);
  for (let k = 0; k < n; k++) {
    const row = rows === null ? k : rows[k]!;
    const across = placeX.get(x.values[row]!);
    if (across === undefined) continue;
    let down = 0;
    let there = true;
    for (let d = 0; d < downs.length; d++) {
      const place = placesY[d]!.get(downs[d]!.values[row]!);
      if (place === undefined) there = false;
      else down = down * ys[d]!.length + place;
    }
    if (!there) continue;
    const cell = down * width + across;
    cellOf[k] = cell;
    counts[cell]!++;
    if (row < best[cell]!) best[cell] = row;
    const is = gate?.values[row];
    if (is === pass) gates[cell] = 0;
    else if (is === marginal && gates[cell] === 2) gates[cell] = 1;
  }
  const values = middles(metric.values, rows, cellOf, counts);
  let largest = 0;
  for (const value of values) if (!Number.isNaN(value)) largest = Math.max(largest, Math.abs(value));
  return { xs, ys, values, counts, gates, best, largest };
}

const placesOf = (values: Float64Array): Map<number, number> => new Map(Array.from(values, (v, i) => [v, i]));

/** The middle figure of each cell: of an even number the mean of the two. */
function middles(figures: Float64Array, rows: Uint32Array | null, cellOf: Int32Array, counts: Uint32Array): Float64Array {
  const starts = new Uint32Array(counts.length + 1);
  for (let c = 0; c < counts.length; c++) starts[c + 1] = starts[c]! + counts[c]!;
  const filled = starts.slice(0, counts.length);
  const kept = new Uint32Array(counts.length);
  const sortedBy = new Float64Array(starts[counts.length]!);
  for (let k = 0; k < cellOf.length; k++) {
    const cell = cellOf[k]!;
    if (cell < 0) continue;
    const value = figures[rows === null ? k : rows[k]!]!;
    if (Number.isNaN(value)) continue;
    sortedBy[filled[cell]!++] = value;
    kept[cell]!++;
  }
  const middle = new Float64Array(counts.length).fill(NaN);
  for (let c = 0; c < counts.length; c++) {
    const m = kept[c]!;
    if (m === 0) continue;
    const own = sortedBy.subarray(starts[c]!, starts[c]! + m).sort();
    middle[c] = m % 2 === 1 ? own[(m - 1) / 2]! : (own[m / 2 - 1]! + own[m / 2]!) / 2;
  }
  return middle;
}

/** Which parameter goes across and which go down, unless somebody chose: the first across, the next two down; longest across where there are but two. */
export function usualAxes(board: Board, parameters: readonly string[]): { x: string; y: string[] } | null {
  const varied = parameters.filter((p) => board.columns[p] !== undefined && distinct(board.columns[p]!).length > 1);
  if (varied.length === 0) return null;
  const [first, ...rest] = varied;
  return { x: first!, y: rest.slice(0, 2) };
}
