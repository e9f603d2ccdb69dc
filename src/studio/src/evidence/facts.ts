/** What the review page says about stored figures: order, counts and words. It computes no figure. */
import type { ColumnTable, LuckShown, MonthShown, ReviewGate, ReviewListed, ReviewShown } from "../api/client";
import type { Tone } from "../flow/states";
import * as format from "../text/format";
import { many } from "../text/format";
import { exits } from "../text/strings";

/** A figure in its unit. */
export function inUnit(value: number | null, unit: string): string {
  switch (unit) {
    case "count": return format.count(value);
    case "share": return format.rate(value);
    case "drawdown": return format.drawdown(value);
    case "whole_share": return format.pbo(value);
    case "p": return format.pValue(value);
    // What rounds to certainty is none.
    case "probability": return value !== null && value < 1 && value > 0.995 ? "over 0.99" : format.probability(value);
    default: return format.ratio(value);
  }
}

const comparators: Record<string, string> = { ">=": "at least", ">": "above", "<=": "at most", "<": "below" };

/** "selection, at least 0.95": the limit with its window. */
export function wanted(gate: ReviewGate): string {
  const limit = gate.unit === "p" && gate.required !== null ? String(gate.required) : inUnit(gate.required, gate.unit);
  const window = gate.window === "holdout" ? "hold-out, " : gate.window === "selection" ? "selection, " : "";
  return `${window}${comparators[gate.comparator] ?? gate.comparator} ${limit}`;
}

/** "19%", or why there is no such chance. */
export function withoutSkill(gate: ReviewGate): string {
  if (gate.false_pass !== null) return format.rate(gate.false_pass).replace(/\.0%$/, "%");
  return gate.without_skill === "count" ? "a count" : gate.without_skill === "damage" ? "damage only" : "not known";
}

export function isCaution(card: LuckShown): boolean {
  return card.verdict !== "ok";
}

/** How many cautions there are to acknowledge: the cards that are not well, and what else was written down. */
export function cautionsOf(review: ReviewShown): number {
  return review.luck.filter(isCaution).length + review.cautions.length;
}

export interface Verdict {
  id: "gates" | "luck" | "changes";
  tone: Tone | "acc";
  title: string;
  detail: string;
}

/** The three lines of equal weight. Promote reads that no gate objects, never that it works. */
export function verdicts(review: ReviewShown, day: (iso: string) => string): Verdict[] {
  const { head, gates, changes } = review;
  const critical = gates.filter((g) => g.status !== "pass" && g.critical).length;
  const cautions = cautionsOf(review);
  const settings = changes?.settings.length ?? 0;
  const lower = changes?.settings.filter((c) => c.risk === "lower").length ?? 0;
  const higher = changes?.settings.filter((c) => c.risk === "higher").length ?? 0;
  return [
    {
      id: "gates", tone: head.recommendation === "promote" ? "ok" : head.recommendation === "reject" ? "bad" : "warn",
      title: head.recommendation === "promote" ? "No gate objects" : `Vote 1 says ${head.recommendation}`,
      detail: `${head.gates_passed} of ${head.gates} gates pass, ${critical === 0 ? "no critical one fails" : `${many(critical, "critical one fails", "critical ones fail")}`}`,
    },
    {
      id: "luck", tone: cautions === 0 ? "ok" : "warn", title: cautions === 0 ? "Luck is unlikely" : "Luck is not ruled out",
      detail: cautions === 0 ? "No caution was raised" : `${many(cautions, "caution", "cautions")} to read`,
    },
    changes === null
      ? { id: "changes", tone: "acc", title: "First version", detail: "none was approved before" }
      : {
          id: "changes", tone: higher > 0 ? "warn" : "acc", title: settings === 0 ? "Nothing changed" : many(settings, "change", "changes"),
          detail: [changes.approved_utc === null ? "since the last approval" : `since ${day(changes.approved_utc)}`, ...(higher > 0 ? [`${higher} ${higher === 1 ? "raises" : "raise"} the risk`] : []), ...(lower > 0 ? [`${lower} ${lower === 1 ? "lowers" : "lower"} the risk`] : [])].join(", "),
        },
  ];
}

export const REASON_MOST = 2000;

export interface Ballot {
  reason: string;
  acknowledged: boolean;
}

/** What a vote still lacks, in words; empty where it may be cast. */
export function lacks(choice: "approve" | "reject", ballot: Ballot, review: ReviewShown, offline: boolean): string[] {
  const length = [...ballot.reason.trim()].length;
  const least = choice === "approve" ? review.reason_min : Math.min(10, review.reason_min);
  const cautions = cautionsOf(review);
  return [
    ...(offline ? ["the server"] : []),
    ...(length < least ? [least > 10 ? `a reason of ${least} characters, since vote 1 says reject` : `a reason of ${least} characters`] : []),
    ...(cautions > 0 && !ballot.acknowledged ? [many(cautions, "acknowledged caution", "acknowledged cautions")] : []),
  ];
}

/** Why nobody or this person may vote; null where they may. */
export function barred(review: ReviewShown): string | null {
  if (review.missing.length > 0) return `Voting is off: ${review.missing.join(", ")} cannot be read.`;
  const barrier = review.head.barrier;
  return barrier === null ? null : `${barrier.message}${barrier.remedy === null ? "" : ` ${barrier.remedy}`}`;
}

/** The request before or after in the inbox; null at its ends. */
export function beside(list: readonly ReviewListed[], id: string, step: 1 | -1): string | null {
  const at = list.findIndex((r) => r.id === id);
  return at < 0 ? null : (list[at + step]?.id ?? null);
}

export interface TradeRow {
  id: number;
  decision: string;
  entry: string;
  exit: string | null;
  entryPrice: number;
  exitPrice: number | null;
  quantity: number;
  profit: number | null;
  return: number | null;
  mae: number | null;
  mfe: number | null;
  reason: string;
}

/** Rows of the evidence's trades; the columns come as they are stored. */
export function tradesOf(table: ColumnTable): TradeRow[] {
  const column = <T,>(name: string): readonly T[] => (table.columns[name] ?? []) as T[];
  const [id, decision, entry, exit] = [column<number>("trade_id"), column<string>("decision_ts"), column<string>("entry_ts"), column<string | null>("exit_ts")];
  const [entryPrice, exitPrice, quantity] = [column<number>("entry_price"), column<number | null>("exit_price"), column<number>("quantity")];
  const [profit, gain, mae, mfe, reason] = [column<number | null>("profit"), column<number | null>("return"), column<number | null>("mae"), column<number | null>("mfe"), column<string>("reason")];
  return id.map((n, i) => {
    const open = (exit[i] ?? null) === null;
    return {
      id: n, decision: decision[i]!, entry: entry[i]!, exit: exit[i] ?? null, entryPrice: entryPrice[i]!, exitPrice: open ? null : (exitPrice[i] ?? null), quantity: quantity[i]!,
      profit: open ? null : (profit[i] ?? null), return: open ? null : (gain[i] ?? null), mae: mae[i] ?? null, mfe: mfe[i] ?? null, reason: open ? "open" : reason[i]!,
    };
  });
}

export function exitWord(reason: string): string {
  return reason === "open" ? "Open" : (exits[reason] ?? reason.replaceAll("_", " "));
}

/** Colour of an exit: the word stands beside it wherever it counts. */
export function exitTone(reason: string): Tone {
  switch (reason) {
    case "target": case "take_profit": case "trail": case "trailing_stop": return "ok";
    case "stop": case "hard_stop": return "bad";
    case "session_end": case "week_end": return "run";
    case "signal": case "time_stop": case "breaker": return "warn";
    default: return "idle";
  }
}

/** "17 closed, rule exit 15, trailing stop 1". */
export function exitSummary(trades: number | null, reasons: Record<string, number>): string {
  return [trades === null ? null : `${format.count(trades)} closed`, ...Object.entries(reasons).sort((a, b) => b[1] - a[1]).map(([reason, n]) => `${exitWord(reason).toLowerCase()} ${format.count(n)}`)].filter(Boolean).join(", ");
}

export interface MonthCell {
  month: string;
  value: number | null;
  trades: number | null;
  /** 0 to 50: how strong its ground is, by the largest of all. */
  strength: number;
}

/** A row of twelve for each year; months outside the window are null. */
export function yearsOf(months: readonly MonthShown[]): { year: string; cells: (MonthCell | null)[] }[] {
  const largest = Math.max(0, ...months.map((m) => Math.abs(m.return ?? 0)));
  const years = [...new Set(months.map((m) => m.month.slice(0, 4)))];
  return years.map((year) => ({
    year,
    cells: Array.from({ length: 12 }, (_, i) => {
      const found = months.find((m) => m.month === `${year}-${String(i + 1).padStart(2, "0")}`);
      return found === undefined ? null : { month: found.month, value: found.return, trades: found.trades, strength: largest === 0 || !found.return ? 0 : Math.round(10 + (40 * Math.abs(found.return)) / largest) };
    }),
  }));
}

/** Lines of the content that are not what they were; for whoever looked at the older one. */
export function contentChanges(before: ReviewShown, now: ReviewShown): string[] {
  const of = (review: ReviewShown) => new Map(review.content.map((line) => [line.label, `${line.text ?? ""} ${line.digest ?? ""}`.trim()]));
  const [was, is] = [of(before), of(now)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((label) => was.get(label) !== is.get(label));
}
