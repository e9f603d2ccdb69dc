/** Pure geometry of the equity chart. */

export interface Scale {
  low: number;
  high: number;
  ticks: readonly number[];
}

const STEPS = [1, 2, 2.5, 5, 10];

/** Round steps that hold all values and 0. */
export function scaleOf(values: readonly (number | null)[], wanted = 5): Scale {
  let low = 0;
  let high = 0;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) return { low: -0.01, high: 0.01, ticks: [-0.01, 0, 0.01] };
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * STEPS.find((s) => s * power >= rough * 0.999)!;
  const from = Math.floor(low / step + 1e-9);
  const to = Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => Number(((from + i) * step).toPrecision(12)));
  return { low: ticks[0]!, high: ticks.at(-1)!, ticks };
}

/** Digits that tell two ticks apart, in percent. */
export function digitsOf(ticks: readonly number[]): number {
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) * 100 : 1;
  for (let digits = 0; digits < 4; digits++) if (Math.abs(step - Number(step.toFixed(digits))) < step * 1e-6) return digits;
  return 4;
}

/** A line through the values; a missing one breaks it. */
export function path(values: readonly (number | null)[], x: (i: number) => number, y: (value: number) => number): string {
  let text = "";
  let pen = "M";
  values.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) {
      pen = "M";
      return;
    }
    text += `${pen}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = "L";
  });
  return text;
}

/** Where a new year begins, or with less than two years a new quarter. */
export function marksOf(dates: readonly string[]): { at: number; label: string }[] {
  const years = new Set(dates.map((d) => d.slice(0, 4))).size;
  const key = years > 2 ? (d: string): string => d.slice(0, 4) : (d: string): string => `${d.slice(0, 4)} ${Math.floor((Number(d.slice(5, 7)) - 1) / 3)}`;
  const found: { at: number; label: string }[] = [];
  dates.forEach((date, i) => {
    if (i === 0 || key(date) === key(dates[i - 1]!)) return;
    const month = ["Jan", "", "", "Apr", "", "", "Jul", "", "", "Oct"][Number(date.slice(5, 7)) - 1] ?? "";
    found.push({ at: i, label: years > 2 || month === "Jan" ? date.slice(0, 4) : month });
  });
  return found;
}

/** Index of the last mark of each month. */
export function monthEnds(dates: readonly string[]): number[] {
  return dates.flatMap((date, i) => (i === dates.length - 1 || dates[i + 1]!.slice(0, 7) !== date.slice(0, 7) ? [i] : []));
}
