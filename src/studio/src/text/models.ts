/** Words of the model pages. */
export const nextSteps: Record<string, string> = {
  configure_sweep: "Plan a sweep", run_sweep: "Run its sweep", select_configs: "Select combos", train: "Train a combo", review: "Publish or discard", publish: "Ask for a vote", restore: "Restore it first",
};

/** The way of a model, in order. */
export const stages = [
  { id: "configure_sweep", label: "Made" }, { id: "run_sweep", label: "Sweep" }, { id: "select_configs", label: "Combos" }, { id: "train", label: "Training" }, { id: "review", label: "Decision" }, { id: "publish", label: "Published" },
] as const;

export const modelStates: Record<string, string> = { created: "Created", configured: "Under way", published: "Published", retired: "Retired" };

export const sources: Record<string, string> = { catalog: "catalog", pack: "pack", profile: "risk profile", override: "override" };

export const models = {
  none: "No models yet", noneWhy: "A model is one pack, one instrument and your parameters. Sweeps, trainings and votes are about models.", noneHere: "No model matches.", unread: "The models cannot be read.", unreadOne: "The model cannot be read.",
  model: "Model", pack: "Pack", trades: "Trades", far: "How far", next: "Next step", sweeps: "Sweeps", trained: "Trained", owner: "Owner", made: "Made", create: "New model", inUse: "In use", retired: "Retired", all: "All", filter: "Filter models",
  plan: "Plan a sweep", copy: "Copy…", change: "Change…", retire: "Retire…", restore: "Restore…", move: "Move to another version…", back: "Go back…",
  differs: "What differs from the pack", differsNone: "Every setting is the pack's", settings: "All settings", settingsNote: "the later source wins: catalog, pack, risk profile, override", strategy: "Strategy", inputs: "What it reads", gates: "Gates",
  configs: "Configs", identity: "Identity", noSweeps: "No sweep yet", noSweepsWhy: "A sweep tests many sets of parameters of this model on the same bars.", noTrained: "No trained model yet", noTrainedWhy: "Select combos of a sweep, then train them.",
  setting: "Setting", packValue: "Pack", byDefault: "Default", value: "Value", source: "Source", bounds: "May be",
} as const;

export const wizard = {
  title: "New model", change: "Change a model", steps: ["Pack and strategy", "Instrument", "Indicators and features", "Risk"] as readonly string[],
  pack: "Pack", strategy: "Strategy", ticker: "Ticker", tickerHelp: "A symbol with bars; synthetic ones end in .SYN.", instrument: "Instrument", id: "Id", idHelp: "Lower-case letters, digits, dashes or underscores, up to 64. It is made of your choices unless you write one.",
  name: "Name", nameHelp: "For people; unique among your models.", description: "Description", indicators: "Indicators", features: "Features", parameters: "Their parameters", profile: "Risk profile",
  profileHelp: "Multiplies the pack's stop, position cap and drawdown gate.", exits: "Exits and caps", gates: "Gates under this profile", back: "Back", next: "Next", make: "Make the model", save: "Change the model",
  fix: "to correct first", override: "Override", reset: "Back to the default", needed: "select what is needed", same: "as the pack has it",
} as const;
