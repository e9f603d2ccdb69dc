/** What stands under the name of a step. */
import { labelOf } from "./palette";
import type { Step } from "./model";
import { toJson } from "./yaml";

const telling = ["mode", "target", "kind", "expires", "until", "after", "channel", "title", "workflow"];

export function summaryOf(step: Step): string {
  if (step.uses === "") return "no step kind";
  const given = step.given.filter((g) => g.value.kind === "scalar" && !g.value.text.includes("{") && telling.includes(g.key)).map((g) => String(toJson(g.value)).replaceAll("_", " "));
  const each = step.forEach === null ? [] : [`each ${step.forEach}`];
  const name = labelOf(step.uses);
  const said = name.toLowerCase() === step.name.replaceAll("_", " ") && given.length + each.length > 0 ? [] : [name];
  const line = [...said, ...each, ...given.slice(0, 2)].join(", ");
  return line.charAt(0).toUpperCase() + line.slice(1);
}
