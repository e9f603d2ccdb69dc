import { useRef } from "react";
import { stepped } from "./steps";
import type { SplitterProps } from "./types";
import "./style.css";

/** The line between two regions: dragged, moved by arrows (far with Shift, Home and End to its ends), and back by a double click or Enter. */
export function Splitter({ label, orientation, value, least, most, standard, unit, isBackward = false, pixels = () => 1, onMove, onChange }: SplitterProps) {
  const drag = useRef<{ at: number; value: number; now: number } | null>(null);
  const within = (next: number): number => Math.round(Math.min(most, Math.max(least, next)));
  const place = (e: React.PointerEvent): number => (orientation === "vertical" ? e.clientX : e.clientY);

  function end(isKept: boolean) {
    const was = drag.current;
    drag.current = null;
    if (was === null) return;
    if (isKept && was.now !== was.value) onChange(was.now);
    else onMove(was.value);
  }

  return (
    <div
      className={`split ${orientation}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuetext={`${value} ${unit === "px" ? "pixels" : "percent"}`}
      title={`${label}: drag, or arrow keys; double click to go back`}
      onPointerDown={(e) => {
        if (e.button !== 0) return;
        e.currentTarget.setPointerCapture(e.pointerId);
        drag.current = { at: place(e), value, now: value };
      }}
      onPointerMove={(e) => {
        const was = drag.current;
        if (was === null) return;
        was.now = within(was.value + ((place(e) - was.at) * (isBackward ? -1 : 1)) / pixels());
        onMove(was.now);
      }}
      onPointerUp={() => end(true)}
      onPointerCancel={() => end(false)}
      onDoubleClick={() => onChange(standard)}
      onKeyDown={(e) => {
        if (e.ctrlKey || e.metaKey || e.altKey) return;
        if (e.key === "Escape" && drag.current !== null) end(false);
        else {
          const next = e.key === "Enter" ? standard : stepped(e.key, orientation, value, { least, most, isBackward, isFar: e.shiftKey, step: unit === "px" ? 16 : 4 });
          if (next === null) return;
          onChange(within(next));
        }
        e.preventDefault();
        e.stopPropagation();
      }}
    />
  );
}
