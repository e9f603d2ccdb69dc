/** Reads YAML into a tree of nodes that know where they stand; what the server refuses (anchors, aliases, tags, two documents, a key twice) is refused here too. */
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Document, type Node, type YAMLError } from "yaml";

export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

/** How a node is written: without quotes, in quotes, as lines below `|`, in brackets, by indentation. */
export type YamlStyle = "plain" | "quoted" | "lines" | "flow" | "block";

export interface YamlSpan {
  /** Offset of its first character; of a block list, of its first dash. */
  start: number;
  /** Offset behind its last character, comments left out. */
  end: number;
  style: YamlStyle;
}

export interface YamlScalar {
  kind: "scalar";
  text: string;
  span: YamlSpan;
}

export interface YamlEntry {
  key: string;
  keySpan: YamlSpan;
  value: YamlNode;
}

export interface YamlMap {
  kind: "map";
  entries: YamlEntry[];
  span: YamlSpan;
}

export interface YamlList {
  kind: "list";
  items: YamlNode[];
  span: YamlSpan;
}

export type YamlNode = YamlScalar | YamlMap | YamlList;

export interface YamlFault {
  message: string;
  remedy: string;
  /** Offset. */
  at: number;
}

export type YamlRead = { root: YamlNode; fault?: undefined } | { root?: undefined; fault: YamlFault };

/** As many characters as the server reads. */
const LENGTH_MAX = 1_000_000;
const DEPTH_MAX = 64;

// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

class Refusal extends Error {
  readonly fault: YamlFault;

  constructor(at: number, message: string, remedy: string) {
    super(message);
    this.fault = { at, message, remedy };
  }
}

/** Parses one document; gives a tree, or the first thing that keeps the text from being one. */
export function readYaml(text: string): YamlRead {
  if (text.length > LENGTH_MAX) return { fault: { at: 0, message: `The text has ${text.length} characters; ${LENGTH_MAX} are allowed.`, remedy: "Split the file." } };
  const control = forbidden.exec(text);
  if (control !== null) return { fault: broken(control.index, `the control character \\u${control[0].charCodeAt(0).toString(16).padStart(4, "0")} is not part of a text`) };
  const all = parseAllDocuments(text, { schema: "failsafe", version: "1.2", uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
  const documents: Document.Parsed[] = Array.isArray(all) ? all : [];
  const first = documents[0];
  if (first === undefined) return { root: nothing(0) };
  const error = first.errors[0];
  if (error !== undefined) return { fault: ofLibrary(error, text) };
  if (documents.length > 1) return { fault: { at: documents[1]!.range[0], message: "There is a second document.", remedy: "Keep one document per file." } };
  try {
    return { root: first.contents === null ? nothing(0) : nodeOf(first.contents as unknown as Node, text, 1) };
  } catch (e) {
    if (e instanceof Refusal) return { fault: e.fault };
    throw e;
  }
}

function broken(at: number, message: string): YamlFault {
  return { at, message: `This is not YAML: ${message.replace(/\.$/, "")}.`, remedy: "Correct the indentation, the brackets or the quotes." };
}

function ofLibrary(error: YAMLError, text: string): YamlFault {
  const at = Math.min(error.pos[0], text.length);
  const line = text.slice(text.lastIndexOf("\n", Math.max(0, at - 1)) + 1, at + 1);
  if (/^ *\t/.test(line) || error.code === "TAB_AS_INDENT") return { at, message: "This is not YAML: a tab stands in the indentation.", remedy: "Indent with spaces." };
  const message = error.message.split("\n")[0]!;
  return broken(at, message.charAt(0).toLowerCase() + message.slice(1));
}

function nothing(at: number): YamlScalar {
  return { kind: "scalar", text: "", span: { start: at, end: at, style: "plain" } };
}

function nodeOf(node: Node, text: string, depth: number): YamlNode {
  const range = node.range ?? [0, 0, 0];
  const start = range[0];
  if (depth > DEPTH_MAX) throw new Refusal(start, `The nesting is deeper than ${DEPTH_MAX}.`, "Flatten the definition.");
  if (isAlias(node)) throw new Refusal(start, "Aliases are not allowed.", "Write the value out.");
  if ("anchor" in node && node.anchor !== undefined) throw new Refusal(start, "Anchors are not allowed.", "Write the value out where it is needed.");
  if (node.tag !== undefined && !node.tag.startsWith("tag:yaml.org,2002:")) throw new Refusal(start, "Tags are not allowed.", "Remove the tag; the reader knows the type from the key.");
  if (isScalar(node)) {
    const style: YamlStyle = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED" ? "lines" : node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE" ? "quoted" : "plain";
    let end = range[1];
    // What a text of lines ends with is the line end; blank lines behind it are not its own.
    if (style === "lines") while (end > start && /\s/.test(text[end - 1]!)) end--;
    return { kind: "scalar", text: typeof node.value === "string" ? node.value : "", span: { start, end, style } };
  }
  if (isSeq(node)) {
    const items = node.items.map((i) => nodeOf(i as Node, text, depth + 1));
    return { kind: "list", items, span: spanOf(node.flow === true, start, range[1], items.at(-1)?.span.end) };
  }
  if (!isMap(node)) throw new Refusal(start, "This is not expected here.", "Correct the structure at that place.");
  const seen = new Set<string>();
  const entries: YamlEntry[] = [];
  for (const pair of node.items) {
    const key = pair.key as Node | null;
    const at = key?.range?.[0] ?? start;
    if (!isScalar(key) || typeof key.value !== "string" || key.value === "<<") throw new Refusal(at, "A key must be plain text.", "Write `key: value`.");
    const known = nodeOf(key, text, depth + 1) as YamlScalar;
    if (seen.has(known.text)) throw new Refusal(at, `The key '${known.text}' stands twice in one map.`, "Keep one of them.");
    seen.add(known.text);
    const value = pair.value === null ? nothing(known.span.end) : nodeOf(pair.value as Node, text, depth + 1);
    if (value.kind === "scalar" && value.span.style === "plain" && value.text === "") {
      // Nothing stands right behind the colon, wherever the next thing begins.
      const colon = text.indexOf(":", known.span.end);
      const behind = colon >= 0 && text.slice(known.span.end, colon).trim() === "" ? colon + 1 : known.span.end;
      value.span = { start: behind, end: behind, style: "plain" };
    }
    entries.push({ key: known.text, keySpan: known.span, value });
  }
  return { kind: "map", entries, span: spanOf(node.flow === true, start, range[1], entries.at(-1)?.value.span.end) };
}

function spanOf(isFlow: boolean, start: number, end: number, lastEnd: number | undefined): YamlSpan {
  return isFlow ? { start, end, style: "flow" } : { start, end: lastEnd ?? start, style: "block" };
}

/** Whether nothing was written. */
export function isNothing(node: YamlNode | undefined): boolean {
  return node === undefined || (node.kind === "scalar" && node.span.style === "plain" && (node.text === "" || node.text === "~" || node.text === "null" || node.text === "Null" || node.text === "NULL"));
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A value as JSON. Plain text is read by YAML's core schema as the server reads it: null, true, false, numbers, else text. */
export function toJson(node: YamlNode): Json {
  if (node.kind === "list") return node.items.map(toJson);
  if (node.kind === "map") {
    // Without a prototype a key such as __proto__ is a key like any other.
    const map = Object.create(null) as JsonObject;
    for (const entry of node.entries) map[entry.key] = toJson(entry.value);
    return map;
  }
  if (node.span.style !== "plain") return node.text;
  if (isNothing(node)) return null;
  if (/^(true|True|TRUE)$/.test(node.text)) return true;
  if (/^(false|False|FALSE)$/.test(node.text)) return false;
  if (number.test(node.text)) {
    const value = Number(node.text);
    if (Number.isFinite(value)) return value;
  }
  return node.text;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a key. */
export function find(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === "map" ? node.entries.find((e) => e.key === key)?.value : undefined;
}

/** The node at a path of keys, and of numbers in lists. */
export function nodeAt(root: YamlNode, path: readonly string[]): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const key of path) node = node?.kind === "list" ? node.items[Number(key)] : find(node, key);
  return node;
}

/** What a value says, whatever the order of its keys. */
export function said(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(said).join(",")}]`;
  if (isObject(value)) return `{${Object.keys(value).sort().map((k) => `${JSON.stringify(k)}:${said(value[k]!)}`).join(",")}}`;
  return JSON.stringify(value);
}

export function copy<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (!isObject(value)) return value;
  const map = Object.create(null) as JsonObject;
  for (const key of Object.keys(value)) map[key] = copy(value[key]!);
  return map as T;
}
