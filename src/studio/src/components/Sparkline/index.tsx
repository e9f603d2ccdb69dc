import type { SparklineProps } from "./types";
import "./style.css";

const WIDTH = 62, HEIGHT = 18;

/** An account drawn small; its figures stand beside it. */
export function Sparkline({ values, tone }: SparklineProps) {
  const low = Math.min(1, ...values);
  const high = Math.max(1, ...values);
  const y = (v: number): string => (high === low ? HEIGHT / 2 : HEIGHT - 2 - ((v - low) / (high - low)) * (HEIGHT - 4)).toFixed(1);
  const path = values.map((v, i) => `${i === 0 ? "M" : "L"}${((i * (WIDTH - 2)) / Math.max(1, values.length - 1) + 1).toFixed(1)} ${y(v)}`).join("");
  return (
    <svg className={`spark t-${tone}`} width={WIDTH} height={HEIGHT} aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}
