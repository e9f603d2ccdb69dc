/** Words of the designer and of the pages of a workflow. */

export const designer = {
  title: "Designer", undo: "Undo", redo: "Redo", tidy: "Tidy", add: "Add step", test: "Run tests", save: "Save", canvas: "Canvas", both: "Canvas and YAML", yaml: "YAML", view: "View", fit: "Fit",
  zoomIn: "Zoom in", zoomOut: "Zoom out", kinds: "Step kinds", findKind: "Find a step kind", announced: "Later releases", graph: "Workflow graph", overview: "Overview of the graph", inspector: "Step and YAML", problems: "Problems",
  draftKept: "Draft kept", draftNot: "Draft not kept", unchanged: "As saved", inStep: "in step", notInStep: "does not parse", connectTo: "Connect to", rename: "Rename", remove: "Remove", needs: "Needs",
  needsNothing: "nothing", byValue: "from the value below", when: "When", forEach: "For each in", item: "Name of the item", atOnce: "At once", attempts: "Attempts, first wait", timeout: "Time limit",
  onFailure: "When it fails", summary: "Summary", version: "Version", workflow: "Workflow", schedule: "Schedule", parameters: "Parameters", addParameter: "Add a parameter", concurrency: "Runs at once",
  phone: "A phone is too narrow to draw on. You see the workflow as it is; open it on a wider screen to change it.",
  noRight: "Your role may look. Operators and administrators may change workflows.",
  noTarget: "No step can be made to need it: each needs it already or leads to it.",
  empty: "No steps yet", emptyWhy: "Press A, or drag a step kind here.",
  stale: "The text does not parse. The graph shows what it said last.",
  unset: "not set", note: "Note", noteHelp: "It is kept with the version.", asVersion: "As version",
} as const;

export const workflowPages = {
  graph: "Graph", versions: "Versions", runs: "Runs", yaml: "YAML", fires: "Next fires", edit: "Edit", compare: "Compare", settings: "Settings", same: "They say the same.", sameWhy: "Comments, order and layout do not count.",
  new: "New workflow", newWhy: "A workflow takes runs through its steps. It begins empty, or as a copy.", id: "Id", idHelp: "Lower-case letters, digits and underscores, a letter first. It names the file.",
  from: "Begin with", fromNothing: "Nothing", begin: "Open the designer", noFires: "It does not start by itself.", noFiresWhy: "A schedule in the designer starts it at times of its own.", noRuns: "No runs yet.",
} as const;
