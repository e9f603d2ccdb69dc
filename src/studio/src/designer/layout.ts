/** The one layout of what the designer writes itself: texts without quotes where they can do without, short values in brackets, the rest by indentation of two. The same as the server's. */
import { isObject, type Json } from "./yaml";

/** Longest value in brackets. */
const FLOW_MAX = 120;

const words = new Set(["true", "false", "null", "yes", "no", "on", "off"]);

/** A key, in quotes where it could be read as something else. */
export function keyText(key: string): string {
  return /^[A-Za-z][A-Za-z0-9_.-]*$/.test(key) && !words.has(key.toLowerCase()) ? key : quoted(key);
}

/** A text in double quotes, on one line whatever is in it. */
export function quoted(text: string): string {
  // eslint-disable-next-line no-control-regex
  const inner = text.replace(/["\\\n\r\t]|[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (c) => {
    const short: Record<string, string> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
    return short[c] ?? `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  });
  return `"${inner}"`;
}

function scalar(text: string): string {
  // Versions and durations begin with a digit and are numbers to nobody.
  if (/^\d+((\.\d+){2,}|ms|s|m|h|d)$/.test(text)) return text;
  return /^[A-Za-z_][A-Za-z0-9_\-./@ ()+]*$/.test(text) && !text.endsWith(" ") && !words.has(text.toLowerCase()) ? text : quoted(text);
}

/** A value on one line. */
export function flow(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (isObject(value)) {
    const pairs = Object.entries(value).map(([k, v]) => `${keyText(k)}: ${flow(v)}`);
    return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
  }
  return typeof value === "string" ? scalar(value) : JSON.stringify(value);
}

export function isEmpty(value: Json): boolean {
  return Array.isArray(value) ? value.length === 0 : !isObject(value) || Object.keys(value).length === 0;
}

/** Whether a value stands behind its key, and not below it. */
export function isInline(value: Json, column: number): boolean {
  return isEmpty(value) || (isFlat(value, 2) && column + flow(value).length <= FLOW_MAX);
}

/** A key with its value, the following lines indented below a column. */
export function entry(key: string, value: Json, column: number, newLine: string): string {
  const name = keyText(key);
  return isInline(value, column + name.length) ? `${name}: ${flow(value)}` : `${name}:${newLine}${" ".repeat(column + 2)}${block(value, column + 2, newLine)}`;
}

/** A key with its value below it, whatever its length. */
export function blockEntry(key: string, value: Json, column: number, newLine: string): string {
  return isEmpty(value) ? entry(key, value, column, newLine) : `${keyText(key)}:${newLine}${" ".repeat(column + 2)}${block(value, column + 2, newLine)}`;
}

/** An item behind its dash. */
export function item(value: Json, column: number, newLine: string): string {
  return isInline(value, column + 2) ? `- ${flow(value)}` : `- ${block(value, column + 2, newLine)}`;
}

/** A whole document. */
export function write(root: Json): string {
  return `${isEmpty(root) ? flow(root) : block(root, 0, "\n")}\n`;
}

function block(value: Json, column: number, newLine: string): string {
  const parts = Array.isArray(value) ? value.map((i) => item(i, column, newLine)) : Object.entries(value as Record<string, Json>).map(([k, v]) => entry(k, v, column, newLine));
  return parts.join(newLine + " ".repeat(column));
}

function isFlat(value: Json, levels: number): boolean {
  if (Array.isArray(value)) return levels > 0 && value.every((i) => isFlat(i, levels - 1));
  return !isObject(value) || (levels > 0 && Object.values(value).every((v) => isFlat(v, levels - 1)));
}
