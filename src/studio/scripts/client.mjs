// Makes src/api/client.ts from docs/openapi.json: a type for each schema, a function for each operation.
//   node scripts/client.mjs           writes it
//   node scripts/client.mjs --check   fails where what is committed is not what would be written
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const METHODS = ["get", "post", "put", "patch", "delete"];

/** The whole file for a document. */
export function clientOf(document) {
  const schemas = document.components?.schemas ?? {};
  const parts = ["// Made by scripts/client.mjs from docs/openapi.json: change that, not this.", 'import { send } from "./http";', ""];
  for (const name of Object.keys(schemas).sort()) parts.push(...declared(name, schemas[name]));
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.filter((m) => item[m] !== undefined).map((method) => ({ path, method, operation: item[method], shared: item.parameters ?? [] })),
  );
  const used = operations.map(({ path, method, operation }) => operation.operationId ?? nameOf(method, path));
  const twice = used.find((name, i) => used.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`Two operations are named ${twice}.`);
  const byName = operations.map((o, i) => ({ ...o, name: used[i] })).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const one of byName) parts.push(...called(one, document));
  return parts.join("\n");
}

function declared(name, schema) {
  const lines = comment(schema.description);
  const isObject = schema.properties !== undefined && schema.allOf === undefined;
  if (!isObject) return [...lines, `export type ${safe(name)} = ${typeOf(schema)};`, ""];
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties).flatMap(([key, value]) => [
    ...comment(value.description, "  "),
    `  ${keyOf(key)}${required.has(key) ? "" : "?"}: ${typeOf(value)}${required.has(key) ? "" : " | undefined"};`,
  ]);
  return [...lines, `export interface ${safe(name)} {`, ...fields, "}", ""];
}

function called({ path, method, name, operation, shared }, document) {
  const parameters = [...shared, ...(operation.parameters ?? [])].map((p) => resolve(p, document));
  const inPath = parameters.filter((p) => p.in === "path");
  const inQuery = parameters.filter((p) => p.in === "query");
  const body = operation.requestBody === undefined ? undefined : jsonOf(resolve(operation.requestBody, document).content);
  const answer = Object.entries(operation.responses ?? {}).filter(([status]) => /^2/.test(status)).map(([, r]) => jsonOf(resolve(r, document).content)).find((s) => s !== undefined);
  // Pages, streams and files are not fetched as JSON; whoever needs one names its address.
  const isJson = method !== "get" || answer !== undefined;
  const isForm = operation.requestBody !== undefined && body === undefined;
  if (!isJson || isForm) return [];
  const fields = [];
  for (const p of inPath) fields.push(`${keyOf(p.name)}: string`);
  for (const p of inQuery) fields.push(`${keyOf(p.name)}?: ${typeOf(p.schema ?? {})} | undefined`);
  if (body !== undefined) fields.push(`body: ${typeOf(body)}`);
  // What answers with a secret is never kept, and refuses a key.
  const hasKey = method !== "get" && parameters.some((p) => p.in === "header" && p.name === "Idempotency-Key");
  if (hasKey) fields.push("key?: string | undefined");
  fields.push("signal?: AbortSignal | undefined");
  const needsGiven = inPath.length > 0 || body !== undefined;
  const address = path.replace(/^\/api(?=\/)/, "").replace(/\{([^}]+)\}/g, (_, p) => `\${encodeURIComponent(given${accessOf(p)})}`);
  const call = [
    ...(inQuery.length > 0 ? [`query: { ${inQuery.map((p) => `${keyOf(p.name)}: given${accessOf(p.name)}`).join(", ")} }`] : []),
    ...(body === undefined ? [] : ["body: given.body"]),
    ...(method === "get" ? [] : [hasKey ? "key: given.key" : "key: null"]),
    "signal: given.signal",
  ];
  const result = answer === undefined ? "void" : typeOf(answer);
  return [
    ...comment(operation.summary ?? operation.description),
    `export function ${safe(name)}(given: { ${fields.join("; ")} }${needsGiven ? "" : " = {}"}): Promise<${result}> {`,
    `  return send<${result}>("${method.toUpperCase()}", \`${address}\`, { ${call.join(", ")} });`,
    "}",
    "",
  ];
}

function typeOf(schema) {
  if (schema === undefined || schema === true) return "unknown";
  if (schema.$ref !== undefined) return safe(schema.$ref.split("/").pop());
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((v) => JSON.stringify(v)).join(" | ") || "never";
  for (const list of [schema.oneOf, schema.anyOf]) if (list !== undefined) return [...new Set(list.map(typeOf))].join(" | ");
  if (schema.allOf !== undefined) return schema.allOf.map(typeOf).join(" & ");
  if (Array.isArray(schema.type)) {
    // A number that may come as text by its pattern comes as a number from us.
    const types = schema.type.filter((t) => !(t === "string" && (schema.type.includes("number") || schema.type.includes("integer"))));
    return [...new Set(types.map((type) => typeOf({ ...schema, type })))].join(" | ");
  }
  const nullable = schema.nullable === true ? " | null" : "";
  switch (schema.type) {
    case "string": return `string${nullable}`;
    case "integer":
    case "number": return `number${nullable}`;
    case "boolean": return `boolean${nullable}`;
    case "null": return "null";
    case "array": return `${wrapped(typeOf(schema.items))}[]${nullable}`;
    case "object": {
      if (schema.properties !== undefined) {
        const required = new Set(schema.required ?? []);
        return `{ ${Object.entries(schema.properties).map(([k, v]) => `${keyOf(k)}${required.has(k) ? "" : "?"}: ${typeOf(v)}${required.has(k) ? "" : " | undefined"}`).join("; ")} }${nullable}`;
      }
      const values = schema.additionalProperties;
      return `Record<string, ${values === undefined || values === false || values === true ? "unknown" : typeOf(values)}>${nullable}`;
    }
    default: return "unknown";
  }
}

const wrapped = (type) => (/[|&]/.test(type) ? `(${type})` : type);
const safe = (name) => name.replace(/[^A-Za-z0-9_$]/g, "_");
const keyOf = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
const accessOf = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`);
const comment = (text, indent = "") => (text ? [`${indent}/** ${text.replace(/\s+/g, " ").replaceAll("*/", "* /").trim()} */`] : []);
const nameOf = (method, path) => method + path.split("/").filter((p) => p && p !== "api").map((p) => p.replace(/[{}]/g, "")).map((p) => p[0].toUpperCase() + p.slice(1)).join("");

function jsonOf(content) {
  const found = Object.entries(content ?? {}).find(([type]) => /^application\/(.*\+)?json/.test(type));
  return found === undefined ? undefined : (found[1].schema ?? {});
}

function resolve(thing, document) {
  if (thing.$ref === undefined) return thing;
  return thing.$ref.replace(/^#\//, "").split("/").reduce((at, key) => at[key], document);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const source = new URL("../../../docs/openapi.json", import.meta.url);
  const target = new URL("../src/api/client.ts", import.meta.url);
  const made = clientOf(JSON.parse(readFileSync(source, "utf8")));
  if (process.argv.includes("--check")) {
    if (!existsSync(target) || readFileSync(target, "utf8") !== made) {
      console.error("src/api/client.ts is not what docs/openapi.json says: run 'npm run client' in src/studio and commit it.");
      process.exit(1);
    }
  } else {
    writeFileSync(target, made);
  }
}
