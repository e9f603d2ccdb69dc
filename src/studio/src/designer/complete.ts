/** What can stand in an expression of a step: parameters, the item, the run, and outputs of steps that do not need it. */
import { any, fits, named, type FieldType, type Kind } from "./types";
import { typeOfParameter } from "./check";
import type { Workflow } from "./model";
import { find, isNothing } from "./yaml";

export interface Candidate {
  expression: string;
  /** Its type in words. */
  type: string;
  fits: boolean;
}

const runFields = ["as_of", "id", "requested_by", "seed", "version", "workflow"];

export function candidates(workflow: Workflow, kinds: ReadonlyMap<string, Kind>, step: string, wanted: FieldType = any): Candidate[] {
  const found: (Candidate & { rank: number })[] = [];
  const add = (expression: string, type: FieldType, rank: number): void => void found.push({ expression, type: named(type), fits: fits(type, wanted), rank });
  const own = workflow.byName.get(step);
  const above = workflow.above.get(step) ?? new Set<string>();
  const each = own === undefined ? undefined : find(own.node, "for_each");
  if (own?.forEach !== null && own?.forEach !== undefined && own.forEach !== "" && !isNothing(each)) add(own.forEach, any, 0);
  for (const other of workflow.steps) {
    // What needs this step cannot give it anything.
    if (other.name === step || workflow.above.get(other.name)?.has(step) === true) continue;
    const isList = other.forEach !== null;
    for (const output of kinds.get(other.uses)?.outputs ?? []) add(`steps.${other.name}.outputs.${output.name}`, isList ? { kind: "list", item: output.type } : output.type, above.has(other.name) ? 1 : 3);
  }
  for (const p of workflow.parameters) add(`params.${p.name}`, typeOfParameter(p.type, p.items), 2);
  for (const f of runFields) add(`run.${f}`, { kind: f === "seed" ? "whole" : "text" }, 4);
  return found.sort((a, b) => Number(b.fits) - Number(a.fits) || a.rank - b.rank).map(({ expression, type, fits: ok }) => ({ expression, type, fits: ok }));
}

/** The expression that is being written at a place of a text: where it begins and what stands there so far; null outside of braces. */
export function openAt(text: string, at: number): { from: number; typed: string } | null {
  const brace = text.lastIndexOf("{", at - 1);
  if (brace < 0 || text.slice(brace, at).includes("}")) return null;
  const inner = text.slice(brace + 1, at);
  // A text in quotes is nobody's name.
  if ((inner.match(/["']/g) ?? []).length % 2 === 1) return null;
  const word = /[A-Za-z0-9_.]*$/.exec(inner)![0];
  return { from: at - word.length, typed: word };
}

export function matching(all: readonly Candidate[], typed: string): Candidate[] {
  const wanted = typed.toLowerCase();
  return all.filter((c) => c.expression.toLowerCase().includes(wanted)).slice(0, 12);
}
