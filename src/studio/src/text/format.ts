/** How figures read on screen: sign, unit and what stands where there is none. Fractions of the API become percent here and nowhere else. */

export const NONE = "n/a";
const MINUS = "−";
const THIN = "\u202f";

type Figure = number | null | undefined;

function isFigure(value: Figure): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Fixed digits with a true minus; what rounds to zero has no sign. */
function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return Number(value.toFixed(digits)) > 0 ? `+${text}` : text;
}

function grouped(digits: string, separator: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, separator);
}

/** A return, always signed: 0.0198 is +1.98%. */
export function returnPercent(fraction: Figure): string {
  return isFigure(fraction) ? `${signed(100 * fraction, 2)}%` : NONE;
}

/** A rate or share, unsigned: 0.574 is 57.4%. */
export function rate(fraction: Figure, digits = 1): string {
  return isFigure(fraction) ? `${fixed(100 * fraction, digits)}%` : NONE;
}

/** Depth of a drawdown, unsigned whichever sign it came with: 0.34%. */
export function drawdown(fraction: Figure): string {
  return isFigure(fraction) ? `${fixed(Math.abs(100 * fraction), 2)}%` : NONE;
}

/** Sharpe, profit factor and their like: 1.89. */
export function ratio(value: Figure): string {
  return isFigure(value) ? fixed(value, 2) : NONE;
}

/** An interval around a ratio: −0.89 to 4.67. */
export function ratioInterval(low: Figure, high: Figure): string {
  return isFigure(low) && isFigure(high) ? `${fixed(low, 2)} to ${fixed(high, 2)}` : NONE;
}

/** Costs, slippage, spread, yield. */
export function bps(value: Figure): string {
  return isFigure(value) ? `${fixed(value, Number.isInteger(value) ? 0 : 1)} ${Math.abs(value) === 1 ? "bp" : "bps"}` : NONE;
}

/** What a bp is, for whoever hovers over one. */
export function bpsHint(value: Figure): string {
  return isFigure(value) ? `1 bp = 0.01%, so ${bps(value)} = ${fixed(value / 100, 2)}%` : "1 bp = 0.01%";
}

/** A probability: 0.59. */
export function probability(value: Figure): string {
  return isFigure(value) ? fixed(value, 2) : NONE;
}

/** A p-value: four digits, never 0. */
export function pValue(value: Figure): string {
  return isFigure(value) ? (value < 0.0001 ? "under 0.0001" : fixed(value, 4)) : NONE;
}

/** Probability of backtest overfitting, in whole percent. */
export function pbo(fraction: Figure): string {
  return isFigure(fraction) ? `${fixed(100 * fraction, 0)}%` : NONE;
}

const SIGNS: Record<string, string> = { USD: "$", EUR: "€", GBP: "£" };

/** Profit or loss in money, signed: +$114.85. */
export function money(value: Figure, currency = "USD"): string {
  if (!isFigure(value)) return NONE;
  const [whole, cents] = Math.abs(value).toFixed(2).split(".") as [string, string];
  const sign = Number(value.toFixed(2)) > 0 ? "+" : Number(value.toFixed(2)) < 0 ? MINUS : "";
  return `${sign}${SIGNS[currency] ?? `${currency} `}${grouped(whole, THIN)}.${cents}`;
}

/** Money on an axis alone: 1.2 M. */
export function moneyOnAxis(value: Figure, currency = "USD"): string {
  if (!isFigure(value)) return NONE;
  const size = Math.abs(value);
  const [scale, unit] = size >= 1e9 ? [1e9, " B"] : size >= 1e6 ? [1e6, " M"] : size >= 1e3 ? [1e3, " k"] : [1, ""];
  return `${value < 0 ? MINUS : ""}${SIGNS[currency] ?? `${currency} `}${(size / scale).toFixed(scale === 1 ? 0 : 1)}${unit}`;
}

/** A price at the tick of its instrument. */
export function price(value: Figure, tick = 0.01): string {
  return isFigure(value) ? fixed(value, Math.max(0, Math.round(-Math.log10(tick)))) : NONE;
}

/** A setting as people type it: 5, 2.5, −0.125; no more digits than it has. */
export function setting(value: Figure): string {
  return isFigure(value) ? (value < 0 ? MINUS : "") + String(Number(Math.abs(value).toPrecision(12))) : NONE;
}

/** A count: 18,900. */
export function count(value: Figure): string {
  return isFigure(value) ? (value < 0 ? MINUS : "") + grouped(Math.abs(Math.round(value)).toString(), ",") : NONE;
}

/** A size: 512 B, 4.2 kB, 128 MB, 1.3 GB. */
export function bytes(value: Figure): string {
  if (!isFigure(value)) return NONE;
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [size, unit] = [Math.max(0, value), 0];
  while (size >= 999.5 && unit < units.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit === 0 || size >= 99.95 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** A figure as it was given, without more digits than it has: 0.55, 14. */
export function given(value: Figure): string {
  return isFigure(value) ? (value < 0 ? MINUS : "") + String(Number(Math.abs(value).toPrecision(10))) : NONE;
}

/** A measured value of any size: five digits below a hundred (61.342, 0.012346), cents above it (1360.64), whole from ten thousand on (123,456). */
export function measured(value: Figure): string {
  if (!isFigure(value)) return NONE;
  const size = Math.abs(value);
  return size >= 10_000 ? count(value) : (value < 0 ? MINUS : "") + (size >= 100 ? String(Number(size.toFixed(2))) : new Intl.NumberFormat("en-US", { maximumSignificantDigits: 5 }).format(size));
}

/** What is percent already, such as a parameter: 2 is 2%. */
export function percentGiven(value: Figure): string {
  return isFigure(value) ? `${given(value)}%` : NONE;
}

/** Beside something usual, as words before it: 8% above, 34% below, as, and from ten times on 14 times. */
export function beside(value: Figure, usual: Figure): string {
  if (!isFigure(value) || !isFigure(usual) || usual <= 0) return NONE;
  const times = value / usual;
  if (times >= 9.5) return `${count(Math.round(times))} times`;
  const percent = Math.round(100 * (times - 1));
  return percent === 0 ? "as" : `${Math.abs(percent)}% ${percent > 0 ? "above" : "below"}`;
}

/** A mean of days or hours: 3.4. */
export function decimals(value: Figure, digits: number): string {
  return isFigure(value) ? fixed(value, digits) : NONE;
}

/** A duration in at most two units: 340 ms, 7.4 s, 1 min 12 s, 3 h 11 min, 1 d 2 h. */
export function duration(ms: Figure): string {
  if (!isFigure(ms)) return NONE;
  const t = Math.max(0, ms);
  if (t < 999.5) return `${Math.round(t)} ms`;
  if (t < 9_950) return `${(t / 1000).toFixed(1)} s`;
  const seconds = Math.round(t / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return two(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.floor(seconds / 60);
  return minutes < 1440 ? two(Math.floor(minutes / 60), "h", minutes % 60, "min") : two(Math.floor(minutes / 1440), "d", Math.floor((minutes % 1440) / 60), "h");
}

/** A duration that is read while it grows: whole seconds, then minutes. */
export function age(ms: Figure): string {
  if (!isFigure(ms)) return NONE;
  return ms < 1000 ? "0 s" : duration(ms < 60_000 ? Math.floor(ms / 1000) * 1000 : ms).replace(/\.0 s$/, " s");
}

function two(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`;
}

/** First and last four of a digest or an id. */
export function digest(value: string | null | undefined): string {
  if (!value) return NONE;
  return value.length > 12 ? `${value.slice(0, 4)}…${value.slice(-4)}` : value;
}

/** An id with its prefix whole: run_01a1…cb46. */
export function shortId(id: string): string {
  const at = id.indexOf("_");
  return at < 0 ? digest(id) : id.length - at > 13 ? `${id.slice(0, at + 5)}…${id.slice(-4)}` : id;
}

const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Whether a text holds characters that are obeyed instead of shown. */
export function hiddenIn(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/** Text of others with its control and direction characters shown instead of obeyed. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}

/** The same, cut for lists. */
export function cut(text: string, most = 80): string {
  const shown = visible(text);
  const letters = [...shown];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : shown;
}

const plurals = new Intl.PluralRules("en");

/** "1 vote", "2 votes". */
export function many(n: number, one: string, other: string): string {
  return `${count(n)} ${plurals.select(n) === "one" ? one : other}`;
}
