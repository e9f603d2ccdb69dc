import { useEffect, useMemo, useRef, useState } from "react";
import { axisOf, brushed, heightOf, valueAt } from "../../leaderboard/axes";
import { rowOf } from "../../leaderboard/columns";
import { figureText, wordText } from "../../leaderboard/fields";
import type { Filter } from "../../leaderboard/filters";
import { count } from "../../text/format";
import { useView } from "../../theme/View";
import type { ParallelAxesProps } from "./types";
import "./style.css";

/** Up to so many rows have a line each. */
export const LINES_MOST = 2_000;

const HEIGHT = 262, TOP = 40, FOOT = 22, SIDE = 34;

/** One line a combo across its parameters and figures; dragging on an axis writes the same filters as the bar above the table. */
export function ParallelAxes({ board, axes, rows, bands, filters, focus, onBrush }: ParallelAxesProps) {
  const { theme } = useView();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [drag, setDrag] = useState<{ axis: number; from: number; to: number } | null>(null);
  const scales = useMemo(() => axes.map((f) => axisOf(board, f.column)), [axes, board]);

  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    watch.observe(canvas.current!.parentElement!);
    return () => watch.disconnect();
  }, []);

  const xOf = (i: number): number => (axes.length < 2 ? width / 2 : SIDE + (i * (width - 2 * SIDE)) / (axes.length - 1));
  const yOf = (height: number): number => HEIGHT - FOOT - height * (HEIGHT - FOOT - TOP);

  useEffect(() => {
    const at = canvas.current!;
    if (width === 0) return;
    const scale = window.devicePixelRatio || 1;
    at.width = width * scale;
    at.height = HEIGHT * scale;
    const pen = at.getContext("2d")!;
    pen.scale(scale, scale);
    pen.clearRect(0, 0, width, HEIGHT);
    const style = getComputedStyle(at);
    const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    const gate = board.columns["gate"];
    const fail = gate?.kind === "words" ? gate.words.indexOf("FAIL") : -1;

    const line = (row: number): void => {
      let open = false;
      for (let i = 0; i < axes.length; i++) {
        const axis = scales[i];
        const column = board.columns[axes[i]!.column];
        const height = axis === null || axis === undefined || column === undefined ? -1 : heightOf(axis, column.values[row]!);
        if (height < 0) open = false;
        else if (open) pen.lineTo(xOf(i), yOf(height));
        else {
          pen.moveTo(xOf(i), yOf(height));
          open = true;
        }
      }
    };

    pen.lineWidth = 1;
    if (rows.length <= LINES_MOST) {
      for (const failed of [true, false]) {
        pen.beginPath();
        for (const row of rows) if ((gate?.values[row] === fail) === failed) line(row);
        pen.strokeStyle = token(failed ? "idle" : "run");
        pen.globalAlpha = failed ? 0.22 : rows.length > 300 ? 0.18 : 0.5;
        pen.stroke();
      }
    } else if (bands !== null) {
      pen.strokeStyle = token("run");
      bands.forEach((band, i) => {
        if (band === null) return;
        // Eight strengths, so that there are eight strokes and not one a line.
        for (let step = 1; step <= 8; step++) {
          pen.beginPath();
          for (let k = 0; k < band.counts.length; k++) {
            const n = band.counts[k]!;
            if (n === 0 || Math.ceil((8 * Math.log1p(n)) / Math.log1p(band.most)) !== step) continue;
            pen.moveTo(xOf(i), yOf((Math.floor(k / band.bins) + 0.5) / band.bins));
            pen.lineTo(xOf(i + 1), yOf(((k % band.bins) + 0.5) / band.bins));
          }
          pen.globalAlpha = 0.03 + 0.055 * step;
          pen.stroke();
        }
      });
    }

    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    focus.slice(0, 4).forEach((combo, i) => {
      const row = rowOf(board, combo);
      if (row < 0) return;
      pen.beginPath();
      line(row);
      pen.strokeStyle = token(i === 0 ? "text" : i === 1 ? "warn" : i === 2 ? "ok" : "wait");
      pen.stroke();
    });

    pen.lineWidth = 1;
    pen.font = `11px ${style.fontFamily}`;
    pen.textAlign = "center";
    axes.forEach((field, i) => {
      const axis = scales[i];
      pen.strokeStyle = token("field");
      pen.beginPath();
      pen.moveTo(xOf(i), yOf(1));
      pen.lineTo(xOf(i), yOf(0));
      pen.stroke();
      pen.textAlign = i === 0 ? "left" : i === axes.length - 1 ? "right" : "center";
      const tx = i === 0 ? 0 : i === axes.length - 1 ? width : xOf(i);
      pen.fillStyle = token("sub");
      pen.fillText(field.label, tx, 12);
      if (axis === null || axis === undefined) return;
      const end = (height: number): string => (axis.words !== null ? wordText(field, axis.words[height === 0 ? 0 : axis.words.length - 1] ?? null) : figureText(field.kind, valueAt(axis, height)));
      pen.fillStyle = token("mut");
      pen.fillText(end(1), tx, 28);
      pen.fillText(end(0), tx, HEIGHT - 6);
      const span = drag !== null && drag.axis === i ? { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) } : spanOf(filters, field.name, axis);
      if (span !== null) {
        pen.fillStyle = token("acc");
        pen.globalAlpha = 0.3;
        pen.fillRect(xOf(i) - 6, yOf(span.to) - 2, 12, Math.max(4, yOf(span.from) - yOf(span.to) + 4));
        pen.globalAlpha = 1;
        pen.strokeStyle = token("acc");
        pen.strokeRect(xOf(i) - 6, yOf(span.to) - 2, 12, Math.max(4, yOf(span.from) - yOf(span.to) + 4));
      }
    });
    // xOf and yOf follow from the width.
  }, [board, axes, scales, rows, bands, filters, focus, width, drag, theme]);

  const place = (event: React.PointerEvent): { x: number; height: number } => {
    const rect = canvas.current!.getBoundingClientRect();
    return { x: event.clientX - rect.left, height: Math.min(1, Math.max(0, (HEIGHT - FOOT - (event.clientY - rect.top)) / (HEIGHT - FOOT - TOP))) };
  };

  return (
    <div className="px">
      <canvas
        ref={canvas} className="px-c" style={{ height: HEIGHT }} role="img" aria-label={`${count(rows.length)} combos across ${axes.map((f) => f.label.toLowerCase()).join(", ")}. Filters above the table do the same as dragging on an axis.`}
        onPointerDown={(e) => {
          const { x, height } = place(e);
          const axis = axes.findIndex((_, i) => Math.abs(xOf(i) - x) < 22);
          if (axis < 0 || scales[axis] === null) return;
          e.currentTarget.setPointerCapture(e.pointerId);
          setDrag({ axis, from: height, to: height });
        }}
        onPointerMove={(e) => {
          if (drag !== null) setDrag({ ...drag, to: place(e).height });
        }}
        onPointerUp={() => {
          if (drag === null) return;
          const field = axes[drag.axis]!;
          const axis = scales[drag.axis]!;
          setDrag(null);
          // A click without a way takes the span of the axis away.
          if (Math.abs(drag.from - drag.to) < 0.02) return onBrush(field.name, []);
          const span = brushed(board, axis, drag.from, drag.to);
          const texts = (value: number): string[] => [String(value)];
          if ("words" in span) onBrush(field.name, span.words.length === 0 ? [] : [{ field: field.name, comparator: "in", values: span.words }]);
          else onBrush(field.name, [{ field: field.name, comparator: ">=", values: texts(span.low) }, { field: field.name, comparator: "<=", values: texts(span.high) }]);
        }}
      />
    </div>
  );
}

function spanOf(filters: readonly Filter[], name: string, axis: NonNullable<ReturnType<typeof axisOf>>): { from: number; to: number } | null {
  const own = filters.filter((f) => f.field === name);
  if (own.length === 0) return null;
  if (axis.words !== null) {
    const places = own.flatMap((f) => f.values).map((v) => axis.words!.findIndex((w) => w.toLowerCase() === v.toLowerCase())).filter((i) => i >= 0);
    return places.length === 0 ? null : { from: heightOf(axis, Math.min(...places)), to: heightOf(axis, Math.max(...places)) };
  }
  const limit = (signs: readonly string[], none: number): number => {
    const found = own.find((f) => signs.includes(f.comparator));
    return found === undefined ? none : Math.min(1, Math.max(0, heightOf(axis, Number(found.values[0]))));
  };
  const listed = own.filter((f) => f.comparator === "in").flatMap((f) => f.values.map(Number)).filter((v) => Number.isFinite(v));
  if (listed.length > 0) return { from: heightOf(axis, Math.min(...listed)), to: heightOf(axis, Math.max(...listed)) };
  return { from: limit([">=", ">"], 0), to: limit(["<=", "<"], 1) };
}
