/** Reads what a person wrote into the fields of a trigger; what is left as it stands is not sent, so that the default stays the server's. */
import type { GraphParameter } from "../../api/client";
import type { Kind } from "../../designer/types";
import { isObject, type Json } from "../../designer/yaml";

export type Written = Readonly<Record<string, string>>;

export interface ReadParameters {
  values: Record<string, unknown>;
  /** What is wrong, by parameter. */
  problems: Record<string, string>;
}

export function textOf(value: unknown): string {
  return value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
}

export function readParameters(parameters: readonly GraphParameter[], written: Written): ReadParameters {
  const values: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const p of parameters) {
    const text = (written[p.name] ?? textOf(p.default)).trim();
    if (text === textOf(p.default).trim() && !(p.is_required && text !== "")) {
      if (p.is_required && text === "") problems[p.name] = "It must be given.";
      continue;
    }
    if (text === "") {
      if (p.is_required) problems[p.name] = "It must be given.";
      else values[p.name] = null;
      continue;
    }
    const read = valueOf(p, text);
    if (read.problem === undefined) values[p.name] = read.value;
    else problems[p.name] = read.problem;
  }
  const [from, to] = ["from", "to"].map((name) => parameters.find((p) => p.name === name && p.type === "date"));
  if (from !== undefined && to !== undefined && problems["from"] === undefined && problems["to"] === undefined) {
    const [first, last] = [from, to].map((p) => (written[p.name] ?? textOf(p.default)).trim()) as [string, string];
    if (first !== "" && last !== "" && first > last) problems["to"] = `It lies before from, ${first}.`;
  }
  return { values, problems };
}

/** The parameters with the words that their steps know: one that is handed on as it is to an input with a choice has that choice. */
export function withChoices(parameters: readonly GraphParameter[], content: Json, kinds: ReadonlyMap<string, Kind>): readonly GraphParameter[] {
  const steps = isObject(content) && isObject(content["steps"]) ? Object.values(content["steps"]).filter(isObject) : [];
  return parameters.map((p) => {
    if (p.one_of.length > 0 || p.type !== "text") return p;
    for (const step of steps) {
      const inputs = kinds.get(String(step["uses"]))?.inputs ?? [];
      for (const [name, value] of Object.entries(isObject(step["with"]) ? step["with"] : {})) {
        const type = value === `{params.${p.name}}` ? inputs.find((i) => i.name === name)?.type : undefined;
        if (type?.kind === "text" && type.choices !== undefined && type.choices.length > 0) return { ...p, one_of: [...type.choices] };
      }
    }
    return p;
  });
}

function valueOf(p: GraphParameter, text: string): { value?: unknown; problem?: string } {
  if (p.one_of.length > 0 && !p.one_of.some((o) => textOf(o) === text)) return { problem: `One of ${p.one_of.map(textOf).join(", ")}.` };
  switch (p.type) {
    case "int":
    case "number": {
      const n = Number(text);
      if (!Number.isFinite(n) || (p.type === "int" && !Number.isInteger(n))) return { problem: p.type === "int" ? "It is a whole number." : "It is a number." };
      if (p.min !== null && n < p.min) return { problem: `At least ${p.min}.` };
      if (p.max !== null && n > p.max) return { problem: `At most ${p.max}.` };
      return { value: n };
    }
    case "bool":
      return text === "true" || text === "false" ? { value: text === "true" } : { problem: "true or false." };
    case "map":
    case "list":
      try {
        const value: unknown = JSON.parse(text);
        const fits = p.type === "list" ? Array.isArray(value) : typeof value === "object" && value !== null && !Array.isArray(value);
        return fits ? { value } : { problem: p.type === "list" ? 'A list, such as ["a", "b"].' : 'An object, such as {"rsi_period": 10}.' };
      } catch {
        return { problem: p.type === "list" ? 'A list, such as ["a", "b"].' : 'An object, such as {"rsi_period": 10}.' };
      }
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? { value: text } : { problem: "A date, such as 2024-01-31." };
    default:
      return { value: text };
  }
}
