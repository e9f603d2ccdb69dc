/** Words of the pages about schedules, the system and data. */
import { count } from "./format";

/** How many schedules start their workflow: "one fires by itself", "3 fire by themselves". */
export function firesByItself(n: number): string {
  return n === 1 ? "one fires by itself" : `${count(n)} fire by themselves`;
}

export const rights = { reading: "Your rights are being read.", anothers: (who: string) => `${who} asked for it: they, an operator or an admin may decide.` } as const;

export const schedules = {
  title: "Schedules", none: "No workflow has a schedule", noneWhy: "A workflow file with a schedule: block starts by itself; its fires, past and coming, stand here.",
  unread: "The schedules cannot be read.", unreadWeek: "The fires of this week cannot be read.",
  week: "Week", before: "Week before", after: "Week after", thisWeek: "This week", workflow: "Workflow", list: "What starts by itself", next: "Next three fires", catchUp: "Missed fires",
  noFire: "cannot fire", misfires: "Came to nothing this week", misfiresNone: "Every fire of this week that has come due started its run.",
  all: "All", firing: "Firing", held: "Held", faulty: "With a fault", filtered: "No schedule matches.",
  trigger: "Trigger…", pause: "Pause…", resume: "Resume…", backfill: "Backfill…", later: "its steps arrive with a later release",
  today: "today", leftOut: "more are not shown",
  clockNote: "Each row on its own clock",
} as const;

/** What became of a fire. */
export const fireStates: Record<string, string> = {
  coming: "Coming", held: "Held", closed: "No trading", started: "Started", made_up: "Made up for", skipped: "Missed", paused: "In a pause", dropped: "Dropped", refused: "Refused", undecided: "Not set up",
  pending: "Not started", not_started: "Never started",
};

/** What a state means, where its word alone does not say it. */
export const fireHints: Record<string, string> = {
  held: "It comes due while the schedule is held and starts nothing.", skipped: "Nobody was there to start it, and the catch-up policy left it out.", paused: "It came due while the schedule was paused.",
  undecided: "There was no schedule then: an engine saw it for the first time later.", dropped: "A convention moved it, and there was no place for it.",
};

export const catchUps: Record<string, string> = { skip: "left out", latest: "the newest is started", all: "all are started" };

export const backfill = {
  title: "Backfill", question: "Which past fires are to run after all?", from: "From", to: "To", zone: "days on the clock of the schedule", keepGoing: "Go on after a failed run", preview: "Preview",
  none: "Nothing is previewed yet", noneWhy: "Name the first and the last day. The preview lists every fire and changes nothing.", refused: "The backfill cannot be previewed.", backwards: "From is after To.",
  run: "Would run", already: "Have run or are under way", excluded: "Excluded by the calendar", cost: "Takes", unknownCost: "not known: no run of it has completed yet", noExcluded: "The calendar excludes no fire of this stretch.",
  noAlready: "No fire of this stretch has a run.", more: "more", earlier: "Backfills", earlierNone: "No past fires of it have been made up for.", unread: "The backfills cannot be read.",
  oneByOne: "One after the other, oldest first, behind fresh runs", fires: "Fires",
} as const;

export const system = {
  title: "System", tabs: "Parts of the system", overview: "Overview", users: "Users", keys: "Keys", audit: "Audit",
  unread: "The system cannot be read.", health: "Health", well: "Well", answers: "the store answers in", working: "Running now", outbox: "Messages", room: "Room",
  nodes: "Nodes", nodesUnread: "The nodes cannot be read.", nodesNone: "A local store has one process, the one that answers here", nodesNoneWhy: "On PostgreSQL any number of nodes share a store, and each stands here with its roles.",
  drain: "Drain…", queue: "Queue", queueNone: "No run yet.", fires: "Fires decided", program: "Program and store",
  messagesNone: "Nothing is on its way", messagesNoneWhy: "Alerts, reminders and notifications stand here until they have arrived.", messagesUnread: "The messages cannot be read.", retry: "Send again…", retryAll: "Send all again…",
  store: "Room by folder", storeUnread: "The store cannot be measured.", rows: "rows", free: "free on the disk", measured: "measured",
  backups: "Backups", backupsUnread: "The backups cannot be read.", backupsNone: "No backup was made here yet", makeBackup: "Make a backup…", withBars: "With the bars", acceptDamage: "Go on where files are missing, and list them",
} as const;

export const people = {
  add: "Add a user…", unread: "The users cannot be read.", id: "Id", name: "Name", role: "Role", plan: "Plan", state: "State", since: "Since", active: "Active", disabled: "Disabled",
  link: "Sign-in link…", changeRole: "Role…", changePlan: "Plan…", disable: "Disable…", enable: "Enable…", sessions: "Sessions", signOut: "Sign out…", signOutAll: "Sign out everywhere…", thisOne: "this one",
  sessionsNone: "Nobody is signed in under this name.", sessionsUnread: "The sessions cannot be read.", linkTitle: "One-time link", linkWhy: "It signs in whoever opens it first, once, within 15 minutes. It cannot be shown again.",
  pick: "Choose a user to see where they are signed in.", you: "you",
  keysNone: "No keys yet", keysNoneWhy: "A program signs in with a key; it may do what both its scopes and its owner may.", keysUnread: "The keys cannot be read.", makeKey: "Make a key…", revoke: "Revoke…",
  scopes: "Scopes", expires: "Until", used: "Last used", owner: "Owner", keyTitle: "The key", keyWhy: "It cannot be shown again: what is kept is a hash. Send it as Authorization: Bearer.", days: "Days", forWhat: "What it is for", never: "never",
  secretDone: "I have kept it", byCommand: "Whoever can open the store makes one by a command:", noScope: "has no right to what it lets through",
} as const;

export const roleHints: Record<string, string> = {
  viewer: "looks at everything but the sign-ins of others", researcher: "looks, makes models, runs sweeps, trainings and workflows", approver: "looks and votes",
  operator: "does what a researcher and an approver do, and keeps the platform going", admin: "does everything, users and keys too",
};

export const scopeHints: Record<string, string> = { read: "look", run: "plan, run and operate", vote: "vote", admin: "decide about users" };

export const plans: readonly string[] = ["free", "premium", "pro", "unlimited"];

export const audit = {
  unread: "The record cannot be read.", verify: "Verify the chain", verifying: "Every link and signature is being checked.", intact: "Intact", broken: "Broken", forged: "Requests for votes that are not as the record says",
  none: "Nothing was decided yet", noneWhy: "Every decision stands here with who, what and why, linked by its hash to the one before.", filtered: "No record matches.", older: "Show older", who: "Who", what: "What", about: "About", why: "Why", when: "When",
  firstBreak: "The first record that is not as it was written", unsigned: "not signed", head: "newest hash",
} as const;

export const data = {
  title: "Data", unread: "The series cannot be read.", none: "No bars yet", noneWhy: "Import a file of your own, or make the synthetic market.", coverage: "Coverage", coverageUnread: "The coverage cannot be counted.",
  byMonth: "bars by month, held against the sessions of each calendar", complete: "complete", gaps: "with gaps", empty: "no bars", unchecked: "bars, no calendar to hold them against", import: "Import a file…",
  defects: "Findings", defectsNone: "No rule found anything when these bars came in.", defectsUnread: "The findings cannot be read.", found: "found when they came in",
  snapshots: "Snapshots", snapshotsUnread: "The snapshots cannot be read.", newest: "newest", let: "let go", prune: "What could go", pruneNone: "Everything is in use.", pruneUnread: "What could go cannot be counted.", pruneLook: "See what could go", pruneRun: "Let them go…", pruneTitle: "Let unused bars go", pruneConfirm: "Let them go",
  align: { run: "Bring up to date…", title: "Bring the series up to date", confirm: "Bring them up to date", effect: "A series that was imported has no feed: it says how many sessions it lacks.", stays: "Bars that are there keep their values, and earlier snapshots stay." },
  sample: { run: "Make the synthetic market…", title: "Make the synthetic market", confirm: "Make it", effect: "Hours since 2018 and a year of 5-minute bars of eight symbols that end in .SYN, always the same.", stays: "Whatever is imported stays as it is." },
  uses: "Used by", usesNone: "nothing", find: "Find a series",
  day: "Day", year: "Year", bars: "Bars of the day", barsAround: "Days around it", barsUnread: "The bars cannot be read.", noBars: "No bar on this day.", missing: "missing", calendar: "Calendar", days: "Bars by day", table: "As a table",
  state: "State", ok: "Well", flagged: "Flagged", refused: "Refused", waive: "Waive…", waived: "waived", toDo: "What to do", findings: "findings", damaged: "Files are not what their manifest says", unreadSeries: "The series cannot be read.",
  months: "Months", source: "Source", range: "Range",
} as const;

/** What to do about a finding, by the kind of its rule. */
export const findingActions: Record<string, string> = {
  broken: "Correct the file and import it again, or waive the rule with a reason.", flag: "It may be real: look at the bars. It stops nothing.", remark: "It is usual in such bars.",
  gap: "Import the sessions that are missing; the rest stays as it is.", factor_missing: "Import the file with its adjustment factors.",
};

export const imports = {
  title: "Import", question: "What does the file hold, and what would change?", file: "File", choose: "Choose or drop a file of bars", formats: "CSV with a header, Parquet, or a zip of trade bars as Lean stores them; at most 256 MB", sending: "It is being sent.",
  symbol: "Symbol", symbolHelp: "where the file names none, or holds several", interval: "Interval", intervalHelp: "where the times do not tell", zone: "Zone of times without one", asset: "Asset class", assetHelp: "else from the symbol",
  columns: "Names of columns that differ", columnsHelp: "ours=theirs, such as close=last,ts=Date", check: "Check", fromTimes: "from the times", fromSymbol: "from the symbol",
  report: "Report", notUnderstood: "The file is not understood. Nothing was changed.", refused: "Refused rows", row: "Row", rule: "Rule", what: "What is wrong", values: "Values", at: "Bar", understood: "First and last rows as understood",
  run: "Import…", nothing: "The store has all these bars already.", waiveHere: "Let it pass in this import", states: { refused: "Would be refused", known: "Known already", would_be_taken_in: "Would be taken in", taken_in: "Taken in" } as Record<string, string>,
  reasonForWaiver: "Why it is let pass", done: "The bars are in the store.", first: "Nothing is checked yet", firstWhy: "The report names every refused row with its line and rule, and changes nothing.", readingFailed: "The file could not be sent.",
} as const;
