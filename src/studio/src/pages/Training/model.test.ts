import { describe, expect, it } from "vitest";
import type { TrainedModelShown, TrainingShown } from "../../api/client";
import { comboWords, decisionOf, filterOf, fitOf, rowsOf, shortageOf, shortName, stateOf, stepMs } from "./model";

const job = (id: string, status = "completed", model_id = "m"): TrainingShown => ({
  id, job_id: id, status, model_id, trained_model_id: null, sweep_id: "s", combo_id: 3, rank: 1, config_hash: "", data_snapshot_id: "", evidence_only: false, training_params: {}, hyperparameters: {}, seed: 42, progress: [], problem: null,
  created_by: "ben", created_at: "", started_at: null, finished_at: null, results: null,
});
const trained = (job_id: string): TrainedModelShown => ({ id: `m_trained_${job_id}`, job_id, state: "trained" }) as TrainedModelShown;

describe("the list", () => {
  it("puts what came out beside the job that gave it", () => {
    const rows = rowsOf([job("train_002"), job("train_001")], [trained("train_001")], filterOf(new URLSearchParams()));
    expect(rows.map((r) => [r.job.id, r.trained?.id ?? null])).toEqual([["train_002", null], ["train_001", "m_trained_train_001"]]);
  });
  it("filters by state, model and words, and names what it does not know", () => {
    const of = (text: string): string[] => rowsOf([job("a", "failed"), job("b", "training", "other")], [], filterOf(new URLSearchParams(text))).map((r) => r.job.id);
    expect(of("f=status:failed,cancelled")).toEqual(["a"]);
    expect(of("f=model:other")).toEqual(["b"]);
    expect(of("q=combo+3+ben")).toEqual(["a", "b"]);
    expect(filterOf(new URLSearchParams("f=colour:red")).unknown).toEqual(["colour:red"]);
  });
});

describe("a step", () => {
  it("grows while it is under way and stands still after", () => {
    expect(stepMs({ step: "s", status: "in_progress", duration: 2 }, 1_000, 1_500)).toBe(2_500);
    expect(stepMs({ step: "s", status: "complete", duration: 2 }, 1_000, 9_000)).toBe(2_000);
    expect(stepMs({ step: "s", status: "pending", duration: null }, 0, 9_000)).toBeNull();
  });
  it("of a job whose process is gone is lost, not running", () => expect(["training", "stopped", "failed"].map(stateOf)).toEqual(["running", "lost", "failed"]));
});

describe("too few rows", () => {
  it("says have and need, in the server's own words", () => {
    expect(shortageOf({ code: "TRN-1004", message: "The selection window has 62 labelled rows, 40 of them gains; 100 rows with both kinds are needed." })).toEqual({ have: 62, need: 100 });
    expect(shortageOf({ code: "TRN-1005", message: "has 62 labelled rows; 100 rows" })).toBeNull();
    expect(shortageOf({ code: "TRN-1004", message: "Something else." })).toBeNull();
    expect(shortageOf(null)).toBeNull();
  });
});

describe("words", () => {
  it("of a combo carry units", () => expect(comboWords({ threshold: 0.5, allowed_hours: [13, 14], position_size_pct: 3, take_profit_pct: null, stop_loss_pct: "none" })).toBe("threshold 0.5; allowed hours 13, 14; position size 3%; take profit off; stop loss off"));
  it("of a fit name what shapes it", () => expect(fitOf({ algorithm: "xgboost", n_estimators: 200, max_depth: 5, learning_rate: 0.01 })).toBe("200 trees, depth 5, rate 0.01"));
  it("of a decision are a state and a word", () => expect(["trained", "published", "discarded"].map((state) => decisionOf({ state, flags: [] as string[], use: null } as unknown as TrainedModelShown).word)).toEqual(["To decide", "Published", "Discarded"]));
  it("of a refit say that it follows another's", () => expect(decisionOf({ state: "trained", flags: ["refit"], use: null }).word).toBe("Refit"));
  it("of a vote come before publishing, which says less", () => expect(["asked", "approved", "deployed"].map((standing) => decisionOf({ state: "trained", flags: [], use: { standing, approval: "apr_1", deployment: null } }).word)).toEqual(["Asked to vote", "Approved", "Deployed"]));
  it("of a name leave the model's out", () => expect([shortName("m_trained_001", "m"), shortName("other", "m")]).toEqual(["trained_001", "other"]));
});
