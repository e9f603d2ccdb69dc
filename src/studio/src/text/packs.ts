/** Words of the pack pages. */
export const packs = {
  none: "No packs", noneWhy: "Packs lie beside the program, in the folder packs/. The sample pack comes with it.", unread: "The packs cannot be read.", unreadOne: "The pack cannot be read.",
  pack: "Pack", versions: "Versions", strategies: "Strategies", author: "Author", digest: "Digest", models: "Models of this version", published: "Published", draft: "Not published",
  what: "What it trades", rules: "Strategies", rulesNote: "the sentence explains, the expression decides", enter: "Enter when all of these hold", leave: "Leave when any of these holds",
  gates: "Gates", gatesNote: "what a result, an order and a portfolio must keep", features: "Features", featuresNote: "derived series with their formula", indicators: "Indicators", policies: "Policies",
  policiesNote: "how orders are made, sized and protected", parameters: "Sweepable parameters", parametersNote: "what a model may override and a sweep may vary", lint: "Lint", lintNone: "Nothing to find fault with",
  lintNote: "without the sanity backtest, which the command and publishing run", noModels: "No model is made of this version.", make: "New model…", check: "Copy and check", diff: "Compare", publish: "Publish…",
  publishWhat: "Its content can never change again: a change needs a new version.", publishTakes: "It is linted and backtested first, which takes seconds; an error keeps it from being published.",
  isPublished: "This version is published: its content cannot change.", same: "Nothing differs", closeDiff: "Close", checkTitle: "Copy and check", checkWhy: "The six texts of this version, to change and check. Nothing is saved here; download what you keep.",
  checking: "Checking", sound: "These texts are a valid pack.", download: "Download", close: "Close", unusable: "Out of use", text: "Text of",
} as const;

export const blocks: Record<string, string> = {
  quality: "Quality of a result", execution: "Orders", risk: "Portfolio", position_sizing: "Size", risk_management: "Exits", engine: "Bars and costs",
};

export const fixes = { error: "Error", warn: "Warning" } as const;
