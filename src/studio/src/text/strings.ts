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
  completed: "Completed", succeeded: "Succeeded", failed: "Failed", cancelled: "Cancelled", skipped: "Skipped", lost: "Lost contact", crashed: "Crashed", ok: "Pass",
  caution: "Marginal", bad: "Fail",
};

export const common = {
  copy: "Copy", copied: "Copied", copyCli: "Copy as CLI", copyLink: "Copy link", retry: "Try again", details: "Details", cancel: "Back", none: "n/a",
  reason: "Reason", reasonHelp: "It is kept with the decision.", reasonPlaceholder: "Why", synthetic: "Synthetic data", syntheticShort: "Synthetic", search: "Search or run", palette: "Go to or run", noMatch: "Nothing matches.",
  keys: "Keys",
} as const;

export const needs = {
  reason: "Needs a reason.", online: "The server does not answer.", viewer: "Your role may look. Operators and administrators may do this.",
} as const;

export const home = {
  waits: "Waits for you", running: "Running", failed: "Failed in 24 h", nextFire: "Next fire", strategies: "Strategies by stage", strategy: "Strategy",
  none: "No strategies yet", noneWhy: "The sample pack runs through all eight stages on a synthetic market in about a minute.",
  waitsNone: "Nothing waits for you.", runningNone: "Nothing runs, and nothing failed in 24 h.", firesNone: "No schedule fires.", firesWhy: "The workflows with a schedule are paused, or there are none.",
  urgent: "most urgent first", runningFailed: "Running and failed", allRuns: "All runs", fires: "Next fires", start: "Start a lifecycle…",
} as const;

export const runs = {
  title: "Runs", none: "No runs yet", noneWhy: "A run takes a workflow through its steps and keeps what each did.", filtered: "No run matches.", graph: "Graph", timeline: "Timeline",
  collapsed: "Gaps collapsed", trueScale: "True scale", gapsNote: "idle gaps above 1 min collapsed", logs: "Logs", inputs: "Inputs", outputs: "Outputs", attempts: "Attempts", yaml: "YAML",
  noLog: "This step has written nothing.", noLogMatch: "No line matches.", following: "Following", ended: "Ended", stopped: "Paused by scrolling", wrap: "Wrap",
  notStarted: "This step has not begun.", noOutput: "No output yet.",
} as const;

export const workflows = {
  title: "Workflows", none: "No workflows", noneWhy: "Three starting workflows come with the program, in the folder workflows/.", byHand: "by hand", trigger: "Trigger…", pause: "Pause…", unpause: "Resume…",
} as const;
