/** Words of the designer and of the pages of a workflow. */

export const designer = {
  title: "Designer", undo: "Undo", redo: "Redo", tidy: "Tidy", add: "Add step", test: "Run tests", save: "Save", canvas: "Canvas", both: "Canvas and YAML", yaml: "YAML", view: "View", fit: "Fit",
  zoomIn: "Zoom in", zoomOut: "Zoom out", fullSize: "Full size", leftToRight: "Draw from left to right", topToBottom: "Draw from top to bottom", kinds: "Step kinds", findKind: "Find a step kind", announced: "Later releases", graph: "Workflow graph", overview: "Overview of the graph", inspector: "Step and YAML", problems: "Problems",
  draftKept: "Draft kept", draftNot: "Draft not kept", unchanged: "As saved", problemsKeep: "What is listed keeps it from being saved.", nothingToSave: "Nothing has changed: it is saved as it is.", inStep: "in step", notInStep: "does not parse", connectTo: "Connect to", rename: "Rename", remove: "Remove", needs: "Needs",
  needsNothing: "nothing", byValue: "from the value below", when: "When", forEach: "For each in", item: "Name of the item", atOnce: "At once", attempts: "Attempts, first wait", timeout: "Time limit",
  onFailure: "When it fails", summary: "Summary", version: "Version", workflow: "Workflow", schedule: "Schedule", parameters: "Parameters", addParameter: "Add a parameter", concurrency: "Runs at once",
  phone: "A phone is too narrow to draw on: you can read it here, and change it on a screen from 700 pixels on.",
  noRight: "Your role may look. Operators and administrators may change workflows.",
  noTarget: "No step can be made to need it: each needs it already or leads to it.",
  empty: "No steps yet", emptyWhy: "Press A, or drag a step kind here.", copyInstead: "Begin with a copy",
  stale: "The text does not parse.", staleGraph: "The graph shows what it said last.", noGraph: "No graph", noGraphWhy: "The text does not parse, and no version before it could be read. Its lines are in the YAML.",
  steps: "Steps", first: "begins the run", graphAndSteps: "Graph and steps",
  otherTab: "Open in another tab", otherTabWhy: "You have it open in another tab: both write one draft, and the later wins",
  kindsWidth: "Width of the step kinds", sideWidth: "Width of form and YAML", formHeight: "Height of form and YAML", yamlFirst: "YAML above the form", formFirst: "Form above the YAML",
  unset: "not set", note: "Note", noteHelp: "It is kept with the version.", asVersion: "As version",
} as const;

export const workflowPages = {
  graph: "Graph", versions: "Versions", runs: "Runs", yaml: "YAML", fires: "Next fires", edit: "Edit", compare: "Compare", settings: "Settings", same: "They say the same.", sameWhy: "Comments, order and layout do not count.",
  new: "New workflow", newWhy: "A workflow takes runs through its steps. It begins empty, or as a copy.", id: "Id", idHelp: "Lower-case letters, digits and underscores, a letter first. It names the file.",
  from: "Begin with", fromNothing: "Nothing", begin: "Open the designer", noFires: "It does not start by itself.", noFiresWhy: "A schedule in the designer starts it at times of its own.", noRuns: "No runs yet.", drafts: "Drafts of yours", goOn: "Go on with the draft", discard: "Discard",
} as const;
