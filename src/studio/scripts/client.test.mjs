import { describe, expect, it } from "vitest";
import { clientOf } from "./client.mjs";

const document = {
  openapi: "3.1.0",
  paths: {
    "/api/things/{thing}": {
      get: {
        operationId: "getThing", summary: "Shows a thing.", parameters: [{ name: "thing", in: "path", required: true, schema: { type: "string" } }, { name: "limit", in: "query", schema: { type: "integer" } }],
        responses: { 200: { content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } } }, 404: { content: { "application/problem+json": { schema: {} } } } },
      },
      post: {
        parameters: [{ name: "thing", in: "path", required: true, schema: { type: "string" } }, { name: "Idempotency-Key", in: "header", schema: { type: "string" } }],
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Ask" } } } }, responses: { 202: { content: { "application/json": { schema: { type: "array", items: { $ref: "#/components/schemas/Thing" } } } } } },
      },
    },
    "/api/things/{thing}/events": { get: { responses: { 200: { content: { "text/event-stream": {} } } } } },
  },
  components: {
    schemas: {
      Thing: { description: "A thing.", type: "object", required: ["id", "note"], properties: { id: { type: "string" }, note: { type: ["null", "string"] }, n: { type: ["integer", "string"], pattern: "^-?\\d+$" }, "odd-key": { type: "object", additionalProperties: { type: "number" } } } },
      Ask: { type: "object", required: ["reason"], properties: { reason: { type: "string" }, of: { oneOf: [{ type: "null" }, { $ref: "#/components/schemas/Thing" }] } } },
      Mark: { enum: ["ok", "bad"] },
    },
  },
};

describe("the client made from a document", () => {
  const made = clientOf(document);

  it("has a type for each schema, with null and what may be left out told apart", () => {
    expect(made).toContain("/** A thing. */\nexport interface Thing {\n  id: string;\n  note: null | string;\n  n?: number | undefined;\n  \"odd-key\"?: Record<string, number> | undefined;\n}");
    expect(made).toContain("of?: null | Thing | undefined;");
    expect(made).toContain('export type Mark = "ok" | "bad";');
  });

  it("has a typed function for each operation that speaks JSON", () => {
    expect(made).toContain("export function getThing(given: { thing: string; limit?: number | undefined; signal?: AbortSignal | undefined }): Promise<Thing> {");
    expect(made).toContain('send<Thing>("GET", `/things/${encodeURIComponent(given.thing)}`, { query: { limit: given.limit }, signal: given.signal })');
    expect(made).toContain("export function postThingsThing(given: { thing: string; body: Ask; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<Thing[]> {");
    expect(made).not.toContain("events");
    const secret = structuredClone(document);
    secret.paths["/api/things/{thing}"].post.parameters.pop();
    expect(clientOf(secret)).toContain("key: null");
  });

  it("refuses two operations of one name", () => {
    const twice = structuredClone(document);
    twice.paths["/api/things/{thing}"].post.operationId = "getThing";
    expect(() => clientOf(twice)).toThrow("Two operations are named getThing");
  });
});
