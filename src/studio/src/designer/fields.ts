/** How a value of a file is written in a form, and read back. */
import { flow } from "./layout";
import type { FieldType } from "./types";
import { readYaml, toJson, type Json, type YamlNode } from "./yaml";

export type Control = "choice" | "truth" | "line" | "lines";

export function controlOf(type: FieldType, node: YamlNode | undefined): Control {
  const isExpression = node?.kind === "scalar" && node.text.includes("{");
  if (node?.kind === "scalar" && node.text.includes("\n")) return "lines";
  if (type.choices !== undefined && type.choices.length > 0 && !isExpression) return "choice";
  if (type.kind === "truth" && !isExpression) return "truth";
  return "line";
}

/** The value as a person writes it: texts as they are, lists and maps in brackets. */
export function written(node: YamlNode | undefined): string {
  if (node === undefined) return "";
  if (node.kind === "scalar") return node.text;
  return flow(toJson(node));
}

/** What a person wrote; undefined for nothing. A text that looks like a number is one where a number is asked for. */
export function readWritten(text: string, type: FieldType): Json | undefined {
  if (text === "") return undefined;
  if (type.kind === "text" || (text.startsWith("{") && /^\{\s*[a-z]/i.test(text) && !/^\{\s*[\w"']+\s*:/.test(text))) return text;
  if (type.kind === "truth") return text === "true" ? true : text === "false" ? false : text;
  if (type.kind === "whole" || type.kind === "number") return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : text;
  const read = readYaml(text);
  return read.root === undefined ? text : toJson(read.root);
}
