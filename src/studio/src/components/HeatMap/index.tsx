import { useEffect, useMemo, useRef, useState, type CSSProperties } from "react";
import { numberAt, rowOf, type Board } from "../../leaderboard/columns";
import { figureText, wordText, type Field } from "../../leaderboard/fields";
import { count, many } from "../../text/format";
import { sweeps as words } from "../../text/sweeps";
import { useView } from "../../theme/View";
import { Glyph } from "../Icon";
import type { HeatMapProps } from "./types";
import "./style.css";

/** Above so many cells they are painted, below they are a table. */
export const CANVAS_FROM = 2_000;

const HEIGHT = 330, LABELS = 92, FOOT = 22;

function valueText(board: Board, field: Field, value: number): string {
  const column = board.columns[field.column];
  return column?.kind === "words" ? wordText(field, column.words[value] ?? null) : figureText(field.kind, value);
}

/** Blue above 0 and orange below; sign, figure and mark stand in the cell, so that the colour says nothing alone. */
export function HeatMap(props: HeatMapProps) {
  const { cells, x, y, metric } = props;
  const isLarge = cells.values.length > CANVAS_FROM;
  const mixed = cells.counts.some((n) => n > 1);
  return (
    <div className="hm" data-cells={cells.values.length}>
      {cells.values.length === 0 ? <p className="mut hm-none">{words.heatNone}</p> : isLarge ? <Painted {...props} /> : <Table {...props} />}
      <p className="hm-foot">
        <span>
          {x.label} across{y.length === 0 ? "" : `, ${y.map((f) => f.label.toLowerCase()).join(" and ")} down`}
          {mixed ? `; each cell is the middle ${metric.label} of its combos` : ""}
        </span>
        <span className="hm-marks">
          <span>
            <Glyph name="triangle" size={9} /> marginal
          </span>
          <span>
            <Glyph name="cross" size={9} /> fail
          </span>
        </span>
      </p>
    </div>
  );
}

function strengthOf(value: number, largest: number): number {
  return largest === 0 ? 0 : Math.round(8 + (42 * Math.abs(value)) / largest);
}

function Table({ board, cells, x, y, metric, focus, onFocus }: HeatMapProps) {
  const [outer, inner] = y.length === 2 ? [y[0]!, y[1]!] : [null, y[0] ?? null];
  const inners = inner === null ? Float64Array.of(NaN) : cells.ys[y.length - 1]!;
  const outers = outer === null ? Float64Array.of(NaN) : cells.ys[0]!;
  const width = cells.xs.length;
  const ring = focus === null ? -1 : rowOf(board, focus);
  const at = ring < 0 ? -1 : cells.best.indexOf(ring);
  return (
    <div className="hm-box" tabIndex={0} role="region" aria-label={`${metric.label} by parameter`}>
      <table className="hm-t">
        <thead>
          <tr>
            {outer === null ? null : <td />}
            <td />
            {Array.from(cells.xs, (v) => (
              <th key={v} scope="col">
                {valueText(board, x, v)}
              </th>
            ))}
          </tr>
        </thead>
        {Array.from(outers, (o, i) => (
          <tbody key={i}>
            {Array.from(inners, (n, j) => {
              const down = i * inners.length + j;
              return (
                <tr key={j}>
                  {outer !== null && j === 0 ? (
                    <th scope="rowgroup" rowSpan={inners.length} className="hm-o">
                      {valueText(board, outer, o)}
                    </th>
                  ) : null}
                  {inner === null ? <td /> : <th scope="row">{valueText(board, inner, n)}</th>}
                  {Array.from({ length: width }, (_, a) => {
                    const cell = down * width + a;
                    const value = cells.values[cell]!;
                    const combo = numberAt(board, "combo_id", cells.best[cell]!);
                    const gate = cells.gates[cell]!;
                    if (cells.counts[cell] === 0 || combo === null) return <td key={a} className="hm-e" />;
                    return (
                      <td key={a}>
                        <button
                          type="button" className={`hm-c${cell === at ? " at" : ""}${value < 0 ? " low" : ""}`} style={{ "--s": `${Number.isNaN(value) ? 0 : strengthOf(value, cells.largest)}%` } as CSSProperties}
                          aria-label={`${cells.counts[cell]! > 1 ? `${many(cells.counts[cell]!, "combo", "combos")}, best ${combo}` : `Combo ${combo}`}: ${figureText(metric.kind, Number.isNaN(value) ? null : value) || "n/a"}${gate === 2 ? ", fail" : gate === 1 ? ", marginal" : ""}`}
                          onClick={() => onFocus(combo)}
                        >
                          {figureText(metric.kind, Number.isNaN(value) ? null : value)}
                          {gate === 0 ? null : (
                            <span className="hm-m">
                              <Glyph name={gate === 2 ? "cross" : "triangle"} size={8} />
                            </span>
                          )}
                        </button>
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Painted({ board, cells, x, y, metric, focus, onFocus }: HeatMapProps) {
  const { theme } = useView();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [over, setOver] = useState<number | null>(null);
  const across = cells.xs.length;
  const down = cells.values.length / across;
  const groups = y.length === 2 ? cells.ys[0]! : null;

  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    watch.observe(canvas.current!.parentElement!);
    return () => watch.disconnect();
  }, []);

  const picture = useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const [ground, high, low] = ["raised", "run", "retry"].map((t) => rgb(style.getPropertyValue(`--${t}`)));
    const pixels = new ImageData(across, down);
    for (let i = 0; i < cells.values.length; i++) {
      const value = cells.values[i]!;
      if (Number.isNaN(value)) continue;
      const share = cells.largest === 0 ? 0 : 0.1 + (0.8 * Math.abs(value)) / cells.largest;
      const to = value < 0 ? low! : high!;
      for (let k = 0; k < 3; k++) pixels.data[4 * i + k] = ground![k]! + (to[k]! - ground![k]!) * share;
      pixels.data[4 * i + 3] = 255;
    }
    return pixels;
    // A theme is painted anew.
  }, [cells, across, down, theme]);

  useEffect(() => {
    const at = canvas.current!;
    if (width <= LABELS) return;
    const scale = window.devicePixelRatio || 1;
    at.width = width * scale;
    at.height = (HEIGHT + FOOT) * scale;
    const pen = at.getContext("2d")!;
    pen.scale(scale, scale);
    pen.clearRect(0, 0, width, HEIGHT + FOOT);
    const small = new OffscreenCanvas(across, down);
    small.getContext("2d")!.putImageData(picture, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, LABELS, 0, width - LABELS, HEIGHT);
    const style = getComputedStyle(at);
    const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    pen.font = `11px ${style.fontFamily}`;
    pen.fillStyle = token("mut");
    pen.textBaseline = "middle";
    const cellH = HEIGHT / down;
    if (groups !== null) {
      const each = HEIGHT / groups.length;
      groups.forEach((g, i) => {
        if (each >= 13 || i % Math.ceil(13 / each) === 0) pen.fillText(valueText(board, y[0]!, g), 0, (i + 0.5) * each, LABELS - 8);
        if (i > 0) {
          pen.fillStyle = token("surface");
          pen.fillRect(LABELS, i * each - 0.5, width - LABELS, 1);
          pen.fillStyle = token("mut");
        }
      });
    } else if (y[0] !== undefined) cells.ys[0]!.forEach((v, i) => cellH >= 13 && pen.fillText(valueText(board, y[0]!, v), 0, (i + 0.5) * cellH, LABELS - 8));
    pen.textAlign = "center";
    const cellW = (width - LABELS) / across;
    const step = Math.ceil(44 / cellW);
    cells.xs.forEach((v, i) => i % step === 0 && pen.fillText(valueText(board, x, v), LABELS + (i + 0.5) * cellW, HEIGHT + FOOT / 2, 60));
    const row = focus === null ? -1 : rowOf(board, focus);
    const place = row < 0 ? -1 : cells.best.indexOf(row);
    if (place >= 0) {
      pen.strokeStyle = token("text");
      pen.lineWidth = 2;
      pen.strokeRect(LABELS + (place % across) * cellW, Math.floor(place / across) * cellH, Math.max(4, cellW), Math.max(4, cellH));
    }
    at.dispatchEvent(new Event("painted"));
  }, [picture, width, board, cells, x, y, groups, focus, across, down]);

  const cellAt = (event: React.PointerEvent | React.MouseEvent): number | null => {
    const rect = canvas.current!.getBoundingClientRect();
    const [px, py] = [event.clientX - rect.left - LABELS, event.clientY - rect.top];
    if (px < 0 || py < 0 || py >= HEIGHT) return null;
    return Math.min(down - 1, Math.floor((py / HEIGHT) * down)) * across + Math.min(across - 1, Math.floor((px / (width - LABELS)) * across));
  };
  const told = over === null || cells.counts[over] === 0 ? null : over;
  return (
    <>
      <canvas
        ref={canvas} className="hm-p" style={{ height: HEIGHT + FOOT }} role="img" aria-label={`${metric.label} of ${count(cells.values.length)} cells by ${[x, ...y].map((f) => f.label.toLowerCase()).join(", ")}; the table holds the same figures.`}
        onPointerMove={(e) => setOver(cellAt(e))} onPointerLeave={() => setOver(null)}
        onClick={(e) => {
          const cell = cellAt(e);
          const combo = cell === null ? null : numberAt(board, "combo_id", cells.best[cell]!);
          if (combo !== null) onFocus(combo);
        }}
      />
      <p className="hm-now" aria-hidden="true">
        {told === null ? " " : `${valueText(board, x, cells.xs[told % across]!)}${y.map((f, i) => `, ${valueText(board, f, cells.ys[i]![i === y.length - 1 ? Math.floor(told / across) % cells.ys[i]!.length : Math.floor(told / across / cells.ys[y.length - 1]!.length)]!)}`).join("")}: ${figureText(metric.kind, Number.isNaN(cells.values[told]!) ? null : cells.values[told]!) || "n/a"}, ${many(cells.counts[told]!, "combo", "combos")}${cells.gates[told] === 2 ? ", all fail" : cells.gates[told] === 1 ? ", marginal at best" : ""}`}
      </p>
    </>
  );
}

function rgb(hex: string): [number, number, number] {
  const text = hex.trim();
  return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16)) as [number, number, number];
}
