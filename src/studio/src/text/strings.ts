/** Words of the studio, in one place. Sentence case, the glossary's words, no exclamation. */

export const product = "Sigmatiq";

export const nav = {
  home: "Home", review: "Review", packs: "Packs", models: "Models", workflows: "Workflows", runs: "Runs", schedules: "Schedules", sweeps: "Sweeps", training: "Training",
  forecasting: "Forecasting", production: "Production", data: "Data", system: "System",
  build: "Build", operate: "Operate", observe: "Observe",
  main: "Main", skip: "Skip to content", open: "Open navigation", close: "Close navigation",
} as const;

export const zone = { label: "Time zone", utc: "UTC", exchange: "Exchange", local: "Local" } as const;
export const theme = { toDark: "Dark theme", toLight: "Light theme" } as const;

export const live = {
  live: "Live", catching: "Catching up", offline: "Offline", since: "since",
  readOnly: "The server does not answer. What is shown stays; nothing can be sent until it is back.",
} as const;

export const states: Record<string, string> = {
  queued: "Queued", ready: "Ready", pending: "Not started", running: "Running", waiting: "Waiting", paused: "Paused", set_aside: "Set aside", retrying: "Retrying",
  absent: "Not there", completed: "Completed", succeeded: "Succeeded", failed: "Failed", cancelled: "Cancelled", skipped: "Skipped", lost: "Lost contact", crashed: "Crashed", ok: "Pass",
  caution: "Marginal", bad: "Fail", pending_approval: "Waiting", approved: "Approved", rejected: "Rejected", live: "Live", promote: "Promote", review: "Review", reject: "Reject",
};

export const common = {
  copy: "Copy", copied: "Copied", copyCli: "Copy as CLI", copyLink: "Copy link", retry: "Try again", details: "Details", cancel: "Back", none: "n/a",
  reason: "Reason", reasonHelp: "It is kept with the decision.", reasonPlaceholder: "Why", synthetic: "Synthetic data", syntheticShort: "Synthetic", search: "Search or run", palette: "Go to or run", noMatch: "Nothing matches.",
  keys: "Keys", newSweep: "New sweep", newModel: "New model", newWorkflow: "New workflow", importFile: "Import a file of bars",
} as const;

export const needs = {
  reason: "Needs a reason.", online: "The server does not answer.", viewer: "Your role may look. Operators and administrators may do this.",
} as const;

export const unanswered = { what: "The server does not answer", why: "This page has not been read yet. It draws itself as soon as the server answers again." } as const;

export const home = {
  waits: "Waits for you", running: "Running", failed: "Failed in 24 h", nextFire: "Next fire", strategies: "Strategies by stage", strategy: "Strategy",
  none: "No strategies yet", noneWhy: "The sample pack runs through all eight stages on a synthetic market in about a minute.",
  waitsNone: "Nothing waits for you.", othersVote: "A vote by somebody else", runningNone: "Nothing runs, and nothing failed in 24 h.", firesNone: "No schedule fires.", firesWhy: "The workflows with a schedule are paused, or there are none.",
  urgent: "most urgent first", runningFailed: "Running and failed", allRuns: "All runs", fires: "Next fires", start: "Start a lifecycle…",
} as const;

export const runs = {
  title: "Runs", none: "No runs yet", noneWhy: "A run takes a workflow through its steps and keeps what each did.", filtered: "No run matches.", graph: "Graph", timeline: "Timeline",
  collapsed: "Gaps collapsed", trueScale: "True scale", gapsNote: "idle gaps above 1 min collapsed", logs: "Logs", inputs: "Inputs", outputs: "Outputs", attempts: "Attempts", yaml: "YAML",
  noLog: "This step has written nothing.", noLogMatch: "No line matches.", following: "Following", ended: "Ended", stopped: "Paused by scrolling", wrap: "Wrap",
  notStarted: "This step has not begun.", noOutput: "No output yet.",
} as const;

export const grid = {
  label: "Runs over time", older: "Older", first: "the first run", facts: "The chosen run", cause: "Asked by", worked: "Worked", hint: "Choose a cell to read about its step; open it to go there.",
  foldAll: "Fold all stages", unfoldAll: "Unfold all stages", grid: "Grid", table: "Table", view: "View", workflow: "Workflow", all: "All", from: "From", to: "To", by: "Asked by", instrument: "Instrument",
  attempts: "attempts", bars: "Bars: time at work; dashed: the median of completed runs", more: "More filters", none: "No run of this workflow", noneWhy: "Trigger it, or give it a schedule.", newest: "Newest runs",
} as const;

export const compared = {
  title: "Compare runs", same: "Both did and gave the same; only names and times differ.", choose: "Two runs of one workflow: what was asked, on which data, what each step gave, metrics and trades.",
  apart: "Names and times", apartNote: "differ between any two runs", before: "Compare",
} as const;

/** What a difference between two runs is about, and what stands there. */
export const areas: Record<string, readonly [string, string]> = {
  graph: ["Graph", "the file that each ran"], parameters: ["Parameters", "what was asked"], data: ["Data", "the bars and the run's now"], outputs: ["Outputs", "what steps gave"], steps: ["Steps", "how each ended and what it gave"],
  metrics: ["Metrics", "of the evidence"], trades: ["Trades", "of the evidence"],
};

export const workflows = {
  title: "Workflows", none: "No workflows", noneWhy: "Three starting workflows come with the program, in the folder workflows/.", byHand: "by hand", trigger: "Trigger…", pause: "Pause…", unpause: "Resume…",
} as const;

export const review = {
  title: "Review", waits: "Waits for a vote", decided: "Decided", none: "Nothing waits for a vote", noneWhy: "A lifecycle asks for one when its evidence is made. Its last decisions stand below.",
  noneEver: "Nothing has asked for a vote yet", noneEverWhy: "A lifecycle run ends its fourth stage with evidence, and then asks.", byExpiry: "the one that expires first on top", newest: "newest first",
  unread: "The requests cannot be read.", unreadOne: "The request cannot be read.", evidence: "Evidence", run: "Run", position: "of",
  holdout: "Hold-out", neverUsed: "never used to choose. Range is the 95% interval.",
  gates: "Gates", gatesNote: "required and actual", gate: "Gate", actual: "Actual", withoutSkill: "Passes without skill", withoutSkillHint: "Chance that a strategy without skill passes this gate",
  luck: "Luck and overfitting", luckNote: "in plain words", further: "Further cautions",
  equity: "Equity and drawdown", same: "Same exposure", full: "Full buy and hold", holdoutOnly: "Hold-out", withSelection: "Both windows", strategy: "Strategy", hold: "Buy and hold", holdSame: "Buy and hold, same exposure",
  starts: "Each window starts anew at 0%. The selection window is the one the combo was chosen on, so its line is the best of many.", drawdown: "Drawdown", table: "As a table",
  changes: "What changed since the last approved version", first: "This is the first version", firstWhy: "No earlier request for this strategy was approved, so there is nothing to compare with. Read all of it.",
  same_as: "Nothing changed", sameWhy: "Parameters, limits, pack, model and data range are those of the version that was approved.", setting: "Setting", before: "Approved", now: "Now", does: "What it does",
  tooLate: (choice: "approve" | "reject"): string => `Your ${choice === "approve" ? "approval" : "rejection"} was not recorded: the request was decided meanwhile.`,
  trades: "Trades", trade: "Trade", pick: "Choose a trade in the chart or the table.", noTrades: "No trade on the hold-out.", entry: "Entry", exit: "Exit", months: "Monthly return", monthsNote: { holdout: "of the account on the hold-out; trades closed beneath", selection: "of the account on the selection window; trades closed beneath" },
  what: "What you approve", exact: "exact content", votes: "Votes", vote1: "Vote 1, gates", parameters: "Parameters",
  reason: "Reason", reasonPlaceholder: "What convinced you, or what did not", approve: "Approve", reject: "Reject",
  changedDigest: "What you looked at is no longer what the store holds. Nothing was decided, and your reason is kept.", again: "Look again", toRun: "To the run", notKept: "This evidence was made before the values of single decisions were kept: it holds neither the features nor the score of this trade.",
  score: "Score", bar: "Bar it was decided on", adjusted: "adjusted prices", raw: "raw prices", entryKnown: "Entry, all of these held", exitKnown: "Exit, one of these held", exitLevel: "Exit at a level", exitOpen: "Exit",
  exitOther: "Exit without a rule", stillOpen: "Open when the data end.", featuresKnown: "Features at the decision", featuresScaled: "As computed; the trained model scales some.", known: "What was known",
  confirmed: "They held on the bar before, too, as the model wants.", unknownUnread: "What was known of this trade cannot be read.",
  texts: "The texts, line by line", textsUnread: "The texts cannot be read.", textSame: "the same",
  attribution: "Charts by TradingView Lightweight Charts™",
} as const;

/** Why a trade ended, in the engine's words and those of files. */
export const exits: Record<string, string> = {
  stop: "Hard stop", hard_stop: "Hard stop", target: "Take profit", take_profit: "Take profit", trail: "Trailing stop", trailing_stop: "Trailing stop", signal: "Rule exit", time_stop: "Time stop", end: "End of data",
  week_end: "Week end", session_end: "Session end", breaker: "Circuit breaker",
};
