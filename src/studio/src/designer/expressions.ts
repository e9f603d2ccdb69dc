/** The closed expression language of workflow files: parsed, typed and searched for references; the same grammar as the server's. */

export type Expression =
  | { kind: "literal"; at: number; value: string | number | boolean | null }
  | { kind: "reference"; at: number; end: number; path: string[] }
  | { kind: "take"; at: number; list: Expression; count: Expression }
  | { kind: "item"; at: number; list: Expression; index: Expression }
  | { kind: "field"; at: number; of: Expression; name: string }
  | { kind: "unary"; at: number; operator: string; operand: Expression }
  | { kind: "binary"; at: number; operator: string; left: Expression; right: Expression };

export type Reference = Extract<Expression, { kind: "reference" }>;

export type Parsed = { expression: Expression; error?: undefined } | { expression?: undefined; error: string; at: number };

const DEPTH_MAX = 32;
const LENGTH_MAX = 2_000;
const comparisons = ["==", "!=", "<=", ">=", "<", ">"];

class SyntaxFault extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

class Parser {
  private at = 0;
  private depth = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  whole(): Expression {
    const expression = this.or();
    this.blank();
    if (this.at < this.text.length) throw new SyntaxFault(`unexpected '${this.text[this.at]}'`, this.at);
    return expression;
  }

  private or(): Expression {
    return this.chain("or", () => this.and());
  }

  private and(): Expression {
    return this.chain("and", () => this.not());
  }

  private chain(word: string, next: () => Expression): Expression {
    let left = next();
    const at = left.at;
    while (this.word(word)) left = this.deeper(() => ({ kind: "binary", at, operator: word, left, right: next() }));
    return left;
  }

  private not(): Expression {
    this.blank();
    const at = this.at;
    return this.word("not") ? this.deeper(() => ({ kind: "unary", at, operator: "not", operand: this.not() })) : this.comparison();
  }

  private comparison(): Expression {
    const left = this.sum();
    const operator = this.symbol(comparisons);
    if (operator === null) return left;
    const comparison: Expression = { kind: "binary", at: left.at, operator, left, right: this.sum() };
    this.blank();
    const next = this.at;
    const chained = this.symbol(comparisons);
    if (chained !== null) throw new SyntaxFault(`'${chained}' cannot follow a comparison`, next);
    return comparison;
  }

  private sum(): Expression {
    let left = this.product();
    for (let operator = this.symbol(["+", "-"]); operator !== null; operator = this.symbol(["+", "-"])) left = { kind: "binary", at: left.at, operator, left, right: this.product() };
    return left;
  }

  private product(): Expression {
    let left = this.negation();
    for (let operator = this.symbol(["*", "/"]); operator !== null; operator = this.symbol(["*", "/"])) left = { kind: "binary", at: left.at, operator, left, right: this.negation() };
    return left;
  }

  private negation(): Expression {
    this.blank();
    const at = this.at;
    return this.symbol(["-"]) === null ? this.suffixed() : this.deeper(() => ({ kind: "unary", at, operator: "-", operand: this.negation() }));
  }

  private suffixed(): Expression {
    let value = this.atom();
    for (;;) {
      const c = this.text[this.at];
      const of = value;
      if (c === "(" && (of.kind === "reference" || of.kind === "field" || of.kind === "item")) {
        this.at++;
        value = this.deeper(() => ({ kind: "take", at: of.at, list: of, count: this.or() }));
        this.expect(")");
      } else if (c === "[") {
        this.at++;
        value = this.deeper(() => ({ kind: "item", at: of.at, list: of, index: this.or() }));
        this.expect("]");
      } else if (c === "." && (of.kind === "take" || of.kind === "item")) {
        this.at++;
        value = { kind: "field", at: of.at, of, name: this.name() };
      } else {
        return value;
      }
    }
  }

  private atom(): Expression {
    this.blank();
    const at = this.at;
    const c = this.text[at];
    if (c === undefined) throw new SyntaxFault("a value is missing at the end", at);
    if (c === "(") {
      this.at++;
      const inner = this.deeper(() => this.or());
      this.expect(")");
      return inner;
    }
    if (c === '"' || c === "'") return { kind: "literal", at, value: this.quoted(c) };
    if (/[0-9]/.test(c)) return { kind: "literal", at, value: this.number() };
    if (!/[A-Za-z_]/.test(c)) throw new SyntaxFault(`unexpected '${c}'`, at);
    const path = [this.name()];
    while (this.text[this.at] === ".") {
      this.at++;
      path.push(this.name());
    }
    const only = path.length === 1 ? path[0]!.toLowerCase() : "";
    if (only === "true" || only === "false") return { kind: "literal", at, value: only === "true" };
    if (only === "null") return { kind: "literal", at, value: null };
    return { kind: "reference", at, end: this.at, path };
  }

  private number(): number {
    const at = this.at;
    while (this.at < this.text.length && (/[A-Za-z0-9.]/.test(this.text[this.at]!) || (/[+-]/.test(this.text[this.at]!) && /[eE]/.test(this.text[this.at - 1]!)))) this.at++;
    const digits = this.text.slice(at, this.at);
    const value = /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(digits) ? Number(digits) : NaN;
    if (!Number.isFinite(value)) throw new SyntaxFault(`'${digits}' is no number`, at);
    return value;
  }

  private quoted(quote: string): string {
    const at = this.at++;
    let value = "";
    while (this.at < this.text.length && this.text[this.at] !== quote) {
      if (this.text[this.at] === "\\" && this.at + 1 < this.text.length) this.at++;
      value += this.text[this.at++]!;
    }
    if (this.at === this.text.length) throw new SyntaxFault("the text in quotes has no end", at);
    this.at++;
    return value;
  }

  private name(): string {
    const found = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.text.slice(this.at))?.[0];
    if (found === undefined) throw new SyntaxFault("a name is missing", this.at);
    this.at += found.length;
    return found;
  }

  private word(word: string): boolean {
    this.blank();
    const end = this.at + word.length;
    if (end > this.text.length || this.text.slice(this.at, end).toLowerCase() !== word || (end < this.text.length && /[A-Za-z0-9_.]/.test(this.text[end]!))) return false;
    this.at = end;
    return true;
  }

  private symbol(symbols: readonly string[]): string | null {
    this.blank();
    const found = symbols.find((s) => this.text.startsWith(s, this.at)) ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  private expect(c: string): void {
    this.blank();
    if (this.text[this.at] !== c) throw new SyntaxFault(`'${c}' is missing`, this.at);
    this.at++;
  }

  private blank(): void {
    while (this.at < this.text.length && /\s/.test(this.text[this.at]!)) this.at++;
  }

  private deeper(inner: () => Expression): Expression {
    if (++this.depth > DEPTH_MAX) throw new SyntaxFault(`the nesting is deeper than ${DEPTH_MAX}`, this.at);
    const result = inner();
    this.depth--;
    return result;
  }
}

/** Parses a whole text. */
export function parseExpression(text: string): Parsed {
  if (text.length > LENGTH_MAX) return { error: `the expression has ${text.length} characters, ${LENGTH_MAX} are allowed`, at: 0 };
  try {
    return { expression: new Parser(text).whole() };
  } catch (e) {
    if (e instanceof SyntaxFault) return { error: e.message, at: e.at };
    throw e;
  }
}

/** Every reference in an expression, from left to right. */
export function referencesOf(e: Expression): Reference[] {
  switch (e.kind) {
    case "reference":
      return [e];
    case "take":
      return [...referencesOf(e.list), ...referencesOf(e.count)];
    case "item":
      return [...referencesOf(e.list), ...referencesOf(e.index)];
    case "field":
      return referencesOf(e.of);
    case "unary":
      return referencesOf(e.operand);
    case "binary":
      return [...referencesOf(e.left), ...referencesOf(e.right)];
    default:
      return [];
  }
}

/** Parts of a text: plain, or an expression with the offset at which it begins. */
export type Part = { plain: string } | { expression: Expression; at: number; source: string };

export type TemplateRead = { parts: Part[]; error?: undefined } | { parts?: undefined; error: string; at: number };

/** Reads a text in which braces hold expressions; `{{` and `}}` are plain braces. */
export function readTemplate(text: string): TemplateRead {
  const parts: Part[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") parts.push({ plain });
    plain = "";
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if ((c === "{" || c === "}") && text[i + 1] === c) {
      plain += c;
      i++;
    } else if (c === "}") {
      return { error: "'}' without '{'; write '}}' for a brace", at: i };
    } else if (c === "{") {
      const end = endOf(text, i + 1);
      if (end < 0) return { error: "'{' without '}'; write '{{' for a brace", at: i };
      const source = text.slice(i + 1, end);
      const parsed = parseExpression(source);
      if (parsed.expression === undefined) return { error: parsed.error, at: i + 1 + parsed.at };
      flush();
      parts.push({ expression: parsed.expression, at: i + 1, source });
      i = end;
    } else {
      plain += c;
    }
  }
  flush();
  return { parts };
}

/** The brace that closes an expression; one inside a quoted text does not. */
export function endOf(text: string, from: number): number {
  let quote = "";
  for (let i = from; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== "") {
      if (c === "\\") i++;
      else if (c === quote) quote = "";
    } else if (c === "}") {
      return i;
    } else if (c === '"' || c === "'") {
      quote = c;
    }
  }
  return -1;
}

/** The text with every reference to a step under its new name; what is no expression, or cannot be read as one, stays. */
export function renamedIn(text: string, isExpression: boolean, name: string, newName: string): string {
  if (isExpression) return renamedInExpression(text, name, newName);
  for (let i = 0; i < text.length; i++) {
    if ((text[i] === "{" || text[i] === "}") && text[i + 1] === text[i]) {
      i++;
    } else if (text[i] === "{") {
      const end = endOf(text, i + 1);
      if (end < 0) continue;
      const renamed = renamedInExpression(text.slice(i + 1, end), name, newName);
      text = text.slice(0, i + 1) + renamed + text.slice(end);
      i += renamed.length + 1;
    }
  }
  return text;
}

function renamedInExpression(text: string, name: string, newName: string): string {
  const parsed = parseExpression(text);
  if (parsed.expression === undefined) return text;
  // From the right, so that the places on the left stay true.
  for (const r of referencesOf(parsed.expression).filter((f) => f.path[0] === "steps" && f.path[1] === name).sort((a, b) => b.at - a.at)) {
    const head = "steps.";
    if (text.startsWith(head + name, r.at)) text = text.slice(0, r.at + head.length) + newName + text.slice(r.at + head.length + name.length);
  }
  return text;
}
