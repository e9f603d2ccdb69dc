/** A YAML text that a program can change and that stays a person's: an edit rewrites what it touches, and every other line, comment and blank stays. Never changes itself. */
import { blockEntry, entry as entryText, flow, isInline, item as itemText, keyText, write } from "./layout";
import { copy, isObject, nodeAt, readYaml, said, toJson, type Json, type JsonObject, type YamlFault, type YamlNode } from "./yaml";

/** Characters of the text that give way to others. */
export interface TextEdit {
  from: number;
  to: number;
  text: string;
}

/** An edit that cannot be made as asked. */
export class EditRefused extends Error {}

export type Path = readonly string[];

export class YamlDoc {
  readonly text: string;
  readonly root: YamlNode;

  private constructor(text: string, root: YamlNode) {
    this.text = text;
    this.root = root;
  }

  static read(text: string): { doc: YamlDoc; fault?: undefined } | { doc?: undefined; fault: YamlFault } {
    const read = readYaml(text);
    return read.root === undefined ? { fault: read.fault } : { doc: new YamlDoc(text, read.root) };
  }

  /** Writes what has no text yet. */
  static of(content: Json): YamlDoc {
    const text = write(content);
    return new YamlDoc(text, readYaml(text).root!);
  }

  get content(): Json {
    return toJson(this.root);
  }

  /** Sets a value: in place of the one that is there, else as a new last key or item. Maps above it that are missing are made. */
  set(path: Path, value: Json): YamlDoc {
    const above = path.slice(0, -1);
    const parent = nodeAt(this.root, above);
    if (path.length > 1 && (parent === undefined || parent.kind === "scalar")) return this.set(above, objectOf(path.at(-1)!, value));
    const last = path.at(-1)!;
    const index = indexOf(parent!, last);
    if (index < 0) return this.insert(above, countOf(parent!), last, value);
    const wanted = this.content;
    put(wanted, path, value);
    return this.edited(replace(this.text, parent!, this.isInFlow(above), index, value), wanted, path);
  }

  /** Puts a new key or item at a place among its siblings; as lines below its key where that is asked for, and the layout around has lines. */
  insert(path: Path, index: number, key: string, value: Json, isBlock = false): YamlDoc {
    const parent = nodeAt(this.root, path);
    const wanted = this.content;
    const at = valueAt(wanted, path);
    if (parent === undefined || (Array.isArray(at) ? false : !isObject(at) || key in at)) throw new EditRefused(`'${key}' cannot be added at ${path.join(".") || "the top"}.`);
    if (Array.isArray(at)) at.splice(index, 0, copy(value));
    else (at as JsonObject)[key] = copy(value);
    return this.edited(insert(this.text, parent, this.isInFlow(path), index, key, value, isBlock), wanted, path);
  }

  /** Takes a key or item away, with the comments that belong to it. */
  remove(path: Path): YamlDoc {
    const above = path.slice(0, -1);
    const parent = nodeAt(this.root, above);
    const index = parent === undefined ? -1 : indexOf(parent, path.at(-1)!);
    if (index < 0) throw new EditRefused(`There is nothing at ${path.join(".")}.`);
    const wanted = this.content;
    const at = valueAt(wanted, above);
    if (Array.isArray(at)) at.splice(index, 1);
    else delete (at as JsonObject)[path.at(-1)!];
    if (countOf(parent!) > 1) return this.edited(cut(this.text, parent!, index), wanted, path);
    // An empty block cannot be written; empty brackets can.
    return path.length > 1 ? this.set(above, parent!.kind === "map" ? {} : []) : YamlDoc.of(wanted);
  }

  /** Gives a key another name. */
  rename(path: Path, key: string): YamlDoc {
    const parent = nodeAt(this.root, path.slice(0, -1));
    const found = parent?.kind === "map" ? parent.entries.find((e) => e.key === path.at(-1)) : undefined;
    if (parent?.kind !== "map" || found === undefined || (key !== found.key && parent.entries.some((e) => e.key === key))) throw new EditRefused(`It cannot be called '${key}'.`);
    return this.apply([{ from: found.keySpan.start, to: found.keySpan.end, text: keyText(key) }]);
  }

  /** Makes edits by offset; the text that comes out must be YAML. */
  apply(edits: readonly TextEdit[]): YamlDoc {
    let text = this.text;
    for (const e of [...edits].sort((a, b) => b.from - a.from)) text = text.slice(0, e.from) + e.text + text.slice(e.to);
    const read = YamlDoc.read(text);
    if (read.doc === undefined) throw new EditRefused(read.fault.message);
    return read.doc;
  }

  // The text must say exactly what was asked for; in layouts that nobody foresaw the part around the edit is written anew: it loses its comments, never its meaning.
  private edited(text: string, wanted: Json, path: Path): YamlDoc {
    const read = YamlDoc.read(text);
    if (read.doc !== undefined && said(read.doc.content) === said(wanted)) return read.doc;
    if (path.length <= 1) return YamlDoc.of(wanted);
    const above = path.slice(0, -1);
    const parent = nodeAt(this.root, above.slice(0, -1))!;
    return this.edited(replace(this.text, parent, this.isInFlow(above.slice(0, -1)), indexOf(parent, above.at(-1)!), valueAt(wanted, above)), wanted, above);
  }

  private isInFlow(path: Path): boolean {
    for (let i = 0; i <= path.length; i++) if (nodeAt(this.root, path.slice(0, i))?.span.style === "flow") return true;
    return false;
  }
}

function objectOf(key: string, value: Json): JsonObject {
  const map = Object.create(null) as JsonObject;
  map[key] = copy(value);
  return map;
}

function indexOf(parent: YamlNode, key: string): number {
  if (parent.kind === "map") return parent.entries.findIndex((e) => e.key === key);
  return parent.kind === "list" && /^\d+$/.test(key) && Number(key) < parent.items.length ? Number(key) : -1;
}

function countOf(node: YamlNode): number {
  return node.kind === "map" ? node.entries.length : node.kind === "list" ? node.items.length : 0;
}

export function valueAt(content: Json, path: Path): Json {
  return path.reduce<Json>((at, key) => (Array.isArray(at) ? (at[Number(key)] ?? null) : isObject(at) ? (at[key] ?? null) : null), content);
}

function put(content: Json, path: Path, value: Json): void {
  const at = valueAt(content, path.slice(0, -1));
  if (Array.isArray(at)) at[Number(path.at(-1))] = copy(value);
  else if (isObject(at)) at[path.at(-1)!] = copy(value);
}

function replace(text: string, parent: YamlNode, isFlow: boolean, index: number, value: Json): string {
  const key = parent.kind === "map" ? parent.entries[index]!.keySpan : null;
  const old = parent.kind === "map" ? parent.entries[index]!.value : (parent as { items: YamlNode[] }).items[index]!;
  const { start, end } = old.span;
  const newLine = newLineOf(text);
  const column = columnOf(text, key?.start ?? start);
  const inline = isFlow || key === null || isInline(value, column);
  const wasBelow = key !== null && text.slice(key.end, start).includes("\n");
  if (inline && !wasBelow) {
    const gap = start > 0 && ":-,".includes(text[start - 1]!) ? " " : "";
    return text.slice(0, start) + gap + flow(value) + text.slice(end);
  }
  // Between a key's colon and the value below it there may be a comment, which stays with the key.
  const colon = text.indexOf(":", Math.max(0, key?.end ?? 0));
  const written = inline ? ` ${flow(value)}` : entryText("x", value, column, newLine).slice(2);
  if (wasBelow) {
    const lineEnd = lineEndOf(text, colon);
    const last = lineEndOf(text, end);
    return inline ? text.slice(0, colon + 1) + written + text.slice(colon + 1, lineEnd) + text.slice(last) : text.slice(0, lineEnd) + written + text.slice(last);
  }
  const behind = text.slice(end, lineEndOf(text, end)).trim();
  return text.slice(0, colon + 1) + (behind === "" ? "" : ` ${behind}`) + written + text.slice(lineEndOf(text, end));
}

function insert(text: string, parent: YamlNode, isFlow: boolean, index: number, key: string, value: Json, isBlock: boolean): string {
  const newLine = newLineOf(text);
  const parts = partsOf(text, parent);
  if (isFlow || parts.length === 0) {
    const one = parent.kind === "map" ? `${keyText(key)}: ${flow(value)}` : flow(value);
    if (parts.length === 0) return text.slice(0, parent.span.start) + (parent.kind === "map" ? `{ ${one} }` : `[${one}]`) + text.slice(parent.span.end);
    return index === 0 ? splice(text, parts[0]![0], `${one}, `) : splice(text, parts[index - 1]![1], `, ${one}`);
  }
  const column = columnOf(text, parts[0]![0]);
  const written = parent.kind === "map" ? (isBlock ? blockEntry : entryText)(key, value, column, newLine) : itemText(value, column, newLine);
  const indent = newLine + " ".repeat(column);
  if (index === 0) return splice(text, parts[0]![0], written + indent);
  const at = contentEndOf(text, parts[index - 1]![1]);
  return splice(text, at, indent + written);
}

function cut(text: string, parent: YamlNode, index: number): string {
  const parts = partsOf(text, parent);
  const part = parts[index]!;
  if (parent.span.style === "flow") {
    // What stands between two of them is a comma, and perhaps the comment of the one before.
    const next = parts[index + 1];
    if (next !== undefined) return text.slice(0, part[0]) + text.slice(next[0]);
    const before = parts[index - 1]!;
    return text.slice(before[1], part[0]).includes("#") ? text.slice(0, part[0]) + text.slice(part[1]) : text.slice(0, before[1]) + text.slice(part[1]);
  }
  if (index === 0 && text.slice(lineStartOf(text, part[0]), part[0]).trim() !== "") return text.slice(0, part[0]) + text.slice(parts[1]![0]); // it shares its line with the dash of an item
  const from = lineStartOf(text, blockStartOf(text, part[0]));
  const to = lineEndOf(text, part[1]);
  return to < text.length ? text.slice(0, from) + text.slice(to + 1) : text.slice(0, Math.max(0, from - newLineOf(text).length));
}

// From key (or dash) to the end of the value.
function partsOf(text: string, parent: YamlNode): [number, number][] {
  if (parent.kind === "map") return parent.entries.map((e) => [e.keySpan.start, Math.max(e.value.span.end, text[e.keySpan.end] === ":" ? e.keySpan.end + 1 : e.keySpan.end)]);
  if (parent.kind === "scalar") return [];
  if (parent.span.style === "flow") return parent.items.map((i) => [i.span.start, i.span.end]);
  const column = columnOf(text, parent.span.start);
  return parent.items.map((i) => [dashOf(text, i.span.start, column), i.span.end]);
}

// An item's dash stands on its line or, where the item begins below it, on one before.
function dashOf(text: string, start: number, column: number): number {
  for (let line = lineStartOf(text, start); line >= 0; line = line === 0 ? -1 : lineStartOf(text, line - 1)) {
    if (line + column <= start && text[line + column] === "-") return line + column;
  }
  return start;
}

/** Where the comments begin that stand on lines of their own right above and belong to what follows. */
export function blockStartOf(text: string, start: number): number {
  const column = columnOf(text, start);
  let found = start;
  for (let line = lineStartOf(text, start); line > 0; ) {
    line = lineStartOf(text, line - 1);
    const above = text.slice(line, lineEndOf(text, line));
    const indent = above.length - above.trimStart().length;
    if (indent !== column || above[indent] !== "#") break;
    found = line + indent;
  }
  return found;
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStartOf(text, offset);
}

export function lineStartOf(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

export function lineEndOf(text: string, offset: number): number {
  const end = text.indexOf("\n", Math.min(offset, text.length));
  return end < 0 ? text.length : end;
}

// The line end without what belongs to it.
function contentEndOf(text: string, offset: number): number {
  const end = lineEndOf(text, offset);
  return end > offset && text[end - 1] === "\r" ? end - 1 : end;
}

function newLineOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function splice(text: string, at: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at);
}
