/** A sweep as a person writes it down: in the address, as the body of a request, and as a command. */
import type { ModelListed, SeriesListed, SweepableParameter, SweepAsked, SweepForm } from "../../api/client";

export interface Draft {
  model: string;
  kind: "simple" | "custom";
  /** What was typed, by the key of the request. */
  values: Readonly<Record<string, string>>;
  from: string;
  to: string;
  holdout: string;
  confidence: "classifier" | "rule";
  tag: string;
  seed: string;
  onCap: "reject" | "sample";
  earlyStop: boolean;
  refine: boolean;
}

export const emptyDraft: Draft = { model: "", kind: "simple", values: {}, from: "", to: "", holdout: "20", confidence: "classifier", tag: "", seed: "42", onCap: "reject", earlyStop: false, refine: false };

export function draftOf(search: URLSearchParams): Draft {
  const values: Record<string, string> = {};
  for (const v of search.getAll("v")) {
    const at = v.indexOf(":");
    if (at > 0) values[v.slice(0, at)] = v.slice(at + 1);
  }
  const text = (name: string, usual: string): string => search.get(name) ?? usual;
  return {
    model: text("model", ""), kind: search.get("kind") === "custom" ? "custom" : "simple", values, from: text("from", ""), to: text("to", ""), holdout: text("holdout", emptyDraft.holdout),
    confidence: search.get("confidence") === "rule" ? "rule" : "classifier", tag: text("tag", ""), seed: text("seed", emptyDraft.seed), onCap: search.get("cap") === "sample" ? "sample" : "reject",
    earlyStop: search.get("settle") === "yes", refine: search.get("refine") === "yes",
  };
}

/** The address of a draft; what is as usual is left out. What else it holds, such as the time zone, stays. */
export function searchOf(draft: Draft, was: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(was);
  for (const name of ["model", "kind", "v", "from", "to", "holdout", "confidence", "tag", "seed", "cap", "settle", "refine"]) next.delete(name);
  const set = (name: string, value: string, usual: string): void => {
    if (value !== usual) next.set(name, value);
  };
  set("model", draft.model, "");
  set("kind", draft.kind, "simple");
  for (const [key, value] of Object.entries(draft.values)) next.append("v", `${key}:${value}`);
  set("from", draft.from, "");
  set("to", draft.to, "");
  set("holdout", draft.holdout, emptyDraft.holdout);
  set("confidence", draft.confidence, "classifier");
  set("tag", draft.tag, "");
  set("seed", draft.seed, emptyDraft.seed);
  set("cap", draft.onCap, "reject");
  set("settle", draft.earlyStop ? "yes" : "", "");
  set("refine", draft.refine ? "yes" : "", "");
  return next;
}

const VALUES_MOST = 2_000;

/** Values of a parameter as they are typed: 0.5, 0.6 or 3..10 by 0.5; hours as all_day, morning_only or 9+10+11. */
export function readValues(text: string, parameter: SweepableParameter): { values: unknown[]; problem: string | null } {
  const values: unknown[] = [];
  for (const part of text.split(",").map((p) => p.trim()).filter((p) => p !== "")) {
    if (parameter.kind === "hours") {
      if (/^(all_day|morning_only|afternoon_only)$/.test(part)) values.push(part);
      else if (/^\d{1,2}(\+\d{1,2})*$/.test(part)) values.push(part.split("+").map(Number));
      else return { values, problem: `“${part}” is no hours: all_day, morning_only, afternoon_only or 9+10+11.` };
      continue;
    }
    const range = /^(-?[\d.]+)\s*\.\.\s*(-?[\d.]+)\s+by\s+([\d.]+)$/.exec(part);
    const read = range === null ? [part === "none" && parameter.allows_none ? "none" : Number(part)] : steps(Number(range[1]), Number(range[2]), Number(range[3]));
    if (read === null) return { values, problem: `“${part}” is too many values, or none.` };
    for (const value of read) {
      const wrong = value === "none" ? null : problemOf(value, part, parameter);
      if (wrong !== null) return { values, problem: wrong };
      values.push(value);
    }
  }
  const keys = values.map((v) => JSON.stringify(v));
  const twice = keys.find((k, i) => keys.indexOf(k) !== i);
  return { values, problem: values.length === 0 ? "Give at least one value." : twice !== undefined ? `${twice} stands twice.` : null };
}

function steps(from: number, to: number, by: number): number[] | null {
  const n = Math.floor((to - from) / by + 1e-9);
  if (!Number.isFinite(n) || by <= 0 || n < 0 || n >= VALUES_MOST) return null;
  return Array.from({ length: n + 1 }, (_, i) => Number((from + i * by).toPrecision(12)));
}

function problemOf(value: number | string, part: string, p: SweepableParameter): string | null {
  if (typeof value !== "number" || !Number.isFinite(value)) return `“${part}” is no number${p.allows_none ? " and not none" : ""}.`;
  if (p.whole && !Number.isInteger(value)) return `${value} is no whole number.`;
  if (p.max !== null && value > p.max) return `${value} is above ${p.max}.`;
  if (p.min !== null && (p.above_min ? value <= p.min : value < p.min)) return p.above_min ? `${value} is not above ${p.min}.` : `${value} is below ${p.min}.`;
  return null;
}

/** Text of the values of the simple sweep. */
export function simpleText(p: SweepableParameter): string {
  return ((p.simple_values ?? []) as unknown[]).map((v) => (Array.isArray(v) ? v.join("+") : String(v))).join(", ");
}

export interface Asked {
  /** Null while something is wrong. */
  body: SweepAsked | null;
  problems: Readonly<Record<string, string>>;
  /** Values of each parameter; their product is the grid. */
  counts: Readonly<Record<string, number>>;
}

/** The parameters of a draft: those of the simple sweep unless others were typed, and what was added. */
export function parametersOf(draft: Draft, form: SweepForm): readonly SweepableParameter[] {
  return form.parameters.filter((p) => (draft.kind === "simple" ? p.simple : draft.values[p.key] !== undefined));
}

export function askedOf(draft: Draft, form: SweepForm): Asked {
  const problems: Record<string, string> = {};
  const counts: Record<string, number> = {};
  const parameters: Record<string, unknown[]> = {};
  for (const p of parametersOf(draft, form)) {
    const { values, problem } = readValues(draft.values[p.key] ?? simpleText(p), p);
    counts[p.key] = values.length;
    if (problem === null) parameters[p.key] = values;
    else problems[p.key] = problem;
  }
  const holdout = draft.holdout.trim() === "after" ? "after" : Number(draft.holdout.replace("%", "").trim()) / 100;
  if (holdout !== "after" && !(holdout >= 0 && holdout < 1)) problems["holdout"] = "A share from 0 to below 100, or after.";
  const seed = Number(draft.seed);
  if (!Number.isInteger(seed)) problems["seed"] = "A whole number.";
  for (const end of ["from", "to"] as const) if (draft[end] !== "" && !/^\d{4}-\d{2}-\d{2}$/.test(draft[end])) problems[end] = "A day, such as 2024-01-31.";
  if ((draft.from === "") !== (draft.to === "")) problems[draft.from === "" ? "from" : "to"] = "Give both days or none.";
  if (Object.keys(counts).length === 0) problems["parameters"] = "Vary at least one parameter.";
  if (Object.keys(problems).length > 0) return { body: null, problems, counts };
  return {
    problems, counts,
    body: {
      model_id: draft.model, sweep_type: draft.kind, parameters, ...(draft.from === "" ? {} : { date_range: { start: draft.from, end: draft.to } }), holdout, seed, confidence: draft.confidence,
      ...(draft.tag.trim() === "" ? {} : { tag: draft.tag.trim() }), ...(draft.onCap === "sample" ? { on_cap_exceeded: "sample" } : {}), ...(draft.earlyStop ? { early_stop: true } : {}), ...(draft.refine ? { refine: true } : {}),
    },
  };
}

/** The same as a command. */
export function commandOf(verb: "plan" | "run", body: SweepAsked): string[] {
  const range = body.date_range as { start: string; end: string } | undefined;
  const lists = Object.entries(body.parameters as Record<string, unknown[]>).map(([key, values]) => `${key}=${values.map((v) => (Array.isArray(v) ? v.join("+") : String(v))).join(",")}`);
  return [
    "./sigmatiq", "sweeps", verb, "--model", body.model_id, "--vary", ...lists, ...(range === undefined ? [] : ["--from", range.start, "--to", range.end]),
    ...(body.holdout === 0.2 ? [] : ["--holdout", String(body.holdout)]), ...(body.confidence === "rule" ? ["--confidence", "rule"] : []), ...(body.tag ? ["--tag", body.tag] : []),
    ...(body.seed === 42 ? [] : ["--seed", String(body.seed)]), ...(body.on_cap_exceeded ? ["--on-cap-exceeded", body.on_cap_exceeded] : []), ...(body.early_stop === true ? ["--early-stop"] : []), ...(body.refine === true ? ["--refine"] : []),
  ];
}

/** The model to begin with: the newest whose instrument has bars, else the newest; "" where there is none. */
export function usualModel(models: readonly Pick<ModelListed, "id" | "ticker" | "created_at_utc">[], series: readonly Pick<SeriesListed, "symbol">[]): string {
  const newest = [...models].sort((a, b) => (a.created_at_utc < b.created_at_utc ? 1 : a.created_at_utc > b.created_at_utc ? -1 : 0));
  return (newest.find((m) => series.some((s) => s.symbol === m.ticker)) ?? newest[0])?.id ?? "";
}
