import type { Problem } from "./check";

/** A problem in a few words, as it stands on a node. */
export function brief(p: Problem): string {
  const name = /'([^']{1,40})'/.exec(p.message)?.[1];
  switch (p.code) {
    case "WFL-1002":
      return `unknown step kind ${name ?? ""}`;
    case "WFL-1003":
      return p.message.includes("has no field") ? `unknown output ${name ?? ""}` : `unknown ${name ?? "field"}`;
    case "WFL-1004":
      return "part of a circle";
    case "WFL-1006":
      return `unknown parameter ${name ?? ""}`;
    case "WFL-1007":
      return "an expression cannot be read";
    case "WFL-1008":
      return `unknown step ${name ?? ""}`;
    case "WFL-1009":
      return `lacks ${name ?? "an input"}`;
    default:
      return p.message;
  }
}
