/** Words of the training pages. */
export const training = {
  none: "No trainings yet", noneWhy: "A training takes a combo of a sweep and fits a classifier to its own outcomes. Select combos first.", noneHere: "No training matches.", unread: "The trainings cannot be read.", unreadOne: "The training cannot be read.",
  unreadModel: "The trained model cannot be read.", start: "Start a training…", sweeps: "Open the sweeps", filter: "Filter trainings", steps: "Steps", settings: "Settings", cancel: "Cancel…", publish: "Publish…", discard: "Discard…", job: "Training", trained: "Trained model",
  verdict: "Retention", scores: "Scores of its probabilities", scoresNote: "hold-out beside in-sample", outcomes: "The combo's backtest", outcomesNote: "with this model's probabilities", folds: "Walk-forward folds", foldsNote: "each scored by a model of earlier rows only",
  reliability: "Can its probabilities be believed", reliabilityNote: "hold-out, 95% interval of each bin", inputs: "What its inputs were worth", inputsNote: "used, and good for", lineage: "Lineage", flags: "To be doubted", before: "Before calibration", after: "After calibration",
  onLine: "A point on the dashed line says what came.", overlap: "Labels of neighbouring bars overlap, so the true intervals are wider.", table: "As a table", evidenceOnly: "gate failed, evidence only", decided: "Decision", waits: "Waits for a decision",
  publishWhat: "You vouch for this model: lifecycles may ask for a vote on it.", publishOnce: "The decision is taken once; its files are checked against their hashes first.", discardWhat: "Its files are deleted: nothing can predict with it any more.", discardStays: "Record, figures and history stay, and so do the sweep and its combo.",
  reasonPublish: "publishing against the suggestion or the gate needs one", noReason: "n/a",
} as const;

export const stepNames: Record<string, string> = {
  data_preparation: "Prepare the data", feature_engineering: "Compute the inputs", model_training: "Fit the trees", validation: "Validate by folds", calibration: "Calibrate",
};

export const stepDoes: Record<string, string> = {
  data_preparation: "labels every bar by the combo's own barriers and cuts the hold-out off", feature_engineering: "features and indicators; refuses one that leaks", model_training: "boosted trees on the selection window",
  validation: "five forward-chaining folds, then the hold-out", calibration: "from score to probability; the combo's backtest",
};

export const metricNames: Record<string, string> = { accuracy: "Accuracy", precision: "Precision", recall: "Recall", f1_score: "F1", auc_roc: "AUC" };
export const windowNames: Record<string, string> = { backtest: "As swept", out_of_fold: "Out of fold", holdout: "Hold-out" };

export const flagWords: Record<string, string> = {
  validation_contaminated: "The sweep had seen part of the hold-out.", no_skill: "The score ranks backwards or not at all.", refit: "It refits an approved model; nothing was held out.", gate_failed: "The combo failed its gates.",
  not_calibrated: "Nothing was there to calibrate on.", trades_differ: "Sweep and out-of-fold backtest differ in trades by more than a factor 2: the threshold was picked on another classifier.",
};
