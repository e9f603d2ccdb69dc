/** How the generated client speaks to the server: one base, JSON both ways, refusals as typed errors. */

const BASE = "/api";

/** Browsers let 64 KiB outlive a page, all requests together; a character is at most 3 bytes. */
const KEPT_ALIVE_MAX = 20_000;

/** One reason of a refusal, as the server's problem JSON lists them. */
export interface Reason {
  code: string;
  message: string;
  where: string | null;
  remedy: string | null;
}

/** A refusal with the product's code, where it applies and what to do. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly where: string | null;
  readonly remedy: string | null;
  readonly reasons: readonly Reason[];
  /** The whole answer, for "Details". */
  readonly problem: unknown;

  constructor(status: number, reason: Reason, reasons: readonly Reason[] = [reason], problem: unknown = null) {
    super(reason.message);
    this.name = "ApiError";
    this.status = status;
    this.code = reason.code;
    this.where = reason.where;
    this.remedy = reason.remedy;
    this.reasons = reasons;
    this.problem = problem;
  }
}

export interface Call {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  /** The same key asks for the same thing once, however often it is sent; null for what refuses one, since its answer is a secret. */
  key?: string | null | undefined;
  signal?: AbortSignal | undefined;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Told when the server no longer knows the session. */
export const SIGNED_OUT = "sigmatiq:signed-out";

export async function send<T>(method: Method, path: string, call: Call = {}): Promise<T> {
  const headers = new Headers({ Accept: "application/json" });
  const request: RequestInit = { method, headers, credentials: "same-origin" };
  if (call.signal !== undefined) request.signal = call.signal;
  if (method !== "GET") {
    headers.set("Content-Type", "application/json");
    if (call.key !== null) headers.set("Idempotency-Key", call.key ?? crypto.randomUUID());
    const body = JSON.stringify(call.body ?? {});
    request.body = body;
    // What is let go or kept when a page is left is, although the page has gone; browsers allow it to small bodies.
    request.keepalive = method === "DELETE" || (method === "PUT" && body.length < KEPT_ALIVE_MAX);
  }
  let answer: Response;
  try {
    answer = await fetch(BASE + path + queryText(call.query), request);
  } catch (error) {
    if (call.signal?.aborted === true) throw error;
    throw new ApiError(0, { code: "OFFLINE", message: "The server does not answer.", where: path, remedy: "See whether 'sigmatiq serve' still runs; the studio goes on by itself." });
  }
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
  if (answer.status === 401) window.dispatchEvent(new Event(SIGNED_OUT));
  throw await refusal(answer);
}

function queryText(query: Call["query"]): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, String(value)]]));
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}

/** Reads a refusal; an answer that is no problem JSON is told as it came. */
export async function refusal(answer: Response): Promise<ApiError> {
  const text = await answer.text();
  try {
    const problem = JSON.parse(text) as Record<string, unknown>;
    const reason = reasonOf({ ...problem, message: problem["title"] });
    const listed = Array.isArray(problem["problems"]) ? problem["problems"].map((p) => reasonOf(p as Record<string, unknown>)) : [];
    return new ApiError(answer.status, reason, listed.length > 0 ? listed : [reason], problem);
  } catch {
    return new ApiError(answer.status, { code: `HTTP_${answer.status}`, message: answer.statusText || "The server refused the request.", where: null, remedy: null }, undefined, text);
  }
}

function reasonOf(from: Record<string, unknown>): Reason {
  const text = (name: string): string | null => (typeof from[name] === "string" ? from[name] : null);
  return { code: text("code") ?? "UNKNOWN", message: text("message") ?? "The server refused the request.", where: text("where"), remedy: text("remedy") };
}
