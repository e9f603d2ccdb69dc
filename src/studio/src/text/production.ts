/** Words of the production and forecasting pages. */
export const production = {
  none: "No approved strategy", noneWhy: "A strategy comes here when a vote approves it: stage 5 decides, stage 6 deploys it to paper.", toReview: "Open the review", unread: "What runs cannot be read.", strategy: "Strategy", paper: "Paper", live: "Live", notDeployed: "Approved, not deployed yet",
  kpis: "On the hold-out, simulated", kpisNote: "It is what the vote was given on; paper has its own figures below.", guardrails: "Guardrails", guardrailsNote: "distance to the trigger", onPaper: "Since it was deployed, on paper", onHoldout: "On the simulated trades of the evidence",
  noReading: "No guardrail has been read yet", noReadingWhy: "Stage 7 of the run reads them after the deployment.", positions: "Open positions", noPositions: "No open position", noPositionsBefore: "The paper session has not begun, and in this release nothing is traded in it.", noPositionsSince: "In this release nothing is traded on paper: the session has its dates and guardrails, and no fills.",
  approved: "Who approved what", deploy: "Deployment", phases: ["validate", "train", "export", "seed_db", "register"] as readonly string[], limits: "Limits", notFound: "No such strategy is approved.",
} as const;

export const phaseNames: Record<string, string> = { validate: "Check votes and evidence", train: "Refit on all bars", export: "Export", seed_db: "Write files and tables", register: "Register" };

export const forecasting = {
  none: "No forecasts yet", noneWhy: "Stage 3 of a lifecycle writes what each trained model says of the newest bars, before their outcome is known.", noneRunning: "A lifecycle is under way; its forecast stage has not written one yet.", unread: "The forecasts cannot be read.", ranking: "Ranking", rankingNote: "by accuracy above the base rate of the hold-out, then by Sharpe",
  model: "Trained model", says: "Says now", forward: "Forward view", forwardNote: "shadow: nothing is traded on it", age: "Age", probability: "Probability of a gain", threshold: "Threshold", close: "Close", start: "Start a lifecycle…", table: "As a table", stage: "Stage 3, Forecast",
} as const;

export const ageWords: Record<string, { word: string; state: string; why: string }> = {
  fresh: { word: "Fresh", state: "ok", why: "It speaks of bars of the last 7 days." },
  aging: { word: "Aging", state: "caution", why: "Its newest bar is more than 7 days old: run the lifecycle or its forecast workflow again." },
  stale: { word: "Stale", state: "bad", why: "Its newest bar is more than 14 days old: stages that trade on forecasts pass it over." },
};
