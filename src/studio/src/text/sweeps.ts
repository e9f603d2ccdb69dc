/** Words of sweeps: the list, the plan, the leaderboard and a combo. */

export const sweeps = {
  title: "Sweeps", new: "New sweep", none: "No sweeps yet", noneWhy: "A sweep tries many combos of one model, ranks them and holds each against the quality gates. The simple one has 45.", filtered: "No sweep matches.",
  unread: "The sweeps cannot be read.", unreadOne: "The sweep cannot be read.", unreadBoard: "The leaderboard cannot be read.",
  combos: "Combos", model: "Model", best: "Best Sharpe", asked: "Asked for", by: "Asked by", tag: "Tag", state: "State", took: "Took", plan: "Plan a sweep",
  select: "Choose combo", selected: "Chosen", filter: "Filter", unfilter: "Take away the filter", sort: "Sort by", columns: "Columns", sizesHint: "Combos that differ in size alone. Size is a risk choice, not a better combo.",
  sizeIsRisk: "Size is a risk choice, not a better combo.", sizes: "Sizes", together: "together", apart: "apart", near: "Near duplicates", nearHidden: "hidden", nearShown: "shown",
  pass: "Pass", marginal: "Marginal", fail: "Fail", different: "different", pbo: "Overfitting, PBO", dsr: "Deflated Sharpe, best", preparing: "Bars, indicators and confidence come first; the share counts them too.", interval: "Sharpe of", intervalNone: "Sharpe of the best, 95%", of: "of",
  heat: "by parameter", axes: "Parallel coordinates", axesHint: "drag on an axis to filter", heatNone: "No parameter varies.",
  holdout: "The hold-out was cut off before the sweep began and appears nowhere here.", noneHeld: "Nothing was held out: what is chosen here has been seen whole.",
  nothingPasses: "No combo passes its gates", nothingPassesWhy: "That is a result: with these gates the model has no combo to go on with. A failed combo may be trained for evidence only; it is marked and never goes live.",
  emptyFilter: "No combo is left", partial: "Failed", cancel: "Cancel…", cancelTitle: "Cancel this sweep", cancelConfirm: "Cancel the sweep", again: "Again with other values", compare: "Compare", clear: "Clear", train: "Train",
  trainTitle: "Train the chosen combos", evidenceOnly: "evidence only", csv: "CSV", parquet: "Parquet", all: "all", takesAll: "The file holds all combos of the sweep with every column, whatever is filtered here.", so_far: "so far", soFarWhy: "The figures are those of the combos evaluated so far. Ranks, overfitting and deflated Sharpe are settled at the end.",
  stopped: "Its process is gone. It goes on where it stopped.", settings: "Settings", gates: "Gates", trades: "Trades", equity: "Equity and drawdown", months: "Monthly return", metrics: "Metrics", candles: "Candles of the selection window",
  simulated: "Simulated, on the selection window", pruned: "Trades of this combo were not kept", prunedWhy: "Another combo beats it in Sharpe ratio, drawdown and trades, and a sweep of more than 1,000 keeps the trades of the others alone.",
  gathering: "What is evaluated is being put together", gatheringWhy: "The combos that were evaluated before the sweep was cancelled are ranked and stored; that takes a moment.", more: "The rest comes", differ: "Settings that differ", same: "They agree in every setting.", sameTrades: "They make the same trades, entry by entry; a setting that differs made no difference.", sizeTrades: "They make the same trades in different sizes. Size is a risk choice, not a better combo.",
  groupTrades: (combos: readonly number[]): string => `Combos ${combos.slice(0, -1).join(", ")} and ${combos.at(-1)} make the same trades.`,
  nearTrades: (combo: number, other: number): string => `Combo ${combo} shares more than 90% of its trades with combo ${other}.`, remove: "Take out",
} as const;

export const planning = {
  title: "Plan a sweep", model: "Model", kind: "Kind", simple: "Simple", custom: "Custom", values: "Values", add: "Vary another", range: "Days", from: "From", to: "To", holdout: "Hold-out", holdoutHelp: "Share of the days that is cut off and never seen by the sweep.",
  confidence: "Thresholds compare with", classifier: "a classifier's probability", rule: "the rules' score", tag: "Tag", tagHelp: "A word to find it by.", seed: "Seed", onCap: "Above the cap", reject: "refuse", sample: "draw a sample",
  earlyStop: "End when the ten best have settled", refine: "Keep a fifth for the neighbours of the best", count: "combos", counting: "Counting", wrong: "The plan is refused", launch: "Launch…", launchTitle: "Launch this sweep", confirm: "Launch", first: "First combos", last: "Last combos",
  noModels: "There is no model to sweep", noModelsWhy: "A model is a pack with your choice of instrument and parameters.", cap: "cap", all: "No cap on your plan", same: "This sweep is there already", sameWhy: "Asking for it again shows what is there and runs nothing.", open: "Open it",
} as const;
