/** Types of the values that flow between steps, read from the JSON Schemas of the step kinds. */
import { isObject, type Json, type JsonObject } from "./yaml";

export type ValueKind = "any" | "text" | "whole" | "number" | "truth" | "list" | "record" | "map";

export interface FieldType {
  kind: ValueKind;
  item?: FieldType;
  fields?: readonly Field[];
  /** The only texts allowed. */
  choices?: readonly string[];
}

export interface Field {
  name: string;
  type: FieldType;
  required: boolean;
  standard: Json | undefined;
  words: string;
}

export interface Kind {
  id: string;
  summary: string;
  /** Whether this release can do its work. */
  isBuilt: boolean;
  isReusable: boolean;
  inputs: readonly Field[];
  outputs: readonly Field[];
}

export const any: FieldType = { kind: "any" };

/** A kind as the server lists it. */
export interface ListedKind {
  id: string;
  summary: string;
  state: string;
  is_reusable: boolean | null;
  with: Record<string, unknown> | null;
  outputs: Record<string, unknown> | null;
}

export function kindsOf(listed: readonly ListedKind[]): Map<string, Kind> {
  return new Map(
    listed.map((k) => [
      k.id,
      {
        id: k.id, summary: k.summary.replace(" (announced)", ""), isBuilt: k.state === "built", isReusable: k.is_reusable === true,
        inputs: fieldsOf((k.with ?? {}) as JsonObject), outputs: fieldsOf((k.outputs ?? {}) as JsonObject),
      },
    ]),
  );
}

function fieldsOf(schema: JsonObject): Field[] {
  const properties = schema["properties"];
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return !isObject(properties)
    ? []
    : Object.entries(properties).map(([name, of]) => ({
        name, type: typeOf(of as JsonObject), required: required.includes(name), standard: (of as JsonObject)["default"], words: typeof (of as JsonObject)["description"] === "string" ? ((of as JsonObject)["description"] as string) : "",
      }));
}

// An input may also be an expression or nothing; what it is besides is its type.
function typeOf(schema: JsonObject): FieldType {
  const forms = schema["anyOf"];
  if (Array.isArray(forms)) {
    const plain = forms.find((f) => isObject(f) && f["$ref"] === undefined && f["type"] !== "null");
    return plain === undefined ? any : typeOf(plain as JsonObject);
  }
  const choices = schema["enum"];
  if (Array.isArray(choices)) return { kind: "text", choices: choices.filter((c): c is string => typeof c === "string") };
  const named = schema["type"];
  const type = Array.isArray(named) ? named.find((t) => t !== "null") : named;
  switch (type) {
    case "string":
      return { kind: "text" };
    case "integer":
      return { kind: "whole" };
    case "number":
      return { kind: "number" };
    case "boolean":
      return { kind: "truth" };
    case "array":
      return { kind: "list", item: isObject(schema["items"]) ? typeOf(schema["items"]) : any };
    case "object":
      return isObject(schema["properties"]) ? { kind: "record", fields: fieldsOf(schema) } : { kind: "map" };
    default:
      return any;
  }
}

/** Whether a value of one type can stand where another is asked for. */
export function fits(mine: FieldType, wanted: FieldType): boolean {
  if (mine.kind === "any" || wanted.kind === "any") return true;
  if (mine.kind === "whole" && wanted.kind === "number") return true;
  if ((mine.kind === "record" || mine.kind === "map") && wanted.kind === "map") return true;
  if (mine.kind === "list" && wanted.kind === "list") return fits(mine.item ?? any, wanted.item ?? any);
  if (mine.kind === "record" && wanted.kind === "record") {
    return (wanted.fields ?? []).every((w) => {
      const own = mine.fields?.find((f) => f.name === w.name);
      return own === undefined ? !w.required : fits(own.type, w.type);
    });
  }
  return mine.kind === wanted.kind;
}

/** A type in words. */
export function named(type: FieldType): string {
  switch (type.kind) {
    case "list":
      return `list of ${named(type.item ?? any)}`;
    case "record":
      return `record {${(type.fields ?? []).map((f) => f.name).join(", ")}}`;
    case "whole":
      return "whole number";
    case "truth":
      return "true or false";
    default:
      return type.kind;
  }
}

/** Type of a constant. */
export function typeOfValue(value: Json): FieldType {
  if (value === null) return any;
  if (Array.isArray(value)) return { kind: "list", item: value.length === 0 ? any : typeOfValue(value[0]!) };
  if (isObject(value)) return { kind: "record", fields: Object.entries(value).map(([name, v]) => ({ name, type: typeOfValue(v), required: true, standard: undefined, words: "" })) };
  if (typeof value === "string") return { kind: "text" };
  if (typeof value === "boolean") return { kind: "truth" };
  return { kind: Number.isInteger(value) ? "whole" : "number" };
}
