/** What the training pages say about jobs and trained models. It computes no figure of its own. */
import type { TrainedModelShown, TrainedModelUse, TrainingShown, TrainingStepShown } from "../../api/client";

export interface TrainingFilter {
  status: readonly string[];
  model: string | null;
  unknown: readonly string[];
  query: string;
}

export const jobStates = ["queued", "training", "stopped", "completed", "failed", "cancelled"] as const;

export function filterOf(search: URLSearchParams): TrainingFilter {
  const found: { status: string[]; model: string | null; unknown: string[] } = { status: [], model: null, unknown: [] };
  for (const f of search.getAll("f")) {
    const [field, value] = [f.slice(0, f.indexOf(":")), f.slice(f.indexOf(":") + 1)];
    if (field === "status" && value !== "") found.status.push(...value.split(","));
    else if (field === "model" && value !== "") found.model = value;
    else found.unknown.push(f);
  }
  return { ...found, query: search.get("q") ?? "" };
}

export interface TrainingRow {
  job: TrainingShown;
  /** What it gave; null while it has not. */
  trained: TrainedModelShown | null;
}

/** Jobs with what they gave, in the server's order. */
export function rowsOf(jobs: readonly TrainingShown[], trained: readonly TrainedModelShown[], filter: TrainingFilter): TrainingRow[] {
  const byJob = new Map(trained.map((t) => [t.job_id, t]));
  const words = filter.query.toLowerCase().split(/\s+/).filter((w) => w !== "");
  return jobs
    .map((job) => ({ job, trained: byJob.get(job.id) ?? null }))
    .filter(({ job }) => (filter.status.length === 0 || filter.status.includes(job.status)) && (filter.model === null || job.model_id === filter.model))
    .filter(({ job }) => words.every((w) => `${job.id} ${job.model_id} ${job.sweep_id} combo ${job.combo_id} ${job.status} ${job.created_by}`.toLowerCase().includes(w)));
}

/** Whether it goes on by itself. */
export function isOpen(status: string): boolean {
  return status === "queued" || status === "training";
}

/** The state whose look a job has. */
export function stateOf(status: string): string {
  return status === "training" ? "running" : status === "stopped" ? "lost" : status;
}

export function stepState(step: TrainingStepShown): string {
  return step.status === "in_progress" ? "running" : step.status === "complete" ? "completed" : step.status;
}

/** Milliseconds of a step: what it took, or has taken by now where it is under way; null before it began. */
export function stepMs(step: TrainingStepShown, readAt: number, now: number): number | null {
  return step.duration === null ? null : step.duration * 1000 + (step.status === "in_progress" ? Math.max(0, now - readAt) : 0);
}

export interface Shortage {
  have: number;
  need: number;
}

/** "have 62, need 100" out of the refusal of too few rows; null where it is another. */
export function shortageOf(problem: { code: string; message: string } | null): Shortage | null {
  if (problem?.code !== "TRN-1004") return null;
  const found = /has (\d+) labelled rows.*?; (\d+) rows/.exec(problem.message);
  return found === null ? null : { have: Number(found[1]), need: Number(found[2]) };
}

/** The decision that a trained model stands at, as a state and a word. */
export function decisionOf(trained: Pick<TrainedModelShown, "state" | "flags" | "use">): { state: string; word: string } {
  // Fitted on all bars after an approval: it follows the decision about the model that it refits.
  if (trained.flags.includes("refit")) return { state: "pending", word: "Refit" };
  if (trained.state === "published") return { state: "approved", word: "Published" };
  if (trained.state === "discarded") return { state: "cancelled", word: "Discarded" };
  // A vote on the run has said more than publishing would.
  if (trained.use?.standing === "deployed") return { state: "approved", word: "Deployed" };
  if (trained.use?.standing === "approved") return { state: "approved", word: "Approved" };
  if (trained.use?.standing === "asked") return { state: "waiting", word: "Asked to vote" };
  return { state: "waiting", word: "To decide" };
}

/** Who needs a trained model, as a sentence goes on after "it". */
export function neededBy(use: TrainedModelUse): string {
  if (use.standing === "asked") return "waits for a vote";
  return use.standing === "approved" ? "is approved and not deployed yet" : `trades on paper as ${use.deployment ?? ""}, or what was fitted from it does`;
}

/** Trees and rate of a training in a line: "200 trees, depth 5, rate 0.01". */
export function fitOf(hyperparameters: Record<string, unknown>): string {
  const of = (name: string): unknown => hyperparameters[name];
  return [of("n_estimators") === undefined ? null : `${String(of("n_estimators"))} trees`, of("max_depth") === undefined ? null : `depth ${String(of("max_depth"))}`, of("learning_rate") === undefined ? null : `rate ${String(of("learning_rate"))}`]
    .filter((p) => p !== null).join(", ");
}

/** "threshold 0.5, allowed hours 13, 14, position size 3%": the parameters of a combo in words. */
export function comboWords(combo: Record<string, unknown>): string {
  return Object.entries(combo).map(([key, value]) => `${key.replace(/_pct$/, "").replaceAll("_", " ")} ${valueWords(key, value)}`).join("; ");
}

function valueWords(key: string, value: unknown): string {
  if (value === null || value === "none") return "off";
  return Array.isArray(value) ? value.join(", ") : `${String(value)}${key.endsWith("_pct") ? "%" : ""}`;
}

/** The name of a trained model without its model's: trained_001. */
export function shortName(id: string, model: string): string {
  return id.startsWith(`${model}_`) ? id.slice(model.length + 1) : id;
}
