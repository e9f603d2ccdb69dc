/** Words of the pages about schedules, the system and data. */

export const rights = { reading: "Your rights are being read." } as const;

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
  coming: "Coming", held: "Held", closed: "No trading", started: "Started", made_up: "Made up for", skipped: "Missed", paused: "In a pause", dropped: "Dropped", refused: "Refused", undecided: "No run",
  pending: "Not started", not_started: "Never started",
};

/** What a state means, where its word alone does not say it. */
export const fireHints: Record<string, string> = {
  held: "It comes due while the schedule is held and starts nothing.", skipped: "Nobody was there to start it, and the catch-up policy left it out.", paused: "It came due while the schedule was paused.",
  undecided: "It lies before the schedule was first seen by an engine.", dropped: "A convention moved it, and there was no place for it.",
};

export const catchUps: Record<string, string> = { skip: "left out", latest: "the newest is started", all: "all are started" };

export const backfill = {
  title: "Backfill", question: "Which past fires are to run after all?", from: "From", to: "To", zone: "days on the clock of the schedule", keepGoing: "Go on after a failed run", preview: "Preview",
  none: "Nothing is previewed yet", noneWhy: "Name the first and the last day. The preview lists every fire and changes nothing.", refused: "There is nothing to run.",
  run: "Would run", already: "Have run or are under way", excluded: "Excluded by the calendar", cost: "Takes", unknownCost: "not known: no run of it has completed yet", noExcluded: "The calendar excludes no fire of this stretch.",
  noAlready: "No fire of this stretch has a run.", more: "more", earlier: "Backfills", earlierNone: "No past fires of it have been made up for.", unread: "The backfills cannot be read.",
  oneByOne: "One after the other, oldest first, behind fresh runs", fires: "Fires",
} as const;
