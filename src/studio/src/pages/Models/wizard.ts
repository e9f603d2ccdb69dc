/** The draft of a model as the wizard holds it, and what of the server's answer belongs to which field. It decides nothing: defaults, bounds and problems come from the server. */
import type { ModelAsked, ModelDocument, ModelDrafted, ModelInputRead, ModelSettingRead, ProblemLine } from "../../api/client";
import { setting } from "../../text/format";

export interface Draft {
  /** Pack and version, swingsigma@1.1.0. */
  pack: string;
  strategy: string | null;
  ticker: string;
  instrument: string | null;
  /** Null until somebody chooses: then what the strategy and all features need. */
  indicators: readonly string[] | null;
  /** Null until somebody chooses: then all. */
  features: readonly string[] | null;
  profile: string;
  /** As typed, by key. */
  overrides: Readonly<Record<string, string>>;
  /** Null until somebody writes one. */
  id: string | null;
  name: string | null;
  description: string;
}

export const emptyDraft = (pack: string): Draft => ({
  pack, strategy: null, ticker: "", instrument: null, indicators: null, features: null, profile: "balanced", overrides: {}, id: null, name: null, description: "",
});

/** What is kept of a draft from page to page, as it was written; null where it is none. */
export function draftFrom(text: string | null, start: Draft): Draft | null {
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Partial<Draft> | null;
    return kept === null || typeof kept.pack !== "string" || typeof kept.ticker !== "string" || typeof kept.overrides !== "object" ? null : { ...start, ...kept };
  } catch {
    return null;
  }
}

/** A draft that begins as a model is. */
export function draftOf(model: ModelDocument, asIs: boolean): Draft {
  return {
    pack: model.pack, strategy: model.strategy.id, ticker: model.model.ticker, instrument: model.instrument,
    indicators: model.inputs.filter((i) => i.kind === "indicator" && i.selected).map((i) => i.id), features: model.inputs.filter((i) => i.kind === "feature" && i.selected).map((i) => i.id),
    profile: model.risk_profile, overrides: Object.fromEntries(model.settings.filter((s) => s.source === "override" && s.value !== null).map((s) => [s.key, String(s.value)])),
    id: asIs ? model.model.id : null, name: asIs ? model.model.name : null, description: model.model.description,
  };
}

/** The selection that holds: what somebody chose, else all features and the indicators that they and the strategy need. */
export function selectionOf(draft: Draft, inputs: readonly ModelInputRead[]): { indicators: string[]; features: string[] } {
  const of = (kind: string): ModelInputRead[] => inputs.filter((i) => i.kind === kind);
  return {
    features: [...(draft.features ?? of("feature").map((i) => i.id))],
    indicators: [...(draft.indicators ?? of("indicator").filter((i) => i.selected || i.needed_by !== null).map((i) => i.id))],
  };
}

/** Small letters, digits and dashes out of anything. */
export function slug(text: string): string {
  const made = text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return (/^[a-z]/.test(made) || made === "" ? made : `m-${made}`).slice(0, 64);
}

/** The id that is proposed: ticker, strategy and profile, with a number where it is taken. */
export function proposedId(draft: Draft, strategy: string, taken: readonly string[]): string {
  const stem = slug([draft.ticker, strategy, draft.profile === "balanced" ? "" : draft.profile].filter((p) => p !== "").join("_")) || "model";
  for (let n = 1; ; n++) {
    const id = n === 1 ? stem : `${stem.slice(0, 60)}-${n}`;
    if (!taken.includes(id)) return id;
  }
}

/** The name that is proposed; with the id behind it where another model has it. */
export function proposedName(draft: Draft, strategy: string, id: string, taken: readonly string[]): string {
  if (draft.ticker.trim() === "") return id;
  const name = `${draft.ticker.trim().toUpperCase()} ${strategy}${draft.profile === "balanced" ? "" : `, ${draft.profile}`}`;
  return taken.includes(name) ? `${name} (${id})` : name;
}

/** The command that makes the same model: by options while nobody chose inputs, else by a file as POST /models takes it. */
export function commandOf(draft: Draft, id: string, edit: string | null): string[] {
  if (edit !== null) return ["./sigmatiq", "models", "change", `${id}.json`];
  if (draft.indicators !== null || draft.features !== null) return ["./sigmatiq", "models", "create", "--request", `${id}.json`];
  const set = Object.entries(draft.overrides).flatMap(([key, text]) => (numberOf(text) === null ? [] : [`${key}=${numberOf(text)!}`]));
  return [
    "./sigmatiq", "models", "create", "--ticker", draft.ticker.trim().toUpperCase() || "TICKER", "--pack", draft.pack, ...(draft.strategy === null ? [] : ["--strategy", draft.strategy]), "--id", id,
    ...(draft.profile === "balanced" ? [] : ["--risk-profile", draft.profile]), ...(set.length === 0 ? [] : ["--set", ...set]),
  ];
}

/** What is typed into an override; null where it is empty. What is no number is told by `unread`. */
export function numberOf(text: string | undefined): number | null {
  const plain = (text ?? "").trim().replace(",", ".");
  return plain === "" || !Number.isFinite(Number(plain)) ? null : Number(plain);
}

export function unread(text: string | undefined): boolean {
  return (text ?? "").trim() !== "" && numberOf(text) === null;
}

/** The request that the draft stands for. */
export function requestOf(draft: Draft, user: string, id: string, name: string, selected: { indicators: readonly string[]; features: readonly string[] }): ModelAsked {
  const [pack, version] = draft.pack.split("@") as [string, string | undefined];
  return {
    model_id: id, pack_id: pack, pack_version: version, user_id: user, ticker: draft.ticker.trim().toUpperCase(), name, description: draft.description, instrument: draft.instrument, strategy_id: draft.strategy,
    selected_indicators: [...selected.indicators], selected_features: [...selected.features], risk_profile: draft.profile,
    parameter_overrides: Object.fromEntries(Object.entries(draft.overrides).flatMap(([key, text]) => (numberOf(text) === null ? [] : [[key, numberOf(text)!]]))),
  };
}

const stepFields: readonly (readonly string[])[] = [
  ["pack", "pack_id", "pack_version", "strategy", "strategy_id"], ["ticker", "instrument", "model_id", "name", "description", "user_id"], ["selected_indicators", "selected_features"], ["risk_profile"],
];

/** The step, from 0, that a problem is corrected in: where its field stands. */
export function stepOf(where: string | null, settings: readonly ModelSettingRead[]): number {
  const field = where ?? "";
  const found = stepFields.findIndex((fields) => fields.includes(field));
  if (found >= 0) return found;
  const key = field.replace(/^parameter_overrides\./, "");
  return settings.find((s) => s.key === key)?.group === "risk" ? 3 : 2;
}

/** The problems of a field, and of the fields below it. */
export function problemsAt(problems: readonly ProblemLine[], field: string): ProblemLine[] {
  return problems.filter((p) => p.where === field);
}

/** What still keeps the model from being made: the server's problems, and numbers that are none. */
export function problemsOf(draft: Draft, answer: ModelDrafted): ProblemLine[] {
  const typed = Object.entries(draft.overrides).filter(([, text]) => unread(text)).map(([key, text]): ProblemLine => ({
    code: "MDL-1005", message: `${key} was '${text}'.`, where: `parameter_overrides.${key}`, remedy: "Use a number.",
  }));
  return [...typed, ...answer.problems];
}

/** "stochastic: added because momentum_composite needs it"; null where nothing was added. */
export function addedWhy(input: ModelInputRead): string | null {
  return input.selected || input.needed_by === null ? null : `added because ${input.needed_by.replace(/^(feature|strategy|indicator) /, "")} needs it`;
}

/** The source of a setting in words: "override", "swingsigma 1.1.0", "conservative profile". */
export function sourceOf(s: Pick<ModelSettingRead, "source">, pack: string, profile: string): string {
  switch (s.source) {
    case "override": return "override";
    case "profile": return `${profile} profile`;
    case "pack": return pack.replace("@", " ");
    default: return "catalog";
  }
}

/** "+50%" beside an override of a number; null where there is nothing to compare with. */
export function against(s: Pick<ModelSettingRead, "value" | "default">): string | null {
  if (s.value === null || s.default === null || s.default === 0 || s.value === s.default) return null;
  const share = Math.round((100 * (s.value - s.default)) / Math.abs(s.default));
  return share === 0 ? null : `${share > 0 ? "+" : "−"}${setting(Math.abs(share))}%`;
}
