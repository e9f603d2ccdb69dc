/** What a page says about the stored values of one trade's decisions. It evaluates nothing. */
import type { LineKnown, MomentKnown, PartKnown, TradeKnown, ValueKnown } from "../api/client";
import { count, measured, NONE, price, ratio } from "../text/format";

/** true, false, or the figure. */
export function valueText(value: ValueKnown): string {
  if (!value.is_flag) return measured(value.value);
  return value.value === null ? NONE : value.value === 1 ? "true" : "false";
}

/** What stands beside a condition: its one figure, or its sides by name. A flag alone is said by the mark. */
export function sidesText(part: PartKnown): { figure: string | null; sides: string | null } {
  const told = part.sides.length === 1 && part.sides[0]!.is_flag ? [] : part.sides;
  if (told.length === 1) return { figure: valueText(told[0]!), sides: null };
  return { figure: null, sides: told.length === 0 ? null : told.map((side) => `${side.label} ${valueText(side)}`).join(", ") };
}

/** "held", "did not hold", or that a value was missing, which counts as not. */
export function heldText(holds: boolean | null): string {
  return holds === null ? "Not defined: " : holds ? "Held: " : "Did not hold: ";
}

/** A line of one condition stands for itself; one of several is followed by them. */
export function isSimple(line: LineKnown): boolean {
  return line.parts.length < 2;
}

export interface LevelRow {
  name: string;
  label: string;
  text: string;
  /** Whether it ended the position. */
  reached: boolean;
}

const levelOf: Record<string, string> = { stop: "stop", hard_stop: "stop", trail: "trail", trailing_stop: "trail", target: "target", take_profit: "target", time_stop: "days" };

/** The levels of an exit in the order of the file, with the one that ended the position. */
export function levelRows(exit: MomentKnown, reason: string): LevelRow[] {
  return exit.levels.map((level) => ({
    name: level.name, label: level.label, text: level.name === "days" ? count(level.value) : price(level.value), reached: levelOf[reason] === level.name,
  }));
}

/** How the bar stood to the level that ended the position: "Its low of 171.20 reached the stop." Null where a rule or the clock ended it. */
export function reachedText(exit: MomentKnown, reason: string): string | null {
  switch (levelOf[reason]) {
    case "stop": return `The bar's low of ${price(exit.low)} reached the stop.`;
    case "trail": return `The bar's low of ${price(exit.low)} reached the trailing stop.`;
    case "target": return `The bar's high of ${price(exit.high)} reached the target.`;
    default: return null;
  }
}

export interface ScoreShown {
  /** 0 to 100: where score and threshold stand on the bar. */
  at: number | null;
  wantedAt: number | null;
  text: string;
  from: string;
}

/** The score against its threshold, and what kind of score it is: a rule score is no probability. */
export function scoreOf(known: TradeKnown): ScoreShown {
  const wanted = known.threshold === null ? "" : `, at least ${ratio(known.threshold)} wanted`;
  const place = (value: number | null): number | null => (value === null ? null : Math.round(1000 * Math.min(1, Math.max(0, value))) / 10);
  const from = known.score_source === "classifier" ? "Calibrated probability of the trained model"
    : known.score_source === "rule" ? "Rule score: how clearly the rules held, no probability"
    : "Rules alone decide, there is no score";
  return { at: place(known.score), wantedAt: place(known.threshold), text: known.score === null ? "no score" : `${ratio(known.score)}${wanted}`, from };
}
