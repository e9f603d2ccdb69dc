// Made by scripts/client.mjs from docs/openapi.json: change that, not this.
import { send } from "./http";

/** Brings series up to the last completed session. */
export interface AlignAsked {
  /** Why; it is kept. */
  reason: string;
  /** Which tickers; without them every series of the store. */
  symbols?: null | string[] | undefined;
  /** Length of the bars; without it 1h for a named symbol, and every length otherwise. */
  interval?: null | string | undefined;
}

/** What follows a reset. */
export interface ApprovalAskedAnew {
  /** The request that was set aside. */
  reset: string;
  /** The run that asks anew. */
  run: string;
}

/** A request for a vote with all that a vote is bound to. */
export interface ApprovalRequest {
  /** The request. */
  id: string;
  /** The run that waits for it. */
  run_id: string;
  /** The request as its strategy's status says it. */
  state: ApprovalShown;
  /** Everything that is voted on, as the digest binds it: pack, parameters, snapshot, hashes of models and evidence, limits, target. */
  subject: Record<string, unknown>;
  /** Who asked. */
  requested_by: string;
  /** `strict` or `relaxed`. */
  four_eyes: string;
  /** How many persons must approve; one who rejects is enough. */
  quorum: number;
  /** When silence becomes a rejection. */
  expires_utc: string;
  /** When it was decided; null before. */
  decided_utc: null | string;
  /** Who had a part in what is voted on, and which. */
  parties: unknown[];
  /** The votes counted so far, in order. */
  votes: unknown[];
  /** Votes handed to others. */
  delegations: unknown[];
}

/** Sets a decided request aside and asks anew. */
export interface ApprovalReset {
  /** Why. */
  reason: string;
  /** Id of the strategy; without it the latest request. */
  strategy?: null | string | undefined;
}

/** A request for a vote (spec 04 §4.7); keys in `_pct` are percent. */
export interface ApprovalShown {
  /** `PENDING_APPROVAL`, `APPROVED`, `REJECTED` or `LIVE`. */
  status: string;
  /** Id of the strategy. */
  strategy: string;
  /** Its name. */
  strategy_name: string;
  /** Year in which its backtest ends. */
  backtest_year: null | number;
  /** What the gates recommend: `PROMOTE`, `REVIEW` or `REJECT`. */
  backtest_recommendation: string;
  /** Share of gates that pass, a fraction. */
  backtest_confidence: number;
  /** What each gate required and found. */
  gates: unknown[];
  /** Metrics of the evidence by name. */
  backtest_metrics: Record<string, unknown>;
  /** How it would be deployed. */
  deploy_manifest: null | Record<string, unknown>;
  /** Who approved, separated by commas. */
  approved_by: null | string;
  /** When. */
  approved_at: null | string;
  /** Why it was approved. */
  reviewer_notes: null | string;
  /** Who rejected. */
  rejected_by: null | string;
  /** When. */
  rejected_at: null | string;
  /** Why. */
  rejection_reason: null | string;
  /** Whether whoever asked approved it too. */
  self_approved: boolean;
  /** The request. */
  approval_id: string;
  /** Digest of all that a vote is bound to. */
  digest: string;
  /** Hash of the evidence. */
  bundle_hash: string;
  /** When it was asked. */
  created_at: string;
  /** When it last changed. */
  last_updated: string;
  deploy_status?: null | DeployProgress | undefined;
}

/** One link of the record of decisions. */
export interface AuditListed {
  /** 1, 2, 3 … without a gap. */
  seq: number;
  /** When. */
  at_utc: string;
  /** Who: a user, or `system:…` for the product itself. */
  actor: string;
  /** What was done, e.g. `approval.approve`. */
  action: string;
  /** To what, with its kind: `run:…`, `approval:…`. */
  subject: string;
  /** Why, in the actor's words. */
  reason: null | string;
  /** The exact content it was about. */
  payload: unknown;
  /** The hash of the record before; 64 zeros for the first. */
  prev_hash: string;
  /** The hash over all of the above. */
  hash: string;
  /** Whether it carries a signature by a key outside the store. */
  signed: boolean;
}

/** What a walk over the whole record says. */
export interface AuditVerified {
  /** Whether every link, signature and end is as written, and every request for a vote as it recorded. */
  intact: boolean;
  /** Records walked. */
  records: number;
  /** Number of the newest. */
  head_seq: number;
  /** Its hash: whoever keeps it elsewhere can tell later that nothing before it was changed. */
  head_hash: string;
  first_break: null | ProblemLine;
  /** Requests for votes that are not as the record says. */
  forged: string[];
}

/** Commits a previewed backfill. */
export interface BackfillCommit {
  /** As in the preview. */
  from: string;
  /** As in the preview. */
  to: string;
  /** The token of the preview. */
  token: string;
  /** Why; it is kept. */
  reason: string;
  /** As in the preview. */
  keep_going?: null | boolean | undefined;
}

/** What a backfill would run; nothing has happened yet. */
export interface BackfillPreviewed {
  /** The workflow. */
  id: string;
  /** Bound to the workflow's content, the fires and what a failure does: committing it creates exactly these. */
  token: string;
  /** Fires that it would run. */
  count: number;
  /** Fires of the stretch that are left out, since their run is under way or completed. */
  already_run: number;
  /** Whether a failed run ends the backfill. */
  stop_on_failure: boolean;
  /** Their instants, oldest first. */
  fires: string[];
  /** The fires that are left out, with their runs. */
  already: FireRunLine[];
  /** What the expressions name and the calendar does not let happen. */
  excluded: FireExcluded[];
  /** How many steps each run has. */
  steps: number;
  /** How long a run takes, in seconds: the median of the newest completed ones; null where none has completed. */
  seconds_each: null | number;
  /** How many runs that is the median of. */
  runs_measured: number;
}

/** A committed backfill with its fires. */
export interface BackfillShown {
  /** The workflow. */
  workflow: string;
  /** Its state. */
  backfill: BackfillView;
  /** Its fires, oldest first. */
  fires: FireRunLine[];
}

/** Which past fires to run after all. */
export interface BackfillStretch {
  /** First day or instant, e.g. `2026-01-01`, in the zone of the schedule. */
  from: string;
  /** Last day or instant. */
  to: string;
  /** Whether the next fire starts although one before it failed. */
  keep_going?: null | boolean | undefined;
}

/** A committed backfill. */
export interface BackfillView {
  /** Its token. */
  token: string;
  /** `active, done, stopped`. */
  state: string;
  /** Fires in all. */
  fires: number;
  /** Of these with an outcome. */
  ended: number;
  /** Who asked. */
  requested_by: string;
  /** Why. */
  reason: string;
  /** When. */
  committed_at_utc: string;
}

/** A backup to be made. */
export interface BackupAsked {
  /** Why; it is kept. */
  reason: string;
  /** Whether the bars go with it; true where left out. */
  with_bars?: null | boolean | undefined;
  /** Whether to go on where files that the rows name are missing or changed, and list them; false where left out. */
  accept_damage?: null | boolean | undefined;
}

/** A backup. */
export interface BackupListed {
  /** Its file in the folder. */
  name: string;
  /** `making`, `ready`, `failed`, or `gone` where it no longer lies there. */
  state: string;
  /** When it was begun, or made. */
  at_utc: string;
  /** Who asked. */
  by: string;
  /** Why. */
  reason: string;
  /** Hash of what it holds; null before it is made. */
  id: null | string;
  /** Rows in it. */
  rows: null | number;
  /** Files in it. */
  files: null | number;
  /** Its size. */
  packed_bytes: null | number;
  /** Whether the bars are in it. */
  with_bars: boolean;
  /** Files that rows name and that were gone or changed. */
  missing: string[];
  problem: null | ProblemLine;
}

/** The backups that were made at a server. */
export interface BackupsShown {
  /** Whether this server has a folder for them. */
  can_make: boolean;
  /** What to do where it has none. */
  why_not: null | string;
  /** The backups, newest first. */
  backups: BackupListed[];
}

/** A fire in a calendar. */
export interface CalendarFire {
  /** The workflow. */
  workflow: string;
  /** When. */
  fire_utc: string;
  /** `coming`; `held`, coming while the schedule is paused; `closed`, on a day without trading; `started`; `made_up` by a backfill; `skipped`, nobody was there; `paused`, came due in a pause; `dropped` by a convention; `refused`; `undecided`, before the schedule was first seen. */
  state: string;
  /** The run that came of it. */
  run: null | string;
  /** The state of that run. */
  run_status: null | string;
  /** Why it comes to nothing, or came late. */
  reason: null | string;
  /** The date that a day without trading moved it from; null where none did. */
  moved_from: null | string;
}

/** A weekday on which nobody trades. */
export interface ClosedDay {
  /** Of which calendar. */
  calendar: string;
  /** The day, on the calendar's clock. */
  date: string;
  /** The holiday. */
  name: string;
}

/** Many rows as columns. Value i of every column belongs to row i; what is undefined is null. */
export interface ColumnTable {
  /** Values of each column. */
  rows: number;
  /** What the columns are of. */
  about: Record<string, unknown>;
  /** Type by column: `double`, `integer`, `boolean`, `instant` (ISO 8601 UTC), `date` (yyyy-MM-dd) or `text`. */
  types: Record<string, string>;
  /** Values by column. Keys that end in `_pct` are percent, other rates and returns fractions. */
  columns: Record<string, unknown[]>;
}

/** What a combo comes to under one reading of ambiguous bars. */
export interface ComboOutcome {
  /** Total return, a fraction. */
  return: null | number;
  /** Sharpe ratio a year. */
  sharpe: null | number;
  /** Deepest fall, a fraction at or below 0. */
  max_drawdown: null | number;
}

/** The result of one combo (spec 02 §2.10). */
export interface ComboShown {
  /** The combo. */
  combo_id: number;
  /** The model. */
  model_id: string;
  /** Its rank. */
  rank: number;
  /** Its parameters; keys in `_pct` are percent. */
  config: Record<string, unknown>;
  /** Its metrics by name, fractions. */
  metrics: Record<string, unknown>;
  /** What each gate required and found. */
  gate_results: unknown;
  /** Its first trades; null where its trades were not kept. */
  trades_sample: null | TradeSample[];
  /** Identity of the config. */
  config_hash: string;
  /** Hash of the bars. */
  data_snapshot_id: string;
  /** What thresholds were compared with. */
  score_source: string;
  /** The lowest combo id with the same trades. */
  duplicate_of: null | number;
  /** Size above the model's cap: not to be published. */
  exceeds_model_cap: boolean;
  /** Whether a person ticked it for training. */
  selection_checkbox: boolean;
  /** File of the returns below the data directory. */
  equity_curve_uri: string;
  /** Whether its trades were not kept, since another combo beats it in everything. */
  pruned: boolean;
  /** File of the trades below the data directory. */
  trades_uri: null | string;
  /** The log of its sweep. */
  execution_log: SweepLogLine[];
}

/** Ticks a combo for training, or takes the tick away. */
export interface ComboTick {
  /** Whether it is ticked. */
  selection_checkbox: boolean;
}

/** Ticks combos for training, or takes their ticks away, all or none. */
export interface CombosTick {
  /** Their ids, 1 to 1,000 of them. */
  combos: number[];
  /** Whether they are ticked. */
  selection_checkbox: boolean;
}

/** The ticked combos of a sweep. */
export interface CombosTicked {
  /** The sweep. */
  sweep_id: string;
  /** Their ids, ascending. */
  selected: number[];
}

/** One line of the content that is voted on. */
export interface ContentLine {
  /** What it is. */
  label: string;
  /** The content in words; null where it is a digest alone. */
  text: null | string;
  /** Its hash or id, in full; null without. */
  digest: null | string;
}

/** A fire with what became of it. */
export interface DecidedFire {
  /** Its instant. */
  fire_utc: string;
  /** `started, skipped, paused, dropped, refused`. */
  outcome: string;
  /** The run that it started. */
  run_id: null | string;
  /** Why it came late or not at all. */
  reason: null | string;
  /** When that was decided. */
  decided_at_utc: string;
}

/** One finding. */
export interface DefectShown {
  /** The rule. */
  rule: string;
  /** `broken`, `flag` or `remark`. */
  kind: string;
  /** What it says. */
  meaning: string;
  /** Start of the bar. */
  at_utc: string;
  /** Number of the bar, from 0. */
  bar: number;
  /** The values. */
  detail: string;
}

/** Which strategy to deploy. */
export interface DeployAsked {
  /** Its id; without it the latest request. */
  strategy?: null | string | undefined;
}

/** How far the latest deployment is (spec 04 §4.5); only the status where there was none. */
export interface DeployProgress {
  /** `idle, running, completed` or `failed`. */
  status: string;
  /** `validate, train, export, seed_db` or `register`. */
  phase?: null | string | undefined;
  /** 0 to 1. */
  progress?: null | number | undefined;
  /** When it began. */
  started_at?: null | string | undefined;
  /** When it ended. */
  finished_at?: null | string | undefined;
  /** The run that deploys. */
  runner?: null | string | undefined;
  /** Its last lines. */
  log_tail?: unknown | undefined;
  /** Why it failed. */
  error?: null | string | undefined;
}

/** A deployment with its guardrails. */
export interface DeploymentWatched {
  /** The deployment. */
  deployment: string;
  /** Its strategy. */
  strategy_id: string;
  /** `paper` or `live`. */
  mode: string;
  /** Where it stands. */
  status: string;
  /** The latest readings as stored; null before the first. */
  guardrails: unknown;
}

/** All fires of a stretch, past and coming, with the days on which nobody trades. */
export interface FireCalendar {
  /** Its start. */
  from_utc: string;
  /** Its end. */
  to_utc: string;
  /** The server's clock: what comes after it has not happened yet. */
  now_utc: string;
  /** The fires, by workflow, oldest first. */
  fires: CalendarFire[];
  /** Holidays of the calendars that the schedules name. */
  closed_days: ClosedDay[];
  /** Workflows with more fires than one answer holds, and how many of theirs are not in it. */
  left_out: Record<string, number>;
}

/** A fire that its expression names and that does not happen. */
export interface FireExcluded {
  /** When it would have been. */
  fire_utc: string;
  /** Which rule excludes it. */
  reason: string;
}

/** A coming fire of a schedule. */
export interface FireLine {
  /** The workflow. */
  workflow: string;
  /** When. */
  at_utc: string;
  /** IANA name of the zone that its expressions mean. */
  zone: string;
  /** Its expressions. */
  schedule: string;
}

/** A coming fire of one of the workflows. */
export interface FireListed {
  /** The workflow. */
  workflow: string;
  /** The version that fires. */
  version: string;
  /** When. */
  fire_utc: string;
  /** The same on the schedule's clock. */
  local: string;
  /** That clock. */
  zone: string;
  /** The date that a day without trading moved it from; null where none did. */
  moved_from: null | string;
  /** Why it will start nothing; null where it will. */
  paused: null | string;
}

/** A fire with its run. */
export interface FireRunLine {
  /** When. */
  fire_utc: string;
  /** The run; null before it starts. */
  run: null | string;
  /** The run's state; `pending` before it starts, `not_started` where a failure stopped the backfill first. */
  status: string;
}

/** A folder of the data directory. */
export interface FolderSize {
  /** Its name. */
  name: string;
  /** How many files lie in it and below. */
  files: number;
  /** Their size. */
  bytes: number;
}

/** What a trained model said of the newest bars, before their outcome was known. Returns, probabilities and accuracies are fractions. */
export interface ForecastListed {
  /** The trained model. */
  trained_model_id: string;
  /** The model. */
  model_id: string;
  /** The combo. */
  combo_id: number;
  /** `trained, published` or `discarded`. */
  state: string;
  /** Whether its combo failed its gates. */
  evidence_only: boolean;
  /** What it speaks of. */
  symbol: string;
  /** Whether the simulator made the bars. */
  synthetic: boolean;
  /** Until when it speaks, in words: the barriers of its combo. */
  horizon: string;
  /** Start of the first bar it speaks of. */
  first_bar_utc: string;
  /** Start of the newest one. */
  last_bar_utc: string;
  /** Bars it speaks of. */
  rows: number;
  /** Probability from which an entry is let through. */
  threshold: number;
  /** Of a gain, said at the newest bar. */
  probability: null | number;
  /** Expected return of a position from the newest bar. */
  predicted_return: null | number;
  /** Whether its entry lines hold there. */
  rules_hold: boolean;
  /** Whether an entry would be decided there. */
  enters: boolean;
  /** Entries over all its bars. */
  entries: number;
  /** Share of rows it was right about on the hold-out, at its threshold. */
  accuracy: null | number;
  /** Share of the more frequent outcome there: what saying the same of every row gets; null where it is not known. */
  base_rate: null | number;
  /** How well it ranked the hold-out; 0.5 is chance. */
  auc: null | number;
  /** Return of its combo on the hold-out. */
  return: null | number;
  /** Sharpe ratio there. */
  sharpe: null | number;
  /** Lower end of its 95 % interval. */
  sharpe_low: null | number;
  /** Upper end. */
  sharpe_high: null | number;
  /** How old it is: `fresh`, `aging` (more than 7 days behind) or `stale` (more than 14). */
  age: string;
  /** Days since its newest bar began. */
  age_days: number;
  /** Hash of its rows. */
  forecast_hash: string;
}

/** One parameter of a workflow. */
export interface GraphParameter {
  /** Its name. */
  name: string;
  /** Its type, e.g. `symbol`. */
  type: string;
  /** Whether it must be given. */
  is_required: boolean;
  /** What it is where nothing is given. */
  default: unknown;
  /** The only values allowed; empty where the type alone decides. */
  one_of: unknown[];
  /** Smallest number. */
  min: null | number;
  /** Largest number. */
  max: null | number;
  /** What it means. */
  help: null | string;
}

/** One step of a graph. */
export interface GraphStep {
  /** Its name. */
  name: string;
  /** Its kind. */
  uses: string;
  /** Steps whose end it waits for, also those that only its values name. */
  needs: string[];
  /** Its condition; null where it always runs. */
  when: null | string;
  /** Name of the item where it fans out; null where it does not. */
  for_each: null | string;
  /** Attempts in all. */
  attempts: number;
  /** The most an attempt may take; null where nothing limits it. */
  timeout_seconds: null | number;
}

/** A guardrail with its distance to the trigger. */
export interface GuardrailShown {
  /** Its name in the store. */
  id: string;
  /** What it watches. */
  label: string;
  /** `paper`: since it was deployed. `holdout`: on the simulated trades of the evidence. */
  window: string;
  /** `count` or `drawdown`. */
  unit: string;
  /** What was measured; null where there is no closed trade yet. */
  value: null | number;
  /** The trigger. */
  limit: number;
  /** How much is left until it trips, in the same unit; null where nothing was measured. */
  left: null | number;
  /** Share of the limit that is used up, 0 to 1 and beyond once it tripped. */
  used: null | number;
  /** Whether its trigger is met. */
  tripped: boolean;
  /** What happens when it trips. */
  action: string;
}

/** Whether the server answers. */
export interface Health {
  /** Always `ok`. */
  status: string;
}

/** An import, or its preview. */
export interface ImportAsked {
  /** Id of the upload. */
  upload: string;
  /** Why; kept with the import and with what is waived. A preview needs it for waivers only. */
  reason?: null | string | undefined;
  /** Name of the bars, or which symbol where the file holds several. */
  symbol?: null | string | undefined;
  /** Length of the bars, where their times do not tell. */
  interval?: null | string | undefined;
  /** What the bars are of: `equity, index, fx, cfd, synthetic`; without it from the symbol. */
  asset_class?: null | string | undefined;
  /** IANA name of the zone of times that name none; UTC where left out. */
  zone?: null | string | undefined;
  /** Names of columns that differ, e.g. `close=adj_close,ts=Date`. */
  columns?: null | string | undefined;
  /** Rules whose broken facts are let pass in this import alone. */
  waive?: null | string[] | undefined;
}

/** What an upload holds, and what becomes of it. */
export interface ImportShown {
  /** Id of the upload. */
  upload: string;
  /** Its name. */
  name: string;
  /** Whether nothing was written. */
  preview: boolean;
  /** Its series, one for each symbol. */
  series: ImportedSeriesShown[];
  /** Why the file is not understood, with the place of each; empty where it is. */
  problems: ProblemLine[];
}

/** One symbol of an upload. */
export interface ImportedSeriesShown {
  /** Whose bars. */
  symbol: string;
  /** How long they are. */
  interval: string;
  /** How many. */
  bars: number;
  /** Start of the first. */
  first: string;
  /** Start of the last. */
  last: string;
  /** Bars at times that were not there. */
  added: number;
  /** Bars that take the place of different ones. */
  corrected: number;
  /** Bars that say what was known. */
  unchanged: number;
  /** `refused`, `known` where nothing changes, `would_be_taken_in` or `taken_in`. */
  state: string;
  /** What the quality rules found: bars by rule. */
  findings: Record<string, number>;
  /** How many rows are refused. */
  refused_rows: number;
  /** These rows, at most 500, in the order of the file. */
  refused: RefusedRow[];
  /** Rules that found something and may be let pass. */
  waivable: string[];
  /** The refusals in words, with what to do. */
  refusals: ProblemLine[];
  /** The series' state after the import; null in a preview. */
  snapshot: null | string;
  /** Bars that keep their stored adjustment factor, since the file has none. */
  kept_factors: number;
  /** Bars in an hour that the file's clock shows twice, taken in the order of the file. */
  repeated_times: number;
  /** Its first and last rows as they are understood. */
  rows: UnderstoodRow[];
}

/** A key of a program, without its secret. */
export interface KeyAnswer {
  /** Names it. */
  id: string;
  /** Whose it is. */
  user: string;
  /** What it is for. */
  name: string;
  /** What it lets through: read, run, vote, admin. */
  scopes: string[];
  /** active, expired or revoked. */
  state: string;
  /** Who made it. */
  made_by: string;
  /** When. */
  created_at_utc: string;
  /** Until when it can be used. */
  expires_at_utc: string;
  /** When it was used, to the minute. */
  last_used_at_utc: null | string;
  /** Since when it is void. */
  revoked_at_utc: null | string;
}

/** A key that was just made. */
export interface KeyMadeAnswer {
  /** It. */
  key: KeyAnswer;
  /** What the program sends as `Authorization: Bearer …`; it cannot be shown again. */
  secret: string;
}

/** A key to be made. */
export interface KeyRequest {
  /** Whose; one's own where left out. */
  user: null | string;
  /** What it is for. */
  name: null | string;
  /** What it lets through: read, run, vote, admin. */
  scopes: null | string[];
  /** How long it can be used; 90 where left out. */
  days: null | number;
  /** Why. */
  reason: null | string;
}

/** One combo of a leaderboard. */
export interface LeaderboardLine {
  /** From 1. */
  rank: number;
  /** The combo, from 1. */
  combo_id: number;
  /** Its swept parameters, presets expanded; keys in `_pct` are percent. */
  config: Record<string, unknown>;
  /** Sharpe ratio a year. */
  sharpe: null | number;
  /** Its 95 % interval, low and high. */
  sharpe_interval: null | (null | number)[];
  /** Total return, a fraction. */
  return: null | number;
  /** Closed trades. */
  trades: number;
  /** Deepest fall, a fraction at or below 0. */
  max_drawdown: null | number;
  /** `PASS`, `MARGINAL` or `FAIL`. */
  gate: string;
  /** Why not PASS. */
  gate_reasons: string[];
  /** Identity of the config. */
  config_hash: string;
  /** Whether a person ticked it for training. */
  selection_checkbox: boolean;
  /** The lowest combo id with the same trades. */
  duplicate_of: null | number;
  /** What thresholds were compared with. */
  score_source: string;
  /** Size above the model's cap: not to be published. */
  exceeds_model_cap: boolean;
  /** Probability that the Sharpe ratio is above what the best of all trials gives by chance; null where it cannot be said. */
  deflated_sharpe: null | number;
  /** Why it cannot be said. */
  deflated_sharpe_reason: null | string;
  /** Costs a side at which nothing is left, in basis points. */
  break_even_bps: null | number;
  /** Bars in which both stop and target lay. */
  ambiguous_bars: number;
  /** Figures with the stop first in such bars. */
  pessimistic: ComboOutcome;
  /** Figures with the target first. */
  optimistic: ComboOutcome;
  /** A better-ranked combo that trades nearly the same. */
  near_duplicate_of: null | number;
}

/** A limit. */
export interface LimitShown {
  /** What it limits. */
  label: string;
  /** The limit in words. */
  text: string;
}

/** A rule line at a bar. */
export interface LineKnown {
  /** In words; the expression where the pack of that time is not there any more. */
  sentence: string;
  /** What decides. */
  expression: string;
  /** Whether it held; null where a value was not defined, which counts as not. */
  holds: null | boolean;
  /** Its conditions from left to right. */
  parts: PartKnown[];
}

/** A one-time link. */
export interface LinkAnswer {
  /** Whom it signs in. */
  user: string;
  /** Open it in a browser, once, within 15 minutes. */
  url: string;
}

/** Takes an approved strategy live. */
export interface LiveAsked {
  /** Why; it is kept. */
  reason: string;
  /** Id of the strategy; without it the latest request. */
  strategy?: null | string | undefined;
}

/** One figure of luck or overfitting. */
export interface LuckShown {
  /** Its stable name. */
  id: string;
  /** Its name. */
  title: string;
  /** `ok`, `caution` or `not_computed`, which is a caution too. */
  verdict: string;
  /** `probability, whole_share, ratio` or `count`. */
  unit: string;
  /** The figure. */
  value: null | number;
  /** What is wanted, in words after the figure. */
  wanted: string;
  /** What it means, for whoever is no statistician. */
  words: string;
}

/** State of a stage, run, gate or vote as a page shows it: each has a colour, a glyph and a word. */
export type Mark = "pending" | "running" | "waiting" | "ok" | "caution" | "bad" | "skipped";

/** Who asks, as `GET /me` answers. */
export interface MeAnswer {
  /** The user. */
  id: string;
  /** Name on screen. */
  name: string;
  /** Role at this moment. */
  role: string;
  /** What sweeps they may run. */
  plan: string;
  /** What they may do by this sign-in or key at this moment. */
  rights: string[];
  /** Id of the key that the request came with; null for a session. */
  key: null | string;
  /** Scopes of the key; empty for a session. */
  scopes: string[];
  /** What a command needs besides its own words to mean this store; empty for the usual one. Where it lies is told only to who may operate it. */
  cli: string[];
}

/** A message to the world outside. */
export interface MessageListed {
  /** Its key. */
  id: string;
  /** Name of the channel; empty before one takes it. */
  channel: string;
  /** What it is. */
  kind: string;
  /** What it is about. */
  subject: null | string;
  /** `waiting, pending, retrying, delivered, given_up` or `unwanted`. */
  status: string;
  /** Attempts begun. */
  attempts: number;
  /** When it was written. */
  enqueued_at_utc: string;
  /** When it is tried again. */
  next_attempt_at_utc: string;
  /** Why the last attempt failed. */
  last_error: null | string;
  /** When it arrived. */
  delivered_at_utc: null | string;
  /** When it was given up. */
  given_up_at_utc: null | string;
}

/** Which messages are sent again. */
export interface MessageRetry {
  /** Why; it is kept. */
  reason: string;
  /** Key of one message; without it all that were given up. */
  id?: null | string | undefined;
}

/** Messages that are on their way again. */
export interface MessagesRetried {
  /** How many deliveries. */
  opened: number;
}

/** A model that is asked for. Keys that begin with `x_` are let through. */
export interface ModelAsked {
  /** Id, unique for the user. */
  model_id: string;
  /** The pack. */
  pack_id: string;
  /** Whose model. */
  user_id: string;
  /** Ticker, underlying or contract. */
  ticker: string;
  /** Its version; without it the newest usable one. */
  pack_version?: null | string | undefined;
  /** Name for people, unique for the user; without it the id. */
  name?: null | string | undefined;
  /** One line for people. */
  description?: null | string | undefined;
  /** `stocks`, `options` or `futures`. */
  instrument?: null | string | undefined;
  /** One of the pack's strategies. */
  strategy_id?: null | string | undefined;
  /** Indicators of the pack to use. */
  selected_indicators?: null | string[] | undefined;
  /** Features of the pack to use. */
  selected_features?: null | string[] | undefined;
  /** `conservative`, `balanced` or `aggressive`. */
  risk_profile?: null | string | undefined;
  /** Parameters that differ from the pack's defaults, as numbers; keys that end in `_pct` are percent. */
  parameter_overrides?: null | Record<string, number> | undefined;
}

/** A model that was changed. */
export interface ModelChanged {
  /** The model. */
  id: string;
  /** Version of its config now. */
  config_version: number;
  /** Whether its config changed; else only name and description. */
  changed: boolean;
  /** What its maker should know. */
  warnings: ProblemLine[];
}

/** A config that a model has or had. */
export interface ModelConfigListed {
  /** From 1. */
  version: number;
  /** The pack it was pinned to. */
  pack: string;
  /** The version it repeats, where it went back. */
  restores: null | number;
  /** When. */
  made_at_utc: string;
}

/** A model as its page shows it: what was chosen, what differs from the pack, and what was made of it. */
export interface ModelDocument {
  /** The model. */
  model: ModelListed;
  /** Pack and version, `swingsigma@1.1.0`. */
  pack: string;
  /** The pack's name. */
  pack_name: string;
  /** `stocks, options` or `futures`. */
  instrument: string;
  /** `conservative, balanced` or `aggressive`. */
  risk_profile: string;
  /** Its rules in words. */
  strategy: PackStrategyRead;
  /** What its maker could choose, with what they chose. */
  settings: ModelSettingRead[];
  /** Indicators and features that it reads. */
  inputs: ModelInputRead[];
  /** What its results are held to, the risk profile applied. */
  gates: PackGateRead[];
  /** Every config it had, newest first. */
  configs: ModelConfigListed[];
  /** Versions of its pack that it may be moved to. */
  moves: string[];
  /** Why its settings can no longer change; null where they can. */
  settings_locked: null | string;
}

/** What a request for a model would give; nothing is made. What is wrong is an answer here. */
export interface ModelDrafted {
  /** Whether it could be made. */
  valid: boolean;
  /** What is wrong, each with the field in `where`. */
  problems: ProblemLine[];
  /** What its maker should know: inputs that are added by themselves. */
  warnings: ProblemLine[];
  /** Pack and version. */
  pack: string;
  strategy: null | PackStrategyRead;
  /** What may be chosen, with what is asked for. */
  settings: ModelSettingRead[];
  /** Indicators and features of the pack: selected, added, or neither. */
  inputs: ModelInputRead[];
  /** What results are held to, the risk profile applied. */
  gates: PackGateRead[];
  /** The config it would have; null where it is refused. */
  config: null | Record<string, unknown>;
}

/** An input of a model, computed before and after. */
export interface ModelInputChecked {
  /** Its name in rules. */
  name: string;
  /** `indicator` or `feature`. */
  kind: string;
  /** Bars compared. */
  bars: number;
  /** Bars on which it was defined. */
  defined: number;
  /** Bars on which it differs in any bit. */
  differing: number;
}

/** An indicator or feature that a model reads. */
export interface ModelInputRead {
  /** Its id in the pack. */
  id: string;
  /** `indicator` or `feature`. */
  kind: string;
  /** Name for people. */
  name: string;
  /** What it computes. */
  formula: string;
  /** Whether its maker selected it. */
  selected: boolean;
  /** Who reads it, where nobody selected it: `feature momentum_composite`. */
  needed_by: null | string;
}

/** A model of the list, with how far it has come. */
export interface ModelListed {
  /** Whose model. */
  user_id: string;
  /** Id, unique for the user. */
  id: string;
  /** Name for people. */
  name: string;
  /** One line for people. */
  description: string;
  /** The pack. */
  pack_id: string;
  /** Its version. */
  pack_version: string;
  /** Its content when the model was pinned to it. */
  pack_hash: string;
  /** `created`, `configured`, `published` or `retired`. */
  status: string;
  /** What its user does next, see ModelStanding. */
  next_step: string;
  /** When it was made. */
  created_at_utc: string;
  /** What it trades. */
  ticker: string;
  /** Its strategy. */
  strategy_id: string;
  /** Whether the simulator makes its bars. */
  synthetic: boolean;
  /** Version of its config, from 1. */
  config_version: number;
  /** Sweeps of it. */
  sweeps: number;
  /** Trained models of it that are not discarded. */
  trained_models: number;
}

/** A model as it was made. */
export interface ModelMade {
  /** Always true. */
  success: boolean;
  /** How far it has come. */
  model: ModelStanding;
}

/** Moves a model to another version of its pack, or back. */
export interface ModelMoveAsked {
  /** The version; null with Rollback. */
  to?: null | string | undefined;
  /** Goes back to the config before the last change. */
  rollback?: null | boolean | undefined;
  /** Shows what would change, and changes nothing. */
  dry_run?: null | boolean | undefined;
}

/** What moving a model changes. */
export interface ModelMoved {
  /** The model. */
  id: string;
  /** The pack it was pinned to. */
  from: string;
  /** The pack it is pinned to. */
  to: string;
  /** Content of the latter. */
  pack_hash: string;
  /** Version of its config then. */
  config_version: number;
  /** False for a dry run, and where nothing changes. */
  written: boolean;
  /** Every changed value, in the file's order. */
  changes: ModelValueChanged[];
  /** The bars on which the inputs were compared, in words. */
  checked_on: string;
  /** Every input, computed on both versions. */
  checks: ModelInputChecked[];
}

/** Retires a model or brings it back. */
export interface ModelRetiring {
  /** Why; it is kept in the audit chain. */
  reason?: null | string | undefined;
}

/** A setting of a model; keys that end in `_pct` are percent. */
export interface ModelSettingRead {
  /** Key of the override. */
  key: string;
  /** `indicators` or `risk`. */
  group: string;
  /** What it belongs to. */
  of: string;
  /** The pack's value; null where the pack switches it off. */
  pack_default: null | number;
  /** The value without an override. */
  default: null | number;
  /** The value that holds. */
  value: null | number;
  /** `catalog, pack, profile` or `override`. */
  source: string;
  /** Least value of an override. */
  min: number;
  /** Whether the least value itself is refused. */
  min_excluded: boolean;
  /** Greatest value of an override. */
  max: number;
  /** Whether an override must be whole. */
  whole: boolean;
}

/** A model with its config. */
export interface ModelShown {
  /** Always true. */
  success: boolean;
  /** How far it has come. */
  model: ModelStanding;
  /** The config it is pinned to, as stored: pack, instrument, strategy, risk (keys in `_pct` are percent), indicators and features. */
  config: Record<string, unknown>;
}

/** How far a model has come. */
export interface ModelStanding {
  /** The model. */
  id: string;
  /** `created`, `configured`, `published` or `retired`. */
  status: string;
  /** When it was made. */
  created_at: string;
  /** What its user does next: `configure_sweep`, `run_sweep`, `select_configs`, `train`, `review`, `publish`, `restore`. */
  next_step: string;
}

/** A value of a config that changes. */
export interface ModelValueChanged {
  /** Where it stands. */
  path: string;
  /** The value before as JSON; null where it was not there. */
  before: null | string;
  /** The value after as JSON; null where it is gone. */
  after: null | string;
}

/** What was known at one bar. */
export interface MomentKnown {
  /** Its start. */
  bar_utc: string;
  /** First price. */
  open: number;
  /** Highest. */
  high: number;
  /** Lowest. */
  low: number;
  /** Last. */
  close: number;
  /** Shares traded; null where unknown. */
  volume: null | number;
  /** Its hour on the clock that allowed hours are held against; null on daily bars. */
  hour: null | number;
  /** How many bars before it held all entry lines too, as the model wants; null for an exit. */
  confirmations: null | number;
  /** The rule lines; empty where a level ended the position. */
  lines: LineKnown[];
  /** What the lines name. */
  inputs: ValueKnown[];
  /** What the position knew of itself when a rule ended it; empty otherwise. */
  position: ValueKnown[];
  /** Prices at which it would have ended, as they stood before this bar: `best, stop, trail, target`; and `days` held. Empty for an entry. */
  levels: ValueKnown[];
}

/** A month of the hold-out. */
export interface MonthShown {
  /** yyyy-MM. */
  month: string;
  /** Return of the account. */
  return: null | number;
  /** Trades closed in it. */
  trades: null | number;
}

/** Why a node is drained. */
export interface NodeDecision {
  /** Why; it is kept. */
  reason: string;
}

/** A process that works on the store. */
export interface NodeListed {
  /** Its stable name. */
  id: string;
  /** `working`, `draining`, `left` or `dead`. */
  state: string;
  /** What it does, separated by commas. */
  roles: string;
  /** Version of its program. */
  version: string;
  /** Content of its program. */
  build: string;
  /** Where it answers; null where it does not. */
  address: null | string;
  /** Runs, works and shards that it holds now. */
  claims: number;
  /** Since when. */
  started_at: string;
  /** Its last sign, on the store's clock. */
  last_sign_at: string;
}

/** Nodes that were asked to leave their work to others. */
export interface NodesDrained {
  /** Their names. */
  nodes: string[];
}

/** What needs somebody, and where each strategy stands: the first page of the studio, and the counts beside its navigation. */
export interface Overview {
  /** When it was read. */
  now_utc: string;
  /** Who asked. */
  person: OverviewPerson;
  /** The counters. */
  counts: OverviewCounts;
  data: null | OverviewData;
  /** The exchange at this moment. */
  market: OverviewMarket;
  /** The board, newest first. */
  strategies: StrategyStages[];
  /** What waits for whoever asks, most urgent first; a vote by somebody else stands on the board alone. */
  waits: WaitingItem[];
  /** Runs under way, oldest first. */
  running: RunLine[];
  /** Runs that failed in the last 24 hours, newest first. */
  failed: RunLine[];
  /** The next fires of schedules, soonest first. */
  fires: FireLine[];
}

/** Counters over the whole store. */
export interface OverviewCounts {
  /** Things that wait for whoever asks: what they have a vote on, and with the right to run what is paused, set aside or broken. */
  waits: number;
  /** Votes among them. */
  votes: number;
  /** Runs under way. */
  running: number;
  /** Runs that wait for a slot. */
  queued: number;
  /** Runs that failed in the last 24 hours. */
  failed24h: number;
  /** Runs that completed in the last 24 hours. */
  completed24h: number;
  /** When the oldest run under way was asked for; null where none is. */
  oldest_running_utc: null | string;
}

/** Where the numbers come from. */
export interface OverviewData {
  /** Whether a strategy of the board stands on simulated bars. */
  is_synthetic: boolean;
  /** The effect planted in the simulated market, in words. */
  planted_effect: null | string;
}

/** The exchange whose clock the studio shows by default. */
export interface OverviewMarket {
  /** Its calendar, e.g. `NYSE`. */
  calendar: string;
  /** IANA name of its zone. */
  zone: string;
  /** Whether a session is on. */
  is_open: boolean;
  /** When that changes: the close, or the next open; null where no session is known. */
  changes_at_utc: null | string;
  /** Since when it is open; null while closed. */
  since_utc: null | string;
}

/** Who is signed in. */
export interface OverviewPerson {
  /** Id that votes and runs name. */
  id: string;
  /** Name on screen. */
  name: string;
  /** Role of spec 08 §8.7. */
  role: string;
}

/** What a pack is made for, in the words of its file. */
export interface PackCharacter {
  /** How long a position lives: `days`, `weeks` … */
  time_horizon: string;
  /** `conservative, balanced` or `aggressive`. */
  risk_appetite: string;
  /** `technical, fundamental, sentiment` or `flow`. */
  decision_style: string;
  /** `trending, ranging, volatile` or `all_weather`. */
  market_preference: string;
  /** `aggressive, patient` or `adaptive`. */
  execution_character: string;
  /** What it can trade, the default first. */
  instruments: string[];
  /** Words to find it by. */
  tags: string[];
  /** The bars the engine walks, `1h`. */
  interval: string;
  /** The bars its rules read: `day` or `bar`. */
  rule_frame: string;
  /** The date in its file. */
  created_at: string;
}

/** What differs between two packs. */
export interface PackCompared {
  /** The one, `swingsigma@1.0.0`. */
  before: string;
  /** The other. */
  after: string;
  /** Whether nothing differs. */
  equal: boolean;
  /** Every changed value in the order of the files. */
  changes: PackValueChanged[];
}

/** A pack version as a document for people: everything in it in words, with the text that decides beneath. */
export interface PackDocument {
  /** The pack version. */
  pack: PackListed;
  /** What it is made for. */
  character: PackCharacter;
  published: null | PackPublication;
  /** Its strategies, the default first. */
  strategies: PackStrategyRead[];
  /** Its indicators in the order of the file. */
  indicators: PackIndicatorRead[];
  /** Its features in the order of the file. */
  features: PackFeatureRead[];
  /** What results, orders and portfolios must keep. */
  gates: PackGateRead[];
  /** How orders are made, sized and protected. */
  policies: PackPolicyRead[];
  /** What a model may override and a sweep may vary, with default and bounds. */
  parameters: PackParameterRead[];
  /** All versions of the pack, newest first. */
  versions: PackVersionListed[];
  /** The models that are made of this version, newest first. */
  models: PackModelListed[];
}

/** A feature of a pack. */
export interface PackFeatureRead {
  /** Id in rules. */
  id: string;
  /** Name for people. */
  name: string;
  /** Its formula in words. */
  sentence: string;
  /** Its formula as written: this decides. */
  calculation: string;
  /** Learning and displays use value by scale, clipped to [−1, 1]; null leaves it as it is. */
  scale: null | number;
}

/** One finding. */
export interface PackFinding {
  /** Stable code. */
  code: string;
  /** `error` or `warn`. */
  level: string;
  /** Where, as text. */
  path: string;
  /** The file; null where there is no place. */
  file: null | string;
  /** From 1. */
  line: null | number;
  /** From 1. */
  column: null | number;
  /** What is wrong. */
  message: string;
  /** What can be done. */
  remediation: string;
}

/** A gate of a pack. */
export interface PackGateRead {
  /** `quality, execution` or `risk`. */
  block: string;
  /** Its key in the file. */
  key: string;
  /** What is held to it. */
  label: string;
  /** `&gt;=` or `&lt;=`. */
  comparator: string;
  /** The limit; shares and drawdowns are fractions. Null where the pack leaves it to the platform. */
  required: null | number;
  /** `count, ratio, share, drawdown, bps` or `shares` (of stock a bar). */
  unit: string;
}

/** An indicator of a pack. */
export interface PackIndicatorRead {
  /** Id in rules, models and overrides. */
  id: string;
  /** Name for people. */
  name: string;
  /** `momentum, trend, volatility` or `volume`. */
  group: string;
  /** Its settings as the pack has them, the catalog's where it says nothing. */
  settings: SettingRead[];
  /** Its names in rules. */
  names: string[];
  /** The formula in one line, with its source. */
  formula: string;
}

/** What is wrong with a pack, if anything; the sanity backtest of `sigmatiq packs lint` is left out. */
export interface PackLinted {
  /** Whether no finding is an error. */
  valid: boolean;
  /** Pack and version; null where the files are no pack. */
  id: null | string;
  /** Hash of its content. */
  hash: null | string;
  /** All findings in the order of the files. */
  findings: PackFinding[];
}

/** A pack version. */
export interface PackListed {
  /** Pack and version, `swingsigma@1.1.0`. */
  id: string;
  /** The pack. */
  pack_id: string;
  /** The version. */
  version: string;
  /** Name for people. */
  name: string;
  /** One line for people. */
  description: string;
  /** Who wrote it. */
  author: string;
  /** Hash of its content. */
  hash: string;
  /** Its strategies, the default first. */
  strategies: string[];
}

/** A model that is made of a pack. */
export interface PackModelListed {
  /** The model. */
  id: string;
  /** Name for people. */
  name: string;
  /** How far it has come. */
  status: string;
  /** What its user does next. */
  next_step: string;
}

/** A parameter with its bounds; keys that end in `_pct` are percent. */
export interface PackParameterRead {
  /** Key of overrides and sweeps, `rsi_period`. */
  key: string;
  /** What it belongs to, by name. */
  of: string;
  /** The pack's value; null where the pack switches it off. */
  default: null | number;
  /** Least value. */
  min: number;
  /** Whether the least value itself is refused. */
  min_excluded: boolean;
  /** Greatest value. */
  max: number;
  /** Whether it must be whole. */
  whole: boolean;
}

/** A policy in words. */
export interface PackPolicyRead {
  /** `execution, position_sizing, risk_management` or `engine`. */
  block: string;
  /** The key that it is of. */
  key: string;
  /** What it does. */
  sentence: string;
}

/** That a version was published: its content can never change again. */
export interface PackPublication {
  /** Who published it. */
  by: string;
  /** When. */
  at_utc: string;
}

/** A pack version that is published. */
export interface PackPublished {
  /** Pack and version. */
  id: string;
  /** Hash of its content. */
  hash: string;
  /** Always true. */
  published: boolean;
  /** False where it was published before with the same content. */
  is_new: boolean;
  /** What the linter and the sanity backtest warn of. */
  warnings: PackFinding[];
}

/** Publishes a pack version; there is nothing to say. */
export type PackPublishing = Record<string, unknown>;

/** A pack version with its content. */
export interface PackShown {
  /** Pack and version. */
  id: string;
  /** The pack. */
  pack_id: string;
  /** The version. */
  version: string;
  /** Name for people. */
  name: string;
  /** One line for people. */
  description: string;
  /** Who wrote it. */
  author: string;
  /** Hash of its content. */
  hash: string;
  /** Its strategies, the default first. */
  strategies: string[];
  /** The six files as JSON, by name; keys in `_pct` are percent. */
  content: Record<string, unknown>;
  /** Whether its content can no longer change. */
  published: boolean;
}

/** A strategy in words. */
export interface PackStrategyRead {
  /** Its id. */
  id: string;
  /** Name for people. */
  name: string;
  /** One line for people. */
  description: string;
  /** `long, short` or `both`. */
  side: string;
  /** Whether it is the pack's first. */
  is_default: boolean;
  /** All of these must hold. */
  entry: RuleRead[];
  /** Any of these ends a position. */
  exit: RuleRead[];
}

/** The texts of a pack's files, by name: `pack.yaml, indicators.yaml, features.yaml, strategies.yaml, gates.yaml, policies.yaml`. */
export interface PackTexts {
  /** Text by file name. */
  files: Record<string, string>;
}

/** A value that differs. */
export interface PackValueChanged {
  /** The file. */
  file: string;
  /** Where in it. */
  path: string;
  /** The value before as JSON; null where it was not there. */
  before: null | string;
  /** The value after as JSON; null where it is gone. */
  after: null | string;
}

/** A version of a pack. */
export interface PackVersionListed {
  /** The version. */
  version: string;
  /** Hash of its content; null where its files are refused. */
  hash: null | string;
  published: null | PackPublication;
  /** How many models are pinned to it. */
  models: number;
  /** Whether new models may be made of it. */
  usable: boolean;
}

/** A condition of a line at a bar. */
export interface PartKnown {
  /** In words. */
  sentence: string;
  /** What decides. */
  expression: string;
  /** Whether it held. */
  holds: null | boolean;
  /** What it compared, apart from numbers written out. */
  sides: ValueKnown[];
}

/** Somebody who had a part in what is voted on. */
export interface PartyShown {
  /** `requester, trainer, deployer` or `author`. */
  part: string;
  /** Who. */
  name: string;
}

/** A problem of a workflow's text at its place. */
export interface PlacedProblem {
  /** Stable code, e.g. `WFL-1003`. */
  code: string;
  /** What is wrong. */
  message: string;
  /** Line and column as text, `text:29:15`. */
  where: null | string;
  /** What to do. */
  remedy: null | string;
  /** Line from 1; null where there is no place. */
  line: null | number;
  /** Column from 1. */
  column: null | number;
  /** The step it stands in; null outside the steps. */
  step: null | string;
  /** Keys to the value, e.g. `steps`, `train`, `with`, `combo`; empty where the text is no YAML. */
  path: string[];
}

/** Another plan. */
export interface PlanRequest {
  /** free, premium, pro or unlimited. */
  plan: null | string;
  /** Why. */
  reason: null | string;
}

/** A combo of a planned sweep. */
export interface PlannedCombo {
  /** Its id, from 1. */
  combo_id: number;
  /** Its parameters, presets expanded; keys in `_pct` are percent. */
  config: Record<string, unknown>;
}

/** What a sweep would have to do. */
export interface PlannedCost {
  /** Distinct sets of indicator parameters. */
  indicator_sets: number;
  /** Classifiers to fit. */
  confidence_fits: number;
  /** Distinct decisions. */
  signal_sets: number;
  /** Distinct trade lists at most; sizes share them. */
  paths: number;
  /** A rough estimate on one thread. */
  seconds: number;
  /** What the estimate rests on. */
  basis: string;
}

/** A parameter of a planned sweep. */
export interface PlannedParameter {
  /** Key in the request. */
  key: string;
  /** Key in a combo. */
  combo_key: string;
  /** How many values it has. */
  values: number;
}

/** An open position. */
export interface PositionShown {
  /** Of what. */
  symbol: string;
  /** `LONG` or `SHORT`. */
  side: string;
  /** Since when. */
  opened_utc: string;
  /** At which price. */
  entry_price: number;
  /** How many. */
  quantity: number;
}

/** A refusal (RFC 9457, `application/problem+json`). */
export interface ProblemAnswer {
  /** Always `about:blank`: the code says which problem it is. */
  type: string;
  /** Message of the first reason. */
  title: string;
  /** HTTP status. */
  status: number;
  /** Code of the first reason. */
  code: string;
  /** Place of the first reason. */
  where: null | string;
  /** Remedy of the first reason. */
  remedy: null | string;
  /** All reasons, in the order found. */
  problems: ProblemLine[];
  /** Only of a sweep whose grid is beyond the cap: its combos, so that a caller need not read them out of a sentence. */
  grid_size?: null | number | undefined;
  /** Only of such a sweep: the plan's cap. */
  cap?: null | number | undefined;
  /** Only of a workflow that was not saved since another version came first: the text of that one. */
  present?: null | string | undefined;
}

/** One reason of a refusal. */
export interface ProblemLine {
  /** Stable code that can be looked up, e.g. `PCK-1004`. */
  code: string;
  /** What is wrong, as a sentence with the offending value in it. */
  message: string;
  /** Field, header, file with line and column; null where there is no place. */
  where: null | string;
  /** What the caller can do now. */
  remedy: null | string;
}

/** A failure as it was kept. */
export interface ProblemStored {
  /** Stable code. */
  code: string;
  /** What is wrong. */
  message: string;
  /** Where. */
  where?: null | string | undefined;
  /** What can be done. */
  remedy?: null | string | undefined;
}

/** Who approved what. */
export interface ProductionApproval {
  /** The request. */
  id: string;
  /** The run that asked. */
  run_id: string;
  /** Who decided; with a quorum the last of them. */
  decided_by: null | string;
  /** When. */
  decided_utc: null | string;
  /** Why, in their words. */
  reason: null | string;
  /** Digest of all that the vote is bound to. */
  digest: string;
  /** Whether somebody approved it who had a part in it. */
  self_approved: boolean;
  /** Whether a quality gate had refused it. */
  gate_failed: boolean;
  /** Everybody who approved. */
  voters: string[];
}

/** A deployment. */
export interface ProductionDeployment {
  /** Its id. */
  id: string;
  /** The run that deployed it. */
  run_id: string;
  /** When. */
  created_utc: string;
  /** First session open of its paper session. */
  paper_start_utc: string;
  /** End of it. */
  paper_end_utc: string;
  /** Earliest live date, not a promise. */
  live_date_utc: string;
  /** The pack with its version. */
  pack: string;
  /** Hash of the refitted model. */
  artifact_hash: string;
  /** Hash of model config and combo. */
  config_hash: string;
  /** Hash of the bars that the refit used. */
  data_snapshot_id: string;
  /** The limits it runs under. */
  limits: LimitShown[];
}

/** A strategy that was approved or deployed, as it stands. Returns, drawdowns and shares are fractions. */
export interface ProductionStanding {
  /** The strategy. */
  strategy_id: string;
  /** Its name. */
  strategy_name: string;
  /** What it trades. */
  symbol: string;
  /** Whether the simulator makes its bars. */
  synthetic: boolean;
  /** `paper` or `live`. */
  mode: string;
  /** Where its deployment stands, `paper_trading`; `approved` where it is approved and not deployed yet. */
  status: string;
  /** Who approved what. */
  approval: ProductionApproval;
  deployment: null | ProductionDeployment;
  /** What would stop it, and how far that is. */
  guardrails: GuardrailShown[];
  /** When they were read; null before the first time. */
  guardrails_utc: null | string;
  /** Positions that are open. */
  open_positions: PositionShown[];
  /** Trades that were closed since it was deployed. */
  closed_trades: number;
  progress: null | DeployProgress;
}

/** Lets go what a preview showed. */
export interface PruneAsked {
  /** Of the preview: exactly that goes, or nothing. */
  token: string;
  /** Why; it is kept. */
  reason: string;
}

/** What a pruning let go. */
export interface PruneDone {
  /** Snapshots that stay. */
  kept: number;
  /** Snapshots that went. */
  snapshots: string[];
  /** Files that went. */
  files: number;
  /** Their size. */
  bytes: number;
}

/** What a pruning would let go; nothing was removed. */
export interface PrunePreview {
  /** Snapshots that stay. */
  kept: number;
  /** Snapshots that nothing uses. */
  snapshots: string[];
  /** Files that no other snapshot names. */
  files: number;
  /** Their size. */
  bytes: number;
  /** Names exactly these; `POST /data/prune` takes it. */
  token: string;
}

/** A row that is refused. */
export interface RefusedRow {
  /** Line of a CSV (the header is 1), row of a Parquet from 1. */
  row: number;
  /** Start of its bar. */
  at_utc: string;
  /** Which rule refuses it. */
  rule: string;
  /** Its code. */
  code: string;
  /** What it says. */
  meaning: string;
  /** The values. */
  detail: string;
}

/** One tenth of the range of probabilities. */
export interface ReliabilityShown {
  /** Lower end. */
  from: number;
  /** Upper end. */
  to: number;
  /** Rows in it. */
  count: number;
  /** Mean probability said; null without rows. */
  said: null | number;
  /** Share of gains; null without rows. */
  came: null | number;
  /** Lower end of the share's 95 % interval as if its rows were independent, which they are not: the true one is wider. */
  low: null | number;
  /** Upper end. */
  high: null | number;
}

/** What retention says. Its interval is formed here: the hold-out's Sharpe interval by the Sharpe of the backtest. */
export interface RetentionVerdict {
  /** Sharpe on the hold-out by that of the backtest; null where the latter is not above 0. */
  retention: null | number;
  /** Lower end of its 95 % interval. */
  low: null | number;
  /** Upper end. */
  high: null | number;
  /** `publish, review` or `discard`; it decides nothing. */
  suggestion: string;
  /** All of it in one or two sentences. */
  words: string;
  /** Whether publishing it needs a reason. */
  reason_needed: boolean;
  /** Whether it can be published at all. */
  publishable: boolean;
}

/** What changed since the version that was approved last. */
export interface ReviewChanges {
  /** That request. */
  since: string;
  /** When it was approved. */
  approved_utc: null | string;
  /** By whom. */
  approved_by: null | string;
  /** What differs, risk first; empty where nothing does. */
  settings: SettingChange[];
}

/** The hold-out in figures, each with the one that puts it in proportion. */
export interface ReviewFigures {
  /** First day. */
  start: null | string;
  /** Last day. */
  end: null | string;
  /** First day of the window that the combo was chosen on. */
  selection_start: null | string;
  /** Its last day. */
  selection_end: null | string;
  /** Return. */
  return: null | number;
  /** Return on the selection window: the best of many, biased upward. */
  selection_return: null | number;
  /** Return of the instrument held over the hold-out with the whole account. */
  hold_return: null | number;
  /** Sharpe ratio. */
  sharpe: null | number;
  /** Low end of its 95 % interval. */
  sharpe_low: null | number;
  /** High end. */
  sharpe_high: null | number;
  /** Share of trades won. */
  win_rate: null | number;
  /** Trades won. */
  wins: null | number;
  /** Closed trades. */
  trades: null | number;
  /** Deepest fall, above 0. */
  max_drawdown: null | number;
  /** That of the instrument, above 0. */
  hold_drawdown: null | number;
  /** Chance of such a mean trade without an edge. */
  p_value: null | number;
  /** What it is to be below. */
  p_wanted: number;
}

/** A gate of vote 1. */
export interface ReviewGate {
  /** Its stable name. */
  name: string;
  /** Its name for people. */
  label: string;
  /** `pass`, `fail`, or `no_value`, which fails. */
  status: string;
  /** Whether failing it alone rejects. */
  critical: boolean;
  /** How actual is to stand to required. */
  comparator: string;
  /** `count, share, drawdown, whole_share, probability, p` or `ratio`; shares and drawdowns are fractions. */
  unit: string;
  /** The limit. */
  required: null | number;
  /** What came out. */
  actual: null | number;
  /** `selection` or `holdout`. */
  window: null | string;
  /** What it rests on: trades, returns or combos. */
  sample: null | number;
  /** Low end of its 95 % interval. */
  low: null | number;
  /** High end. */
  high: null | number;
  /** Chance that a strategy without skill passes; null where none is known. */
  false_pass: null | number;
  /** Why there is none: `count`, `damage` or `unknown`; `chance` where there is one. */
  without_skill: string;
}

/** A request for a vote in the inbox. Returns and shares are fractions. */
export interface ReviewListed {
  /** The request. */
  id: string;
  /** The run that waits for it. */
  run_id: string;
  /** Name of what asks. */
  strategy_name: string;
  /** Its pack with the version. */
  pack: string;
  /** `paper` or `live`: where an approval leads. */
  target: string;
  /** `pending_approval, approved, rejected` or `live`. */
  status: string;
  /** Vote 1: `promote, review` or `reject`. */
  recommendation: string;
  /** Gates that pass. */
  gates_passed: number;
  /** All gates. */
  gates: number;
  /** Return on the hold-out. */
  return: null | number;
  /** Sharpe ratio on the hold-out. */
  sharpe: null | number;
  /** Low end of its 95 % interval. */
  sharpe_low: null | number;
  /** High end. */
  sharpe_high: null | number;
  /** When it was asked. */
  created_utc: string;
  /** When silence becomes a rejection. */
  expires_utc: string;
  /** Who asked. */
  requested_by: string;
  /** Who decided; null before. */
  decided_by: null | string;
  /** When. */
  decided_utc: null | string;
  /** Why. */
  reason: null | string;
  /** Whether somebody approved it who had a part in it. */
  self_approved: boolean;
  /** Whether a quality gate refused the combo. */
  gate_failed: boolean;
  /** What in the store is no longer what the request was made for; null where all is. Only for a request that waits. */
  difference: null | string;
  barrier: null | ProblemLine;
}

/** What makes its trades begin and end. Percent keys are fractions here. */
export interface ReviewRules {
  /** All of these must hold. */
  entry: string[];
  /** One of these ends a position. */
  exit: string[];
  /** Least score; null without. */
  threshold: null | number;
  /** Fall from the entry that ends a position. */
  stop_loss: null | number;
  /** Rise that ends it. */
  take_profit: null | number;
  /** Fall from its best price that ends it. */
  trailing_stop: null | number;
  /** Trading days after which it ends. */
  time_stop_days: null | number;
  /** What the score is made from. */
  features: string[];
  /** Length of its bars. */
  interval: null | string;
  /** Its instrument. */
  symbol: null | string;
}

/** All that a person reads before a vote, out of the stored evidence. Returns, shares and drawdowns are fractions. */
export interface ReviewShown {
  /** The request as the inbox shows it. */
  head: ReviewListed;
  /** The run that waits for it. */
  run_id: string;
  /** The combo of its sweep; null where the evidence names none. */
  combo_id: null | number;
  /** Id of the strategy. */
  strategy_id: string;
  /** Digest over the exact content; a vote says it. */
  digest: string;
  /** Hash of the evidence; a vote says it. */
  bundle_hash: string;
  /** `strict` or `relaxed`. */
  four_eyes: string;
  /** How many persons must approve. */
  quorum: number;
  /** Least length of a reason to approve: longer against vote 1. */
  reason_min: number;
  /** Whether the bars were made by the simulator. */
  is_synthetic: boolean;
  /** Files of the evidence that cannot be read; with one missing nobody may vote. */
  missing: string[];
  figures: null | ReviewFigures;
  /** Gates of vote 1, those that fail first. */
  gates: ReviewGate[];
  /** What speaks for luck, each with what is wanted and plain words. */
  luck: LuckShown[];
  /** Further cautions, in words. */
  cautions: string[];
  changes: null | ReviewChanges;
  /** What exactly is voted on. */
  content: ContentLine[];
  /** Who had a part in it. */
  parties: PartyShown[];
  /** Votes counted so far. */
  votes: VoteShown[];
  rules: null | ReviewRules;
  /** Return of each month of the hold-out. */
  months: MonthShown[];
  /** How many trades of the hold-out ended for which reason. */
  exit_reasons: Record<string, number>;
  /** What its training flagged. */
  flags: string[];
  /** What an approval started; null without. */
  deployment_id: null | string;
  /** What trades for the strategy now and retires when this is approved and deployed; null where nothing does, or it is decided. */
  replaces: null | string;
}

/** The texts behind a request beside those of the version that was approved last. */
export interface ReviewTexts {
  /** That request; null where none was approved before, and then there is nothing beside them. */
  since: null | string;
  /** Model, files of the pack, workflow. */
  texts: TextCompared[];
}

/** A role with what it may do. */
export interface RoleAnswer {
  /** The role. */
  id: string;
  /** Its rights. */
  rights: string[];
}

/** Another role. */
export interface RoleRequest {
  /** viewer, researcher, approver, operator or admin. */
  role: null | string;
  /** Why. */
  reason: null | string;
}

/** An expression with its sentence. */
export interface RuleRead {
  /** It in words. */
  sentence: string;
  /** It as written: this decides. */
  expression: string;
}

/** What a run goes over again. */
export interface RunAgain {
  /** The earlier run. */
  of: string;
  /** This step and all that need it take nothing over; null takes over wherever the inputs are the same. */
  from: null | string;
}

/** What a run was asked to do, and all that it is pinned to. */
export interface RunAsked {
  /** Workflow id. */
  workflow: string;
  /** Its version. */
  version: string;
  /** Its content. */
  workflow_hash: string;
  /** Every parameter of the workflow with its value. */
  parameters: Record<string, unknown>;
  /** The run's now. */
  as_of_utc: string;
  /** The run's chance. */
  seed: number;
  /** Last step to run, with what it needs; null runs all. */
  until: null | string;
  /** Further facts that the caller pinned, e.g. `pack_hash`. */
  pins: Record<string, unknown>;
  /** Who asked. */
  requested_by: string;
  /** Version of the program that took the request. */
  build: string;
  rerun: null | RunAgain;
}

/** One attempt of a run. */
export interface RunAttemptShown {
  /** The step. */
  step: string;
  /** Item of for_each, from 0. */
  item: number;
  /** From 1. */
  attempt: number;
  /** One of `running, succeeded, failed, waiting, lost, crashed, cancelled`. */
  status: string;
  /** When it began. */
  started_at_utc: string;
  /** When it ended; null before. */
  ended_at_utc: null | string;
  /** Its failure, as JSON text. */
  problem: null | string;
  /** Units done. */
  progress_done: number;
  /** Units in all, 0 when unknown. */
  progress_total: number;
  /** What is being done. */
  progress_text: null | string;
  /** When it last said anything of itself; null before it has. */
  sign_at_utc: null | string;
}

/** A run that works for another run's step. */
export interface RunChild {
  /** The run. */
  id: string;
  /** The parent's step. */
  step: string;
  /** Item of for_each, from 0. */
  item: number;
  /** Its workflow. */
  workflow: string;
  /** The version that it is pinned to. */
  version: string;
  /** Where it stands. */
  status: string;
}

/** A run after a decision about it; the engine follows within a second. */
export interface RunDecided {
  /** The run. */
  id: string;
  /** Where it stands now. */
  status: string;
  /** Why it is held, failed or was cancelled. */
  reason: null | string;
}

/** Why a run is paused, resumed or cancelled. */
export interface RunDecision {
  /** Why; it is kept. */
  reason: string;
}

/** One difference between two runs. */
export interface RunDifferenceShown {
  /** What it is about, e.g. `parameters`, `steps`, `metrics`, `trades`, `ids` or `timing`. */
  area: string;
  /** Where. */
  path: string;
  /** The value of the one; null where it has none. */
  a: unknown;
  /** The value of the other. */
  b: unknown;
}

/** Runs of one workflow over time with the state of each of their steps. Value i of every list of a row belongs to run i. */
export interface RunGrid {
  /** The workflow; null where nothing ever ran. */
  workflow: null | string;
  /** When it was read: what is under way counts up to here. */
  at_utc: string;
  /** The columns, newest first. */
  runs: RunGridColumn[];
  /** The steps of all versions of these runs, each after those that it needs. */
  rows: RunGridRow[];
  /** Send it as `before` for the runs before these; null where there are none. */
  older: null | string;
}

/** A run of a grid. */
export interface RunGridColumn {
  /** The run; later runs have later ids. */
  id: string;
  /** Version of its workflow. */
  version: string;
  /** One of `queued, running, waiting, paused, completed, failed, cancelled, set_aside`. */
  status: string;
  /** Why it is held, failed or was cancelled. */
  reason: null | string;
  /** Why it began: `person`, `schedule`, `backfill`, `rerun` of another run, or the `step` of another run; null where its journal cannot be read. */
  cause: null | string;
  /** The backfill, or the other run; null otherwise. */
  cause_of: null | string;
  /** Id of the person or schedule that asked for it. */
  requested_by: string;
  /** The instrument that it works on; null without one. */
  ticker: null | string;
  /** The instant that its schedule planned; null without one. */
  planned_utc: null | string;
  /** When it was asked for. */
  requested_at_utc: string;
  /** When it got its slot and began; null before. */
  started_at_utc: null | string;
  /** When it ended; null before. */
  ended_at_utc: null | string;
  /** From when it was asked for to its end, or to now. */
  took_seconds: number;
  /** How much of that it was at work: neither queued nor at rest. */
  worked_seconds: number;
  /** Why its journal cannot be read, so that no state of a step is known; null where it can. */
  problem: null | string;
}

/** A step of a grid, over the runs. */
export interface RunGridRow {
  /** Its name. */
  name: string;
  /** Its step kind, in the newest version that has it. */
  uses: string;
  /** The stage of the lifecycle that it is part of: `Bootstrap, Data, Train, Forecast, Backtest, Approve, Deploy, Monitor`, or `Other`. */
  stage: string;
  /** One of the step states by run; `absent` where the run's version has no such step. */
  state: string[];
  /** Attempts begun by run, without those that only took up a wait; of several items the most that one of them took. */
  attempts: number[];
  /** Items by run; 0 before it can start, 1 without `for_each`. */
  items: number[];
  /** Time under way or waiting by run, without the pauses between attempts; null where it never began. */
  took_seconds: (null | number)[];
  /** Why it stands where it stands, in one line, by id of the run; runs of which there is nothing to say are left out. */
  notes: Record<string, string>;
}

/** One item of a step's `for_each`, or the step itself. */
export interface RunInstanceShown {
  /** From 0. */
  index: number;
  /** What an attempt receives. */
  input: Record<string, unknown>;
  /** One of the step states. */
  status: string;
  /** Attempts begun. */
  attempts: number;
  /** Attempts that failed; lost ones are not counted. */
  failures: number;
  /** Attempts in a row that died with their process and had come no further than one before them. */
  crashes: number;
  /** Most units that an attempt had done when its process died. */
  furthest: number;
  /** Hash over all that the output depends on, of the latest attempt. */
  input_hash: null | string;
  /** The run that made the output, where it was taken over. */
  reused_from: null | string;
  /** What it gave, once succeeded. */
  output: null | Record<string, unknown>;
  /** The latest failure. */
  problem: null | Record<string, unknown>;
  /** Why it waits, was skipped or cancelled. */
  reason: null | string;
  /** What wakes it while it waits. */
  wake_key: null | string;
  /** When it is tried again or its waiting ends. */
  due_utc: null | string;
}

/** One run in a short list. */
export interface RunLine {
  /** The run. */
  id: string;
  /** Its workflow. */
  workflow: string;
  /** The instrument it works on; null where it has none. */
  ticker: null | string;
  /** Run state of spec 08 §8.11. */
  status: string;
  /** What it does, or why it failed. */
  note: null | string;
  /** When it was asked for. */
  requested_at_utc: string;
  /** When it ended. */
  ended_at_utc: null | string;
  /** How much of its present step is done, 0 to 1; null where not known. */
  share: null | number;
}

/** A run as lists show it. */
export interface RunListed {
  /** The run; later runs have later ids. */
  id: string;
  /** Id of its workflow. */
  workflow: string;
  /** Version of its workflow. */
  version: string;
  /** One of `queued, running, waiting, paused, completed, failed, cancelled, set_aside`. */
  status: string;
  /** Why it is held, failed or was cancelled. */
  reason: null | string;
  /** Id of the person or schedule that asked for it. */
  requested_by: string;
  /** When it was asked for. */
  requested_at_utc: string;
  /** When its journal last grew. */
  changed_at_utc: string;
  /** When it ended; null before. */
  ended_at_utc: null | string;
  /** Its parameters by name. */
  parameters: unknown;
}

/** Lines that the steps of a run wrote. */
export interface RunLog {
  /** Oldest first, at most 1000. */
  lines: RunLogLine[];
  /** Id of the last line; send it as `after` to go on. */
  last: number;
  /** Whether there are no further lines, and the run writes none for now. */
  is_complete: boolean;
}

/** One line that a step wrote. */
export interface RunLogLine {
  /** Number of the line, growing. */
  id: number;
  /** The step. */
  step: string;
  /** Item of for_each, from 0. */
  item: number;
  /** From 1. */
  attempt: number;
  /** When. */
  at_utc: string;
  /** The text. */
  line: string;
}

/** How to go over a run again. */
export interface RunRerunAsked {
  /** Why; it is kept. */
  reason: string;
  /** This step and all that need it take nothing over; without it whatever has the same inputs is taken over. */
  from?: null | string | undefined;
  /** Version of the workflow; without it the one of the earlier run. */
  version?: null | string | undefined;
  /** Parameters that differ from the earlier run. */
  set?: null | Record<string, unknown> | undefined;
}

/** A run that goes over an earlier one again. */
export interface RunRerunStarted {
  /** The new run. */
  id: string;
  /** The earlier one. */
  rerun_of: string;
  /** Where the new one stands. */
  status: string;
}

/** Which step of a run to try again. */
export interface RunRetry {
  /** Why; it is kept. */
  reason: string;
  /** The failed step; without it every failed one. */
  step?: null | string | undefined;
}

/** A run with its steps and attempts. */
export interface RunShown {
  /** The run. */
  id: string;
  /** Id of its workflow. */
  workflow: string;
  /** Version of its workflow. */
  version: string;
  /** One of `queued, running, waiting, paused, completed, failed, cancelled, set_aside`. */
  status: string;
  /** Why it is held, failed or was cancelled. */
  reason: null | string;
  /** What it was asked to do, and all that it is pinned to. */
  request: RunAsked;
  /** When it was asked for. */
  requested_utc: string;
  /** When it reached a final state; null before. */
  ended_utc: null | string;
  /** Its steps in the order of the definition. */
  steps: RunStepShown[];
  /** Its attempts in the order begun. */
  attempts: RunAttemptShown[];
  /** The hashes of its results, by step and name: what two runs of one plan have in common. */
  hashes: Record<string, string>;
  /** Runs that work for its steps. */
  children: RunChild[];
}

/** A run that was asked for. */
export interface RunStarted {
  /** The run. */
  id: string;
  /** Where it stands. */
  status: string;
}

/** One step of a run. */
export interface RunStepShown {
  /** Its name in the definition. */
  name: string;
  /** Its step kind. */
  uses: string;
  /** One of `pending, ready, running, waiting, retrying, succeeded, failed, skipped, cancelled`. */
  status: string;
  /** Why it was skipped, cancelled or failed. */
  reason: null | string;
  /** One, or one per item of `for_each`; none before it can start. */
  instances: RunInstanceShown[];
}

/** In what two runs differ. */
export interface RunsCompared {
  /** One run. */
  a: string;
  /** The other. */
  b: string;
  /** Whether they did and gave the same, names and times aside. */
  same: boolean;
  /** What differs. */
  differences: RunDifferenceShown[];
  /** What differs between any two runs: names and times. */
  apart: RunDifferenceShown[];
}

/** An earlier sweep of the same request. */
export interface SameSweep {
  /** The sweep. */
  sweep_id: string;
  /** Where it stands. */
  status: string;
}

/** Makes the sample market. */
export interface SampleAsked {
  /** Why; it is kept. */
  reason: string;
}

/** A workflow that starts by itself, or would but for a fault in its file. */
export interface ScheduleListed {
  /** The workflow. */
  workflow: string;
  /** The version that fires. */
  version: string;
  /** What it does, in one line; null where the file is broken. */
  workflow_summary: null | string;
  /** Its expressions; null where the file is broken. */
  schedule: null | string;
  /** IANA name of its clock; null where the file is broken. */
  zone: null | string;
  /** Calendar of the days without trading; null where every day counts. */
  calendar: null | string;
  /** What becomes of fires that nobody was there for. */
  catch_up: null | string;
  /** Its next three fires, also while it is paused. */
  next_fires: string[];
  /** Why it starts nothing; null where it does. */
  paused: null | string;
  /** Who paused it; null where the file or the release does. */
  paused_by: null | string;
  /** Since when. */
  paused_at_utc: null | string;
  /** Whether a person can pause it, or let it go on. */
  can_pause: boolean;
  /** What keeps it from firing until somebody mends the file: which rule, and where. */
  problems: ProblemLine[];
}

/** A combo to train. */
export interface SelectedConfig {
  /** Its id within its sweep, from 1. */
  combo_id: number;
  /** Its rank, for people. */
  rank?: null | number | undefined;
  /** Its config, for people. */
  config?: null | Record<string, unknown> | undefined;
}

/** A series after it was brought up to date. */
export interface SeriesAligned {
  /** Hash of its newest snapshot. */
  id: string;
  /** Ticker. */
  symbol: string;
  /** Length of its bars. */
  interval: string;
  /** How many it has. */
  bars: number;
  /** How many came in now. */
  added_bars: number;
  /** The last completed session, to which it should reach. */
  until: string;
  /** Completed sessions after its last bar that its source could not give. */
  missing_sessions: number;
  /** Whether some are missing. */
  stale: boolean;
  /** Whether the simulator made the bars. */
  synthetic: boolean;
}

/** Bars of a series by month, as columns. */
export interface SeriesCoverage {
  /** Whose bars. */
  symbol: string;
  /** How long they are. */
  interval: string;
  /** Of which snapshot. */
  snapshot: string;
  /** Calendar of its sessions; null where none is known. */
  calendar: null | string;
  /** The months, `2026-01`, from the first bar's to the last one's. */
  months: string[];
  /** Bars of each. */
  bars: number[];
  /** Those that its sessions have; null where no calendar is known. */
  expected: (null | number)[];
  /** Those of its sessions that are not there. */
  missing: number[];
  problem: null | ProblemLine;
}

/** What the quality rules find in a series now. */
export interface SeriesDefects {
  /** Whose bars. */
  symbol: string;
  /** How long they are. */
  interval: string;
  /** Of which snapshot. */
  snapshot: string;
  /** Calendar that hours and missing bars were held against; null where none is known. */
  calendar: null | string;
  /** How many bars were looked at. */
  bars: number;
  /** `ok`, `flagged`, or `refused` where a fact is broken and nobody waived it. */
  state: string;
  /** Findings by rule. */
  counts: Record<string, number>;
  /** The findings, at most 1000, oldest first. */
  findings: DefectShown[];
  /** Rules whose findings a person let pass, with the reason. */
  waived: Record<string, string>;
  /** Files that are not what their manifest says; then nothing was looked at. */
  damaged: ProblemLine[];
}

/** A series of the store: the newest snapshot of a symbol's bars of one length. */
export interface SeriesListed {
  /** The snapshot. */
  id: string;
  /** Whose bars. */
  symbol: string;
  /** How long they are: `1m`, `5m`, `1h`, `1d`. */
  interval: string;
  /** How many. */
  bars: number;
  /** Start of the first bar. */
  first: string;
  /** Start of the last bar. */
  last: string;
  /** Where they come from: `simulator`, `import` or `resample`. */
  source: string;
  /** Which version of it. */
  source_version: string;
  /** Whether the simulator made them; every screen that shows a result of them says so. */
  synthetic: boolean;
  /** What the quality rules found when they came in: bars by rule. */
  findings: Record<string, number>;
}

/** A session that has neither ended nor run out. */
export interface SessionAnswer {
  /** Names it. */
  id: string;
  /** When they signed in. */
  created_at_utc: string;
  /** When it runs out. */
  expires_at_utc: string;
  /** Whether it is the one that asks. */
  is_this: boolean;
}

/** A setting that differs. */
export interface SettingChange {
  /** Its name. */
  setting: string;
  /** What was approved; null where there was none. */
  before: null | string;
  /** What is asked; null where there is none. */
  now: null | string;
  /** What the difference does. */
  effect: string;
  /** `lower`, `higher`, or `none` where it cannot be said. */
  risk: string;
}

/** A setting. */
export interface SettingRead {
  /** Its name. */
  name: string;
  /** Its value as packs write it. */
  value: string;
}

/** Which sessions end. */
export interface SignOutRequest {
  /** One of the list; all where left out. */
  session: null | string;
  /** Why. */
  reason: null | string;
}

/** How many sessions ended. */
export interface SignedOutAnswer {
  /** Whose. */
  user: string;
  /** How many. */
  ended: number;
}

/** A file of a snapshot. */
export interface SnapshotFileShown {
  /** Below the data directory. */
  path: string;
  /** Hash of its bytes. */
  sha256: string;
  /** Its length. */
  bytes: number;
  /** Rows in it. */
  rows: number;
}

/** A snapshot of bars. */
export interface SnapshotListed {
  /** Hash of its manifest. */
  id: string;
  /** Whose bars. */
  symbol: string;
  /** How long they are. */
  interval: string;
  /** How many. */
  bars: number;
  /** Start of the first. */
  first: string;
  /** Start of the last. */
  last: string;
  /** Where they come from. */
  source: string;
  /** When it was made. */
  made_at_utc: string;
  /** Whether it is its series' present state. */
  newest: boolean;
  /** Whether its files are still there; a pruning lets go what nothing uses. */
  kept: boolean;
  /** Sweeps that ran on it. */
  sweeps: number;
  /** Trainings on it. */
  trainings: number;
  /** Trained models that learned from it. */
  trained_models: number;
}

/** A snapshot with its files. */
export interface SnapshotShown {
  /** Hash of the manifest. */
  id: string;
  /** What it is of. */
  snapshot: SeriesListed;
  /** Its immutable files. */
  files: SnapshotFileShown[];
  /** Files that are not what the manifest says; empty where all are. */
  problems: ProblemLine[];
}

/** What names a snapshot, at most a hundred of each. */
export interface SnapshotUsed {
  /** The snapshot. */
  id: string;
  /** Sweeps. */
  sweeps: string[];
  /** Trainings. */
  trainings: string[];
  /** Trained models. */
  trained_models: string[];
  /** Runs whose journal or parameters name it. */
  runs: string[];
}

/** One stage of a strategy. */
export interface StageCell {
  /** Its name. */
  name: string;
  /** Where it stands. */
  state: Mark;
  /** The same as a word or two. */
  word: string;
  /** Its most telling fact; may be empty. */
  fact: string;
  /** How much of it is done, 0 to 1; null where not known. */
  share: null | number;
  /** The step of the run that shows most of it; null where the run has none. */
  step: null | string;
  /** Id of the request that waits for a vote; null where none does. */
  vote: null | string;
  /** When that request counts as rejected. */
  expires_utc: null | string;
  /** Whether that vote is somebody else's, not of whoever asks. */
  is_others: boolean;
}

/** A step kind. */
export interface StepKindListed {
  /** What `uses:` names. */
  id: string;
  /** What it does. */
  summary: string;
  /** `built`, or `announced` for a later release. */
  state: string;
  /** Its version; null where it is only announced. */
  version: null | number;
  /** Whether a rerun may take over its output. */
  is_reusable: null | boolean;
  /** JSON Schema (draft 7) of its input; refers to `definitions` of the schema of workflow files. */
  with: null | Record<string, unknown>;
  /** JSON Schema of its outputs. */
  outputs: null | Record<string, unknown>;
  /** Assembly, version, path and hash of the plug-in that brings it; null for a kind of the program's own. */
  plugin: null | Record<string, unknown>;
}

/** How much room the store takes. */
export interface StoreShown {
  /** `sqlite` or `postgres`. */
  engine: string;
  /** Size of the rows; null where a server keeps them. */
  rows_bytes: null | number;
  /** Folders of the data directory with what lies in them. */
  folders: FolderSize[];
  /** Room left on the disk of the data directory. */
  free_bytes: number;
  /** When it was measured: at most once a minute. */
  measured_at_utc: string;
}

/** The strategies that were ever asked about. */
export interface StrategiesListed {
  /** Newest first. */
  strategies: StrategyListed[];
  /** The one that was deployed last and trades; where none does, the one that was asked about last. */
  active_strategy_id: null | string;
}

/** A strategy of the selector list. */
export interface StrategyListed {
  /** Its id. */
  strategy_id: string;
  /** Its name. */
  strategy_name: string;
  /** Of the request that waits, else of what is approved, which a later rejection does not undo, else of its latest request. */
  status: string;
  /** Year in which its backtest ends. */
  year: null | number;
  /** Return of the evidence, percent. */
  return_pct: null | number;
  /** Always true: without evidence nothing is asked. */
  has_backtest: boolean;
  /** Whether it trades, on paper or live. */
  has_production: boolean;
}

/** One strategy on the board. */
export interface StrategyStages {
  /** Instrument and strategy. */
  name: string;
  /** What it trades. */
  ticker: string;
  /** Pack as `id@version`. */
  pack: string;
  /** The run it stands at. */
  run: string;
  /** Where that run stands. */
  state: Mark;
  /** The same in words. */
  state_word: string;
  /** Whether its bars are simulated. */
  is_synthetic: boolean;
  /** The eight stages of spec 04 §4.1. */
  stages: StageCell[];
}

/** The bytes of a file, as they are. */
export type Stream = string;

/** A sweep that is asked for (spec 02 §2.1). */
export interface SweepAsked {
  /** The model. */
  model_id: string;
  /** Lists of values by parameter: `thresholds` (fractions), `allowed_hours`, `position_size_pct` and others (keys in `_pct` are percent). */
  parameters: Record<string, unknown>;
  /** `simple` or another kind of the plan. */
  sweep_type?: null | string | undefined;
  /** Days with `start` and `end`; without it all there are. */
  date_range?: null | Record<string, unknown> | undefined;
  /** Thresholds of the gates: `min_trades`, `min_sharpe`, `max_drawdown_pct` (percent), `min_win_rate` (percent). */
  quality_gates?: null | Record<string, unknown> | undefined;
  /** Word to find it by. */
  tag?: null | string | undefined;
  /** Its chance; 42 without it. */
  seed?: null | number | undefined;
  /** Share of the days held out, 0 to below 1, or the word `after`; 0.2 without it. */
  holdout?: unknown | undefined;
  /** What happens to a grid beyond the plan's cap. */
  on_cap_exceeded?: null | string | undefined;
  /** What thresholds are compared with: `classifier`, `rule` or `none`. */
  confidence?: null | string | undefined;
  /** Ends when the best have settled. */
  early_stop?: null | boolean | undefined;
  /** Looks closer around the best. */
  refine?: null | boolean | undefined;
  /** How much is kept of each combo. */
  detail?: null | string | undefined;
  /** Runs although the same request ran before. */
  force?: null | boolean | undefined;
}

/** The best-ranked combo of a sweep: the best of many, so its interval stands beside it. */
export interface SweepBest {
  /** The combo. */
  combo_id: number;
  /** `PASS`, `MARGINAL` or `FAIL`; FAIL says that no combo passes. */
  gate: string;
  /** Sharpe ratio a year. */
  sharpe: null | number;
  /** Lower end of its 95 % interval. */
  sharpe_low: null | number;
  /** Upper end. */
  sharpe_high: null | number;
  /** Total return, a fraction. */
  return: null | number;
  /** Closed trades. */
  trades: number;
}

/** What a sweep of a model may vary. */
export interface SweepForm {
  /** The model. */
  model_id: string;
  /** The pack with its version. */
  pack: string;
  /** What it trades. */
  ticker: string;
  /** Length of its bars. */
  interval: string;
  /** Whether the simulator makes its bars. */
  synthetic: boolean;
  /** Whether thresholds are compared with a confidence. */
  uses_confidence: boolean;
  /** First day of its bars; null where there are none. */
  first_day: null | string;
  /** Last day. */
  last_day: null | string;
  /** The caller's plan. */
  plan: string;
  /** Combos of a simple sweep at most; null without a cap. */
  simple_cap: null | number;
  /** Combos of a custom sweep at most; null without a cap. */
  custom_cap: null | number;
  /** Whether the plan allows custom sweeps. */
  may_custom: boolean;
  /** Whether it allows `early_stop` and `refine`. */
  may_settle: boolean;
  /** In the order in which combos are numbered. */
  parameters: SweepableParameter[];
}

/** One line of a sweep's log. */
export interface SweepLogLine {
  /** When. */
  timestamp: string;
  /** `started, processing, completed, failed` or `cancelled`. */
  status: string;
  /** What happened. */
  message: string;
}

/** The probability of backtest overfitting (PBO). */
export interface SweepOverfit {
  /** The probability; null where it cannot be said. */
  pbo: null | number;
  /** Different combos it is over. */
  combos: number;
  /** Splits into halves. */
  splits: number;
  /** Of these with the best of one half below the median of the other. */
  overfit_splits: number;
  /** Blocks of whole days. */
  blocks: number;
  /** Days of a block. */
  block_days: number;
  /** Longest position, in days. */
  longest_hold_days: number;
  /** Whether it may read too low. */
  block_shorter_than_hold: boolean;
  /** Why it cannot be said. */
  reason: null | string;
}

/** What a sweep would be; nothing was changed. */
export interface SweepPlanned {
  /** The model. */
  model_id: string;
  /** The pack with its version. */
  pack: string;
  /** What it trades. */
  ticker: string;
  /** Hash of the bars. */
  data_snapshot_id: string;
  /** Whether the simulator made them. */
  synthetic: boolean;
  /** Combos that would run, exactly. */
  total_combinations: number;
  /** Combos of the whole grid. */
  grid_size: number;
  /** The plan's cap; null without. */
  cap: null | number;
  /** Drawn out of the grid; null where all run. */
  sample: null | number;
  /** Of these, kept for the neighbours of the best. */
  refine_budget: number;
  /** Of which combos trades are kept: `all` or `pareto`. */
  detail: string;
  /** What is varied. */
  parameters: PlannedParameter[];
  /** What there would be to do. */
  cost: PlannedCost;
  /** The first combos. */
  first: PlannedCombo[];
  /** The last combos that are not among the first. */
  last: PlannedCombo[];
  /** The thresholds of the gates; fractions. */
  quality_gates: Record<string, unknown>;
  /** Selection window and hold-out, as days. */
  window: Record<string, unknown>;
  same: null | SameSweep;
  /** What its maker should know. */
  warnings: ProblemLine[];
}

/** A sweep that was asked for; the earlier one where the same was asked for before. */
export interface SweepQueued {
  /** Its id. */
  sweep_id: string;
  /** Where it stands. */
  status: string;
  /** Combos that run. */
  total_combinations: number;
  /** Combos of the whole grid. */
  grid_size: number;
  /** The plan's cap; null without. */
  cap: null | number;
  /** What its maker should know. */
  warnings: ProblemLine[];
}

/** A sweep's leaderboard with what the store knows now (spec 02 §2.12); returns, drawdowns and rates are fractions. */
export interface SweepResults {
  /** The sweep. */
  sweep_id: string;
  /** Its model. */
  model_id: string;
  /** Combos that were asked for. */
  total_combinations: number;
  /** Combos evaluated. */
  evaluated: number;
  /** Combos with PASS. */
  passed_gates: number;
  /** Combos with MARGINAL. */
  marginal_gates: number;
  /** Combos with FAIL. */
  failed_gates: number;
  /** What thresholds were compared with: `rule`, `classifier` or `none`. */
  score_source: string;
  /** Identity of the result, without ids, times and ticks. */
  leaderboard_hash: string;
  /** Best first. */
  leaderboard: LeaderboardLine[];
  /** `completed` or `cancelled`. */
  status: string;
  /** Combos of the whole grid. */
  grid_size: number;
  /** The plan's cap; null without. */
  cap: null | number;
  /** The pack with its version. */
  pack: string;
  /** Hash of the bars. */
  data_snapshot_id: string;
  /** Whether the simulator made the bars. */
  synthetic: boolean;
  /** Word to find it by. */
  tag: null | string;
  /** Which days chose, in words. */
  selection_window: string;
  /** The same, as days. */
  window: Record<string, unknown>;
  /** First bar that can be traded: indicators need bars before they say anything, and a classifier learns first. */
  figures_from_utc: string;
  /** The thresholds of the gates. */
  quality_gates: Record<string, unknown>;
  /** How well the confidence ranks on days it has not seen; null without one. */
  skill: unknown;
  overfit: null | SweepOverfit;
  /** How the combos came to be evaluated. */
  course: unknown;
  /** What its maker was told. */
  warnings: ProblemStored[];
  /** The trials on this idea so far. */
  trials: SweepTrials;
}

/** A sweep, whatever its state. */
export interface SweepShown {
  /** The sweep. */
  id: string;
  /** The same. */
  sweep_id: string;
  /** Its model. */
  model_id: string;
  /** The pack with its version. */
  pack: string;
  /** Hash of the bars. */
  data_snapshot_id: string;
  /** Whether the simulator made the bars. */
  synthetic: boolean;
  /** Word to find it by. */
  tag: null | string;
  /** `queued, running, completed, failed` or `cancelled`. */
  status: string;
  /** From 0 to 1. */
  progress: number;
  /** How long it still takes while it runs; null where nobody can tell. */
  eta_seconds: null | number;
  /** Combos that run. */
  total_combinations: number;
  /** Combos evaluated so far. */
  evaluated: number;
  /** Combos of the whole grid. */
  grid_size: number;
  /** The plan's cap; null without. */
  cap: null | number;
  /** Who asked. */
  created_by: string;
  /** When. */
  created_at: string;
  /** When it began. */
  started_at: null | string;
  /** When it ended. */
  finished_at: null | string;
  problem: null | ProblemStored;
  best: null | SweepBest;
}

/** The trials on an idea so far, across sweeps, people and months. */
export interface SweepTrials {
  /** All. */
  raw: number;
  /** Those that differ. */
  different: number;
  /** Variance of their Sharpe ratios a period. */
  sharpe_variance: null | number;
  /** The Sharpe ratio a period that the best of them has by chance. */
  sr0_per_period: null | number;
}

/** One parameter that a sweep may vary; keys in `_pct` are percent. */
export interface SweepableParameter {
  /** Key in the request. */
  key: string;
  /** Key in a combo. */
  combo_key: string;
  /** Whether a simple sweep varies it. */
  simple: boolean;
  /** `number` or `hours`. */
  kind: string;
  /** Whether it counts in whole numbers. */
  whole: boolean;
  /** Least value; null for hours. */
  min: null | number;
  /** Greatest value. */
  max: null | number;
  /** Whether it lies above the least value, not on it. */
  above_min: boolean;
  /** Whether `none` switches it off. */
  allows_none: boolean;
  /** The model's own value. */
  now: null | number;
  /** Its values in the simple sweep; null where that does not vary it. */
  simple_values: null | unknown[];
}

/** The program, its store and what is under way. */
export interface SystemShown {
  /** Version of the program. */
  version: string;
  /** The commit it was built from; null where that is not known. */
  commit: null | string;
  /** `sqlite` or `postgres`. */
  engine: string;
  /** How long the store took to answer, in seconds. */
  store_seconds: number;
  /** The server's clock. */
  now_utc: string;
  /** Runs by state. */
  runs: Record<string, number>;
  /** Messages that have not arrived yet and are not given up. */
  outbox_waiting: number;
  /** Fires of schedules by outcome. */
  fires_decided: Record<string, number>;
}

/** A text then and now. */
export interface TextCompared {
  /** `model` (the effective config with its combo), `pack` or `workflow`. */
  kind: string;
  /** What it is called: the pack's file, or the name with its versions. */
  name: string;
  /** Whether nothing in it differs; then neither text is sent. */
  is_same: boolean;
  /** The text that was approved, as YAML; empty where it was not there. */
  before: null | string;
  /** The text that is asked for. */
  now: null | string;
  /** Why they cannot be compared; null where they can. */
  missing: null | string;
}

/** What was known when a trade was decided and when it ended, as the evidence keeps it. Nothing in it depends on a later bar. */
export interface TradeKnown {
  /** Its number on the window, from 1. */
  trade: number;
  /** `holdout` or `selection`. */
  window: string;
  /** Whether the evidence keeps it: evidence that was made before such values were kept does not, and then all that follows is null or empty. */
  is_kept: boolean;
  /** `adjusted` for splits and dividends, or `raw`: what the model trades on and what the bars show. */
  prices: null | string;
  /** `classifier` (a probability), `rule` (how clearly the rules held, no probability), or `none` where rules alone decide; null where that is not known. */
  score_source: null | string;
  /** The score at the decision; null without one. */
  score: null | number;
  /** What the score had to reach; null without one. */
  threshold: null | number;
  entry: null | MomentKnown;
  exit: null | MomentKnown;
  /** The model's features at the decision of the entry, as computed; a classifier scales some of them. */
  features: ValueKnown[];
}

/** One trade of a combo. */
export interface TradeSample {
  /** Day of entry. */
  entry_date: string;
  /** Day of exit. */
  exit_date: string;
  /** Price of entry, in the currency of the instrument. */
  entry_price: number;
  /** Price of exit. */
  exit_price: number;
  /** A fraction, before costs. */
  return: number;
  /** Calendar days held. */
  duration_days: number;
}

/** How far its probabilities can be believed, on the hold-out. */
export interface TrainedCalibration {
  /** Whether a map from score to probability was fitted. */
  fitted: boolean;
  /** Whether the score ranks backwards or not at all. */
  no_skill: boolean;
  /** Rows the map was fitted on. */
  rows: number;
  /** Brier score of the raw probability; 0 is perfect, 0.25 is what 0.5 on everything gets. */
  brier_before: null | number;
  /** After calibration. */
  brier_after: null | number;
  /** What saying the hold-out's own share of gains to every row would get; formed here. */
  brier_of_base_rate: null | number;
  /** Ten bins before calibration. */
  before: ReliabilityShown[];
  /** Ten bins after it. */
  after: ReliabilityShown[];
}

/** A file of a trained model. */
export interface TrainedFile {
  /** Its name below `models/`. */
  name: string;
  /** Hash of its bytes. */
  sha256: string;
}

/** What an input was worth. */
export interface TrainedInput {
  /** The input. */
  input: string;
  /** Its share of the split gain: what the model used. */
  gain: number;
  /** What shuffling it costs on rows not seen: what it was good for; null where not measured. */
  permutation: null | number;
  /** Deviation of the latter. */
  permutation_deviation: null | number;
}

/** What a trained model comes from. */
export interface TrainedLineage {
  /** The sweep. */
  sweep_id: string;
  /** The combo. */
  combo_id: number;
  /** Its rank in the sweep. */
  rank: number;
  /** Its parameters. */
  combo: Record<string, unknown>;
  /** The pack with its version. */
  pack: string;
  /** Hash of the bars. */
  data_snapshot_id: string;
  /** Whether the simulator made the bars; null where the sweep is gone. */
  synthetic: null | boolean;
  /** Version of the engine. */
  engine_version: string;
  /** Hash of the combo's config. */
  config_hash: string;
  /** Hash of what was learned. */
  artifact_hash: string;
  /** What it refits; null where it is no refit. */
  refit_of: null | string;
  /** Its chance. */
  seed: number;
  /** Its files with the hashes of their bytes. */
  files: TrainedFile[];
}

/** A decision about a trained model. */
export interface TrainedModelDecision {
  /** Why; needed where the review speaks against it. */
  reason?: null | string | undefined;
}

/** What the figures of a trained model say; it decides nothing. */
export interface TrainedModelJudged {
  /** Sharpe ratio a year of its combo's backtest. */
  sharpe_backtest: null | number;
  /** Of the trades it would have let through, out of fold. */
  sharpe_oof: null | number;
  /** The same on the hold-out. */
  sharpe_validation: null | number;
  /** 95 % interval of the latter, low and high. */
  sharpe_interval: null | number[];
  /** Trades on the hold-out. */
  trades_validation: number;
  /** Validation over backtest, a fraction. */
  retention: null | number;
  /** `publish, review` or `discard`. */
  suggestion: string;
  /** Why, in words. */
  sentence: string;
  /** The how-manieth look at this hold-out it was. */
  holdout_look: null | number;
  /** What speaks against it. */
  obstacles: string[];
  /** What publishing it needs a reason for. */
  publish_gate: string[];
}

/** What a trained model says of itself, in the order of its page. Rates, returns and drawdowns are fractions; all figures are the stored ones but where said. */
export interface TrainedModelReport {
  /** The trained model with its review. */
  model: TrainedModelShown;
  /** Whether its combo failed its gates: it can never be published. */
  evidence_only: boolean;
  /** What the gates said of the combo: `PASS, MARGINAL` or `FAIL`. */
  gate: string;
  /** Probability from which an entry is let through. */
  threshold: null | number;
  /** When its training was asked for. */
  created_utc: string;
  /** When it was decided about; null before. */
  decided_utc: null | string;
  /** What retention says, with its interval, in words. */
  verdict: RetentionVerdict;
  /** What it comes from. */
  lineage: TrainedLineage;
  /** How many rows took part. */
  rows: TrainedRows;
  /** Metrics of its probabilities, in-sample beside hold-out and folds. */
  scores: TrainedScore[];
  /** The combo's backtest: as swept, out of fold and on the hold-out. */
  outcomes: TrainedOutcome[];
  /** How far its probabilities can be believed. */
  calibration: TrainedCalibration;
  /** What its inputs were worth, the most used first. */
  inputs: TrainedInput[];
  /** What shuffling was measured by: `log_loss` or `auc`; null where it was not. */
  permutation_loss: null | string;
  /** Out-of-fold rows it was measured on. */
  permutation_rows: null | number;
  /** Points of the tuning grid that were tried, each a trial. */
  tuning_points: number;
  /** What it was fitted with. */
  hyperparameters: Record<string, unknown>;
}

/** A trained model with its review. */
export interface TrainedModelShown {
  /** The trained model. */
  id: string;
  /** The model. */
  model_id: string;
  /** The training it comes from. */
  job_id: string;
  /** The combo. */
  combo_id: number;
  /** Hash of the combo's config. */
  config_hash: string;
  /** Hash of the bars. */
  data_snapshot_id: string;
  /** Hash of what was learned, without ids and times. */
  artifact_hash: string;
  /** `trained, published` or `discarded`. */
  state: string;
  /** What its figures say. */
  review: TrainedModelJudged;
  /** What is to be doubted. */
  flags: string[];
  /** `publish` or `discard`; null before a person decided. */
  user_decision: null | string;
  /** Who decided. */
  decided_by: null | string;
  /** Why. */
  decision_reason: null | string;
  use: null | TrainedModelUse;
  /** Only where one is asked for: metrics, reliability, importance and the rest of its metadata, as stored; rates are fractions. */
  meta?: null | Record<string, unknown> | undefined;
}

/** Who needs a trained model. */
export interface TrainedModelUse {
  /** `asked`, a request for a vote waits; `approved`, and not deployed yet; `deployed`, it or what was fitted from it trades. */
  standing: string;
  /** The request. */
  approval: string;
  /** What trades; null before. */
  deployment: null | string;
}

/** The combo's backtest on a window. */
export interface TrainedOutcome {
  /** `backtest` (as swept), `out_of_fold` or `holdout`. */
  window: string;
  /** Sharpe ratio a year. */
  sharpe: null | number;
  /** Lower end of its 95 % interval. */
  low: null | number;
  /** Upper end. */
  high: null | number;
  /** Trades. */
  trades: null | number;
  /** Total return. */
  return: null | number;
  /** Largest drawdown, 0 or below. */
  drawdown: null | number;
  /** One-sided p of the mean trade return. */
  p: null | number;
}

/** How many rows took part. */
export interface TrainedRows {
  /** Rows of the selection window it was fitted on. */
  training: number;
  /** Sum of their uniqueness weights: labels of neighbouring bars overlap. */
  effective: null | number;
  /** Gains among them. */
  gains: number;
  /** Rows that calibrated. */
  out_of_fold: number;
  /** Rows of the hold-out. */
  holdout: number;
}

/** A metric of its probabilities. */
export interface TrainedScore {
  /** `accuracy, precision, recall, f1_score` or `auc_roc`. */
  metric: string;
  /** On the rows it was fitted on. */
  in_sample: null | number;
  /** On the hold-out. */
  holdout: null | number;
  /** Mean over the walk-forward folds. */
  fold_mean: null | number;
  /** Sample deviation over them. */
  fold_deviation: null | number;
  /** How many have it. */
  folds: number;
}

/** Asks for trainings, one per combo, all or none. */
export interface TrainingAsked {
  /** The model. */
  model_id: string;
  /** The combos, each once. */
  selected_configs: SelectedConfig[];
  /** Their sweep; without it the newest completed one of the model. */
  sweep_id?: null | string | undefined;
  /** How to train: `validation`, `test_size` (fraction 0.05 to 0.5), `calibration`, `tune`, `permutation_importance`, `hyperparameters`. */
  training_params?: null | Record<string, unknown> | undefined;
  /** Whether combos that failed their gates may be trained too: they are marked `gate_failed` and never go live. */
  evidence_only?: null | boolean | undefined;
}

/** Trainings that were asked for. */
export interface TrainingQueued {
  /** One per combo. */
  jobs: TrainingShown[];
  /** What their maker should know, as sentences. */
  warnings: string[];
}

/** A training job. */
export interface TrainingShown {
  /** The job. */
  id: string;
  /** The same. */
  job_id: string;
  /** `queued, training, completed, failed` or `cancelled`. */
  status: string;
  /** The model. */
  model_id: string;
  /** The trained model, once completed. */
  trained_model_id: null | string;
  /** The sweep of the combo. */
  sweep_id: string;
  /** The combo. */
  combo_id: number;
  /** Its rank. */
  rank: number;
  /** Hash of its config. */
  config_hash: string;
  /** Hash of the bars. */
  data_snapshot_id: string;
  /** Whether the combo failed its gates and is trained for evidence alone. */
  evidence_only: boolean;
  /** How it is trained. */
  training_params: Record<string, unknown>;
  /** As asked for, and once completed as used. */
  hyperparameters: Record<string, unknown>;
  /** Its chance. */
  seed: number;
  /** The five steps. */
  progress: TrainingStepShown[];
  problem: null | ProblemStored;
  /** Who asked. */
  created_by: string;
  /** When. */
  created_at: string;
  /** When the newest attempt began. */
  started_at: null | string;
  /** When it ended. */
  finished_at: null | string;
  /** Only of a job's results: what the trained model says of itself, as stored; metrics are fractions. */
  results?: null | Record<string, unknown> | undefined;
}

/** One of the five steps of a training. */
export interface TrainingStepShown {
  /** `data_preparation, feature_engineering, model_training, validation` or `calibration`. */
  step: string;
  /** `pending, in_progress, complete` or `failed`. */
  status: string;
  /** Seconds; elapsed while in progress, null while pending. */
  duration: null | number;
}

/** A row as it is understood, prices as in the file. */
export interface UnderstoodRow {
  /** Its line. */
  row: number;
  /** Start of its bar. */
  at_utc: string;
  /** The same on the exchange's clock, or its session. */
  exchange_time: string;
  /** Open. */
  open: null | number;
  /** High. */
  high: null | number;
  /** Low. */
  low: null | number;
  /** Close. */
  close: null | number;
  /** Volume. */
  volume: null | number;
}

/** A file that was sent to be imported. */
export interface UploadShown {
  /** SHA-256 of its bytes; the import names it by this. */
  id: string;
  /** Its name as places in it are told. */
  name: string;
  /** Its length. */
  bytes: number;
}

/** A user. */
export interface UserAnswer {
  /** Stable id. */
  id: string;
  /** Name on screen. */
  name: string;
  /** viewer, researcher, approver, operator or admin. */
  role: string;
  /** What sweeps they may run. */
  plan: string;
  /** Whether they can sign in, vote and use keys. */
  is_active: boolean;
  /** When they were added; null for a local operator who has never signed in. */
  created_at_utc: null | string;
  /** Since when they are disabled. */
  disabled_at_utc: null | string;
}

/** A decision about a user, with what it takes. */
export interface UserDecision {
  /** Why. */
  reason: null | string;
}

/** A user to be added. */
export interface UserRequest {
  /** a to z, 0 to 9, '.', '_' and '-', beginning with a letter. */
  id: null | string;
  /** Name on screen. */
  name: null | string;
  /** viewer, researcher, approver, operator or admin. */
  role: null | string;
  /** free, premium, pro or unlimited; free where left out. */
  plan: null | string;
  /** Why. */
  reason: null | string;
}

/** A value at a bar. */
export interface ValueKnown {
  /** As expressions name it. */
  name: string;
  /** For people. */
  label: string;
  /** Whether 1 and 0 stand for true and false. */
  is_flag: boolean;
  /** Null where it is not defined. */
  value: null | number;
}

/** A vote of a program. */
export interface VoteCast {
  /** `approve` or `reject`. */
  action: string;
  /** Why. */
  notes: string;
  /** Hash of the evidence that the voter saw. */
  bundle_hash: string;
  /** Id of the strategy; without it the latest request. */
  strategy?: null | string | undefined;
  /** Digest of what the voter saw, where the bundle may have been asked about more than once. */
  digest?: null | string | undefined;
  /** Id of the request, where a strategy may have more than one; without it the strategy's latest. */
  approval?: null | string | undefined;
}

/** A vote as the page's form sends it. */
export interface VoteForm {
  /** `approve` or `reject`. */
  choice: string;
  /** Why; 1 to 2000 characters. */
  reason: string;
  /** Digest of what the person was shown. */
  digest: string;
  /** The token of the session's forms. */
  csrf: string;
}

/** Hands a vote to somebody else. */
export interface VoteHandedOn {
  /** Id of the person. */
  to: string;
  /** Why. */
  reason: string;
  /** Id of the strategy; without it the latest request. */
  strategy?: null | string | undefined;
}

/** A vote that was counted. */
export interface VoteShown {
  /** `approve` or `reject`. */
  choice: string;
  /** Who voted. */
  name: string;
  /** In which role. */
  role: string;
  /** Why. */
  reason: string;
  /** When. */
  at_utc: string;
  /** Whose vote it was, where it had been handed over. */
  for: null | string;
}

/** Something that only a person can move on. */
export interface WaitingItem {
  /** `vote`, `paused`, `set_aside` or `workflow`. */
  kind: string;
  /** What to do. */
  title: string;
  /** What to know first. */
  detail: string;
  /** Id of the request, the run or the workflow. */
  subject: string;
  /** Since when it waits; null where that is not known. */
  since_utc: null | string;
  /** When silence decides; null where it never does. */
  expires_utc: null | string;
}

/** Lets a broken fact of a series pass. */
export interface WaiverAsked {
  /** The rule, e.g. `high_below_body`. */
  rule: string;
  /** Why; it is kept. */
  reason: string;
}

/** A broken fact that passes from now on. */
export interface WaiverShown {
  /** Whose bars. */
  symbol: string;
  /** How long they are. */
  interval: string;
  /** The rule. */
  rule: string;
  /** Why. */
  reason: string;
  /** How many bars it finds now. */
  findings: number;
}

/** A backfill under way. */
export interface WorkflowBackfillUse {
  /** Its token. */
  token: string;
  /** The version that its fires run. */
  version: null | string;
  /** Fires in all. */
  fires: number;
  /** Of these with an outcome. */
  ended: number;
  /** Who asked for it. */
  requested_by: string;
}

/** How one case came out. */
export interface WorkflowCase {
  /** Its sentence. */
  name: string;
  /** Whether it came out as expected. */
  passed: boolean;
  /** State of the run at its end. */
  run: string;
  /** How long it took by the case's clock. */
  took_seconds: number;
  /** What came out otherwise than expected. */
  differences: string[];
  /** Every step with its end state. */
  steps: WorkflowCaseStep[];
}

/** The end state of a step in a case. */
export interface WorkflowCaseStep {
  /** The step. */
  step: string;
  /** How it ended. */
  state: string;
  /** How it should have; null where the case does not say. */
  expected: null | string;
  /** Why, where there is a reason. */
  reason: null | string;
}

/** One cron expression. */
export interface WorkflowCronShown {
  /** As written. */
  cron: string;
  /** `unix` (five fields) or `quartz` (six or seven). */
  form: string;
  /** What happens on days without trading. */
  holiday: string;
}

/** Why a schedule is paused or goes on. */
export interface WorkflowDecision {
  /** Why; it is kept. */
  reason: string;
}

/** Who is at a workflow, and what is the newest of it. */
export interface WorkflowDesk {
  /** The workflow. */
  id: string;
  /** Its newest version, in a file or published; null before there is one. */
  newest: null | string;
  /** Who saved it in the studio; null where it came as a file. */
  saved_by: null | string;
  /** When. */
  saved_at_utc: null | string;
  /** Why, as they wrote it. */
  note: null | string;
  /** Designers that are open, but for the asking tab's own. */
  editors: WorkflowEditor[];
  /** Drafts of others, the latest first. */
  drafts: WorkflowDraftOf[];
}

/** One place at which two versions differ. */
export interface WorkflowDifferenceShown {
  /** The place, e.g. `steps.train.retry.attempts`. */
  path: string;
  /** What the one says; null where it says nothing. */
  a: unknown;
  /** What the other says. */
  b: unknown;
}

/** A draft to keep. */
export interface WorkflowDraft {
  /** What was written so far; it need not be a workflow yet. */
  text: string;
  /** The version that it was made from; null for a workflow that is new. */
  base: null | string;
}

/** That the asker has a draft. */
export interface WorkflowDraftMine {
  /** Of which workflow. */
  id: string;
  /** The version that it was made from; null for a workflow that is new. */
  base: null | string;
  /** When it was kept last. */
  saved_at_utc: string;
}

/** Somebody else's draft. */
export interface WorkflowDraftOf {
  /** Their id. */
  user: string;
  /** Their name. */
  name: string;
  /** The version that it was made from. */
  base: null | string;
  /** When it was kept last. */
  saved_at_utc: string;
}

/** A draft. */
export interface WorkflowDraftShown {
  /** What was written. */
  text: string;
  /** The version that it was made from. */
  base: null | string;
  /** When it was kept last. */
  saved_at_utc: string;
}

/** Drafts of a workflow: one's own, and who else has one. */
export interface WorkflowDraftsShown {
  mine: null | WorkflowDraftShown;
  /** Who else is at it, the latest first. */
  others: WorkflowDraftOf[];
}

/** Says that a designer is open. */
export interface WorkflowEditing {
  /** An id of the tab, 8 to 40 letters, digits and hyphens. */
  tab: string;
  /** The version that is edited; null for a workflow that is new. */
  base: null | string;
}

/** An open designer. */
export interface WorkflowEditor {
  /** Whose. */
  user: string;
  /** Their name. */
  name: string;
  /** Whether it is another tab of the asker. */
  is_me: boolean;
  /** The version that is edited; null for a workflow that is new. */
  base: null | string;
}

/** Content that can be read. */
export interface WorkflowGood {
  /** Its version. */
  version: string;
  /** `published` or `file`. */
  origin: string;
  /** The text. */
  text: string;
}

/** A workflow as a graph, with what a person must say to start it. */
export interface WorkflowGraph {
  /** The workflow. */
  id: string;
  /** Its version. */
  version: string;
  /** What it is for. */
  summary: string;
  /** Hash of its content. */
  workflow_hash: string;
  /** Its steps in the order of the file. */
  steps: GraphStep[];
  /** What it takes. */
  parameters: GraphParameter[];
  /** The file. */
  text: string;
}

/** Where the steps of a workflow stand when it is drawn. It lies beside the files and is no part of their content or hash. */
export interface WorkflowLayoutShown {
  /** Upper left corner by step, as x and y; a step that is not here is placed by the studio. */
  positions: Record<string, number[]>;
}

/** A workflow file as lists show it. */
export interface WorkflowListed {
  /** The workflow. */
  id: string;
  /** Its version. */
  version: string;
  /** One line for people; null where the file is broken. */
  summary: null | string;
  /** Hash of its content; null where the file is broken. */
  workflow_hash: null | string;
  /** Its fire times in words; null where it is started by hand alone. */
  schedule: null | string;
  /** Time zone of its schedule. */
  zone: null | string;
  /** When it fires next, also while it is paused; null where it does not. */
  next_fire_utc: null | string;
  /** Whether it does not start by itself. */
  paused: boolean;
  /** Why. */
  paused_reason: null | string;
  /** What keeps it from running until somebody mends the file. */
  problems: ProblemLine[];
}

/** Two texts to compare. */
export interface WorkflowPair {
  /** The one, as YAML. */
  a: string;
  /** The other. */
  b: string;
}

/** A parameter of a workflow. */
export interface WorkflowParameterShown {
  /** Its name. */
  id: string;
  /** Its type. */
  type: string;
  /** Whether a run must give it. */
  required: boolean;
  /** Value of a run that does not give it; null is "not set". */
  default: unknown;
  /** Least number, or least count of a list. */
  min: null | number;
  /** Greatest number, or greatest count of a list. */
  max: null | number;
  /** What it is for. */
  help: null | string;
}

/** A workflow whose schedule was paused or goes on. */
export interface WorkflowPaused {
  /** The workflow. */
  id: string;
  /** Whether it starts nothing by itself now. */
  paused: boolean;
  /** Why. */
  reason: string;
}

/** A version that is kept for good. */
export interface WorkflowPublished {
  /** The workflow. */
  id: string;
  /** The version. */
  version: string;
  /** Hash of its content. */
  workflow_hash: string;
  /** The published versions, newest first. */
  published: string[];
}

/** A workflow that has run. */
export interface WorkflowRan {
  /** Its id. */
  workflow: string;
  /** How many runs it has. */
  runs: number;
  /** The run that was asked for last. */
  last_run: string;
}

/** Runs of one version that have not ended. */
export interface WorkflowRunsUse {
  /** The version. */
  version: string;
  /** How many. */
  count: number;
  /** How many of them wait for a slot. */
  queued: number;
}

/** A workflow to keep as a new version. */
export interface WorkflowSave {
  /** The YAML; its own id and version name the file. */
  text: string;
  /** The version that it was made from, which must still be the newest; null for a workflow that is new. */
  base: null | string;
  /** Why, kept in the record of decisions. */
  note: null | string;
  /** The workflow it is meant for: a text that says another one is refused (WFL-1016). Without it the text alone says. */
  workflow: null | string;
}

/** A version that was saved. */
export interface WorkflowSaved {
  /** The workflow. */
  id: string;
  /** The version. */
  version: string;
  /** Hash of its content. */
  workflow_hash: string;
  /** Name of its file in `workflows/`. */
  file: string;
  /** What may be meant, but is worth a look. */
  warnings: PlacedProblem[];
}

/** When a workflow starts by itself. */
export interface WorkflowScheduleShown {
  /** In words. */
  summary: string;
  /** IANA name of its clock. */
  zone: string;
  /** Calendar of the days without trading; null without. */
  calendar: null | string;
  /** Why it does not start; null where it does. */
  paused: null | string;
  /** Who paused it; null where the file itself does. */
  paused_by: null | string;
  /** Since when. */
  paused_at_utc: null | string;
  /** Its cron expressions. */
  fires: WorkflowCronShown[];
}

/** A workflow in one version. */
export interface WorkflowShown {
  /** The workflow. */
  id: string;
  /** The version. */
  version: string;
  /** One line for people. */
  summary: string;
  /** Hash of its content, not of comments and layout. */
  workflow_hash: string;
  /** `published` or `file`. */
  origin: string;
  /** The YAML as it was written, with its comments. */
  text: string;
  /** The same as JSON. */
  content: Record<string, unknown>;
  schedule: null | WorkflowScheduleShown;
  /** Why it cannot run in this release; null where it can. */
  awaits: null | string;
  changed: null | ProblemLine;
  /** What may be meant, but is worth a look. */
  warnings: ProblemLine[];
  /** What a run can be given. */
  parameters: WorkflowParameterShown[];
  /** Its steps in the order of the file. */
  steps: WorkflowStepShown[];
}

/** What a workflow is mended from: its newest file as it is, and the last content that could be read. */
export interface WorkflowSource {
  /** The workflow. */
  id: string;
  /** The newest version, by the name of its file; of what was published where there is no file. */
  version: string;
  /** Name of the file in `workflows/`; null where there is none. */
  file: null | string;
  /** The text as it stands there; null where it cannot be read at all. */
  text: null | string;
  /** `sound`; `broken`, it is no workflow; `changed`, it says otherwise than what was published under its version; `unreadable`. Anything but sound fires nothing. */
  state: string;
  /** What keeps it from firing, at its place. */
  problems: PlacedProblem[];
  good: null | WorkflowGood;
}

/** A step of a workflow. */
export interface WorkflowStepShown {
  /** Its name. */
  id: string;
  /** Its step kind. */
  uses: string;
  /** Steps that it needs, those that its expressions refer to included. */
  needs: string[];
  /** It is skipped where this expression does not hold; null without. */
  when: null | string;
  /** Name of its item, where it runs once per item; null without. */
  for_each: null | string;
  /** Items worked on at once. */
  max_parallel: null | number;
  /** Attempts in all. */
  attempts: number;
  /** Longest time of one attempt; null without. */
  timeout_seconds: null | number;
}

/** How the cases of a text came out. */
export interface WorkflowTested {
  /** Whether all came out as expected. */
  passed: boolean;
  /** Each case. */
  cases: WorkflowCase[];
}

/** A workflow as text. */
export interface WorkflowText {
  /** The YAML, at most a megabyte. */
  text: string;
}

/** Starts a run. */
export interface WorkflowTrigger {
  /** Parameters by name; those that are left out take their default. */
  parameters?: null | Record<string, unknown> | undefined;
  /** Last step to run, with what it needs; without it all run. */
  until?: null | string | undefined;
}

/** A step of another workflow that runs this one or waits for it. */
export interface WorkflowUser {
  /** The other workflow. */
  workflow: string;
  /** Its newest version. */
  version: string;
  /** The step. */
  step: string;
  /** `newest`, it runs whatever version is the newest by then; `version`, it runs one that it names; `waits`, it waits for a run of any version. */
  how: string;
  /** The version that it names. */
  named: null | string;
  /** When the other workflow starts by itself; null where it does not. */
  schedule: null | string;
  /** Why it starts nothing. */
  paused: null | string;
}

/** What a new version of a workflow touches, and what stays on the version it began with. */
export interface WorkflowUses {
  /** The workflow. */
  id: string;
  /** Why its own schedule starts nothing; null where it does, or where it has none. */
  paused: null | string;
  /** Other workflows whose newest version runs it as a step or waits for it. */
  used_by: WorkflowUser[];
  /** Backfills under way: their fires stay on the version that was previewed. */
  backfills: WorkflowBackfillUse[];
  /** Runs that have not ended, by version: they stay on it. */
  runs: WorkflowRunsUse[];
}

/** What is wrong with a text, if anything. */
export interface WorkflowValidated {
  /** Whether it is a workflow. */
  valid: boolean;
  /** The workflow; null where it is not valid. */
  id: null | string;
  /** Its version. */
  version: null | string;
  /** Hash of its content. */
  workflow_hash: null | string;
  /** The same as JSON. */
  content: null | Record<string, unknown>;
  /** All that is wrong, with line and column in `where`. */
  problems: PlacedProblem[];
  /** What may be meant, but is worth a look. */
  warnings: PlacedProblem[];
}

/** A version of a workflow. */
export interface WorkflowVersionListed {
  /** The version. */
  version: string;
  /** Hash of its content; null for a file that is broken. */
  workflow_hash: null | string;
  /** Whether it is kept for good. */
  published: boolean;
  /** Whether there is a file of it. */
  in_folder: boolean;
  /** What keeps the file from running. */
  problems: ProblemLine[];
}

/** In what two versions differ, by what they say and not by how it is written. */
export interface WorkflowsCompared {
  /** The one. */
  a: string;
  /** The other. */
  b: string;
  /** Whether they say the same. */
  same: boolean;
  /** Where they differ. */
  differences: WorkflowDifferenceShown[];
}

/** Brings series up to the last completed session; one without a feed stays as it is and says how many sessions it lacks */
export function alignSeries(given: { body: AlignAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<SeriesAligned[]> {
  return send<SeriesAligned[]>("POST", `/data/align`, { body: given.body, key: given.key, signal: given.signal });
}

/** Ends a run; what it made stays */
export function cancelRun(given: { run: string; body: RunDecision; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<RunDecided> {
  return send<RunDecided>("POST", `/runs/${encodeURIComponent(given.run)}/cancel`, { body: given.body, key: given.key, signal: given.signal });
}

/** Ends a sweep; what it had evaluated stays */
export function cancelSweep(given: { id: string; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<SweepShown> {
  return send<SweepShown>("DELETE", `/sweeps/${encodeURIComponent(given.id)}`, { key: given.key, signal: given.signal });
}

/** Gives a training up */
export function cancelTraining(given: { job: string; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<TrainingShown> {
  return send<TrainingShown>("DELETE", `/training/${encodeURIComponent(given.job)}`, { key: given.key, signal: given.signal });
}

/** Changes a model as a further version of its config; where sweeps rest on it only name and description */
export function changeModel(given: { id: string; body: ModelAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ModelChanged> {
  return send<ModelChanged>("PUT", `/models/${encodeURIComponent(given.id)}`, { body: given.body, key: given.key, signal: given.signal });
}

/** Gives a user another plan */
export function changePlan(given: { id: string; body: PlanRequest; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<UserAnswer> {
  return send<UserAnswer>("POST", `/users/${encodeURIComponent(given.id)}/plan`, { body: given.body, key: given.key, signal: given.signal });
}

/** Gives a user another role, from their next request and vote on */
export function changeRole(given: { id: string; body: RoleRequest; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<UserAnswer> {
  return send<UserAnswer>("POST", `/users/${encodeURIComponent(given.id)}/role`, { body: given.body, key: given.key, signal: given.signal });
}

/** Runs exactly the fires of a preview, oldest first */
export function commitBackfill(given: { id: string; body: BackfillCommit; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<BackfillView> {
  return send<BackfillView>("POST", `/workflows/${encodeURIComponent(given.id)}/backfill`, { body: given.body, key: given.key, signal: given.signal });
}

/** In what two runs differ */
export function compareRuns(given: { run: string; other: string; signal?: AbortSignal | undefined }): Promise<RunsCompared> {
  return send<RunsCompared>("GET", `/runs/${encodeURIComponent(given.run)}/diff/${encodeURIComponent(given.other)}`, { signal: given.signal });
}

/** In what two texts differ, by what they say and not by how it is written */
export function compareWorkflowTexts(given: { body: WorkflowPair; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<WorkflowsCompared> {
  return send<WorkflowsCompared>("POST", `/workflows/compare`, { body: given.body, key: given.key, signal: given.signal });
}

/** In what two versions differ: id@version each */
export function compareWorkflows(given: { id: string; other: string; signal?: AbortSignal | undefined }): Promise<WorkflowsCompared> {
  return send<WorkflowsCompared>("GET", `/workflows/${encodeURIComponent(given.id)}/diff/${encodeURIComponent(given.other)}`, { signal: given.signal });
}

/** Makes a backup in the folder that the server was started with, one at a time */
export function createBackup(given: { body: BackupAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<BackupListed> {
  return send<BackupListed>("POST", `/backups`, { body: given.body, key: given.key, signal: given.signal });
}

/** Makes a key of one's own, or for who administers of somebody else; the answer is never kept under a key */
export function createKey(given: { body: KeyRequest; signal?: AbortSignal | undefined }): Promise<KeyMadeAnswer> {
  return send<KeyMadeAnswer>("POST", `/keys`, { body: given.body, key: null, signal: given.signal });
}

/** Makes a one-time link that signs a user in; the answer is never kept under a key */
export function createLink(given: { id: string; body: UserDecision; signal?: AbortSignal | undefined }): Promise<LinkAnswer> {
  return send<LinkAnswer>("POST", `/users/${encodeURIComponent(given.id)}/link`, { body: given.body, key: null, signal: given.signal });
}

/** Makes a model of a pack */
export function createModel(given: { body: ModelAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ModelMade> {
  return send<ModelMade>("POST", `/models`, { body: given.body, key: given.key, signal: given.signal });
}

/** Asks for a sweep; the same request gets the earlier sweep */
export function createSweep(given: { body: SweepAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<SweepQueued> {
  return send<SweepQueued>("POST", `/sweeps`, { body: given.body, key: given.key, signal: given.signal });
}

/** Asks for trainings, one per combo, all or none */
export function createTrainings(given: { body: TrainingAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<TrainingQueued> {
  return send<TrainingQueued>("POST", `/training`, { body: given.body, key: given.key, signal: given.signal });
}

/** Adds a user; the same one again changes nothing */
export function createUser(given: { body: UserRequest; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<UserAnswer> {
  return send<UserAnswer>("POST", `/users`, { body: given.body, key: given.key, signal: given.signal });
}

/** Hands a vote to somebody else */
export function delegateVote(given: { body: VoteHandedOn; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ApprovalShown> {
  return send<ApprovalShown>("POST", `/production/delegate`, { body: given.body, key: given.key, signal: given.signal });
}

/** Whether what was approved may be deployed; the vote itself has started it */
export function deploy(given: { body: DeployAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<DeployProgress> {
  return send<DeployProgress>("POST", `/production/deploy`, { body: given.body, key: given.key, signal: given.signal });
}

/** What differs between two packs, value by value */
export function diffPacks(given: { id: string; other: string; signal?: AbortSignal | undefined }): Promise<PackCompared> {
  return send<PackCompared>("GET", `/packs/${encodeURIComponent(given.id)}/diff/${encodeURIComponent(given.other)}`, { signal: given.signal });
}

/** Shuts a user out at once: sessions end, links and keys are void for good, no vote */
export function disableUser(given: { id: string; body: UserDecision; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<UserAnswer> {
  return send<UserAnswer>("POST", `/users/${encodeURIComponent(given.id)}/disable`, { body: given.body, key: given.key, signal: given.signal });
}

/** Deletes a trained model's files; record and history stay */
export function discardTrainedModel(given: { id: string; body: TrainedModelDecision; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<TrainedModelShown> {
  return send<TrainedModelShown>("POST", `/trained-models/${encodeURIComponent(given.id)}/discard`, { body: given.body, key: given.key, signal: given.signal });
}

/** Has a node leave its work to the others and take no more; it stays until it is stopped */
export function drainNode(given: { id: string; body: NodeDecision; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<NodesDrained> {
  return send<NodesDrained>("POST", `/nodes/${encodeURIComponent(given.id)}/drain`, { body: given.body, key: given.key, signal: given.signal });
}

/** Lets one's own draft go */
export function dropWorkflowDraft(given: { id: string; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<WorkflowDraftsShown> {
  return send<WorkflowDraftsShown>("DELETE", `/workflows/${encodeURIComponent(given.id)}/draft`, { key: given.key, signal: given.signal });
}

/** Lets a user in again, by a new link and new keys */
export function enableUser(given: { id: string; body: UserDecision; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<UserAnswer> {
  return send<UserAnswer>("POST", `/users/${encodeURIComponent(given.id)}/enable`, { body: given.body, key: given.key, signal: given.signal });
}

/** Ends one's own sessions, or those of others for who administers */
export function endSessions(given: { id: string; body: SignOutRequest; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<SignedOutAnswer> {
  return send<SignedOutAnswer>("POST", `/users/${encodeURIComponent(given.id)}/sign-out`, { body: given.body, key: given.key, signal: given.signal });
}

/** The latest request for a vote with what it rests on */
export function getApproval(given: { strategy?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<ApprovalShown> {
  return send<ApprovalShown>("GET", `/production/status`, { query: { strategy: given.strategy }, signal: given.signal });
}

/** A request for a vote with all that a vote is bound to */
export function getApprovalRequest(given: { id: string; signal?: AbortSignal | undefined }): Promise<ApprovalRequest> {
  return send<ApprovalRequest>("GET", `/approvals/${encodeURIComponent(given.id)}`, { signal: given.signal });
}

/** A backfill with each of its fires and what became of it */
export function getBackfill(given: { id: string; token: string; signal?: AbortSignal | undefined }): Promise<BackfillShown> {
  return send<BackfillShown>("GET", `/workflows/${encodeURIComponent(given.id)}/backfills/${encodeURIComponent(given.token)}`, { signal: given.signal });
}

/** Bars as columns, oldest first: start, open, high, low, close, volume and the adjustment factor where there is one */
export function getBars(given: { symbol: string; interval: string; from?: string | undefined; to?: string | undefined; columns?: string | undefined; last?: number | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/data/series/${encodeURIComponent(given.symbol)}/${encodeURIComponent(given.interval)}/bars`, { query: { from: given.from, to: given.to, columns: given.columns, last: given.last }, signal: given.signal });
}

/** The result of one combo */
export function getCombo(given: { id: string; combo: string; signal?: AbortSignal | undefined }): Promise<ComboShown> {
  return send<ComboShown>("GET", `/sweeps/${encodeURIComponent(given.id)}/combos/${encodeURIComponent(given.combo)}`, { signal: given.signal });
}

/** The account of a combo by trading day as columns */
export function getComboEquity(given: { id: string; combo: string; columns?: string | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/sweeps/${encodeURIComponent(given.id)}/combos/${encodeURIComponent(given.combo)}/equity`, { query: { columns: given.columns }, signal: given.signal });
}

/** The trades of a combo as columns, by entry */
export function getComboTrades(given: { id: string; combo: string; columns?: string | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/sweeps/${encodeURIComponent(given.id)}/combos/${encodeURIComponent(given.combo)}/trades`, { query: { columns: given.columns }, signal: given.signal });
}

/** Bars of each day as columns, beside how many its session has and how many of these are missing */
export function getCoverage(given: { symbol: string; interval: string; columns?: string | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/data/series/${encodeURIComponent(given.symbol)}/${encodeURIComponent(given.interval)}/coverage`, { query: { columns: given.columns }, signal: given.signal });
}

/** What the quality rules find in a series now */
export function getDefects(given: { symbol: string; interval: string; signal?: AbortSignal | undefined }): Promise<SeriesDefects> {
  return send<SeriesDefects>("GET", `/data/series/${encodeURIComponent(given.symbol)}/${encodeURIComponent(given.interval)}/defects`, { signal: given.signal });
}

/** How far the latest deployment is */
export function getDeployStatus(given: { signal?: AbortSignal | undefined } = {}): Promise<DeployProgress> {
  return send<DeployProgress>("GET", `/production/deploy/status`, { signal: given.signal });
}

/** The account on the hold-out, beside buy-and-hold, as columns: the evidence's own file */
export function getEvidenceEquity(given: { id: string; columns?: string | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/approvals/${encodeURIComponent(given.id)}/equity`, { query: { columns: given.columns }, signal: given.signal });
}

/** A file of the evidence that is JSON: figures, gates or trades, as stored */
export function getEvidenceFile(given: { id: string; file: string; signal?: AbortSignal | undefined }): Promise<unknown> {
  return send<unknown>("GET", `/approvals/${encodeURIComponent(given.id)}/evidence/${encodeURIComponent(given.file)}`, { signal: given.signal });
}

/** All fires of a stretch, past and coming, with what became of each and the days without trading */
export function getFireCalendar(given: { from?: string | undefined; to?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<FireCalendar> {
  return send<FireCalendar>("GET", `/schedules/calendar`, { query: { from: given.from, to: given.to }, signal: given.signal });
}

/** The newest forecast of a trained model, bar by bar, as columns */
export function getForecast(given: { id: string; columns?: string | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/forecasts/${encodeURIComponent(given.id)}`, { query: { columns: given.columns }, signal: given.signal });
}

/** Whether the server answers */
export function getHealth(given: { signal?: AbortSignal | undefined } = {}): Promise<Health> {
  return send<Health>("GET", `/health`, { signal: given.signal });
}

/** The leaderboard as columns, best first: parameters, gate and every figure of every combo */
export function getLeaderboard(given: { id: string; columns?: string | undefined; limit?: number | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/sweeps/${encodeURIComponent(given.id)}/leaderboard`, { query: { columns: given.columns, limit: given.limit }, signal: given.signal });
}

/** Who asks, and what they may do by this sign-in or key */
export function getMe(given: { signal?: AbortSignal | undefined } = {}): Promise<MeAnswer> {
  return send<MeAnswer>("GET", `/me`, { signal: given.signal });
}

/** A model with its config */
export function getModel(given: { id: string; signal?: AbortSignal | undefined }): Promise<ModelShown> {
  return send<ModelShown>("GET", `/models/${encodeURIComponent(given.id)}`, { signal: given.signal });
}

/** A model as its page shows it: settings with their source, what differs from the pack, configs */
export function getModelDocument(given: { id: string; signal?: AbortSignal | undefined }): Promise<ModelDocument> {
  return send<ModelDocument>("GET", `/models/${encodeURIComponent(given.id)}/document`, { signal: given.signal });
}

/** The OpenAPI document of this interface */
export function getOpenApi(given: { signal?: AbortSignal | undefined } = {}): Promise<Record<string, unknown>> {
  return send<Record<string, unknown>>("GET", `/openapi.json`, { signal: given.signal });
}

/** What waits for a person, runs, failed and fires next, and where each strategy stands */
export function getOverview(given: { signal?: AbortSignal | undefined } = {}): Promise<Overview> {
  return send<Overview>("GET", `/overview`, { signal: given.signal });
}

/** A pack by id, or in one version by id@version, with its content */
export function getPack(given: { id: string; signal?: AbortSignal | undefined }): Promise<PackShown> {
  return send<PackShown>("GET", `/packs/${encodeURIComponent(given.id)}`, { signal: given.signal });
}

/** A pack as a document: rules as sentences, gates with units, parameters with bounds */
export function getPackDocument(given: { id: string; signal?: AbortSignal | undefined }): Promise<PackDocument> {
  return send<PackDocument>("GET", `/packs/${encodeURIComponent(given.id)}/document`, { signal: given.signal });
}

/** The texts of a pack's files */
export function getPackFiles(given: { id: string; signal?: AbortSignal | undefined }): Promise<PackTexts> {
  return send<PackTexts>("GET", `/packs/${encodeURIComponent(given.id)}/files`, { signal: given.signal });
}

/** The JSON Schema of a file of a pack */
export function getPackSchema(given: { file: string; signal?: AbortSignal | undefined }): Promise<Record<string, unknown>> {
  return send<Record<string, unknown>>("GET", `/pack-schema/${encodeURIComponent(given.file)}`, { signal: given.signal });
}

/** All that a person reads before a vote, out of the stored evidence */
export function getReview(given: { id: string; signal?: AbortSignal | undefined }): Promise<ReviewShown> {
  return send<ReviewShown>("GET", `/approvals/${encodeURIComponent(given.id)}/review`, { signal: given.signal });
}

/** The bars of a window as columns, of the snapshot that the evidence was made from and at the prices it was made with */
export function getReviewBars(given: { id: string; window?: "holdout" | "selection" | undefined; columns?: string | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/approvals/${encodeURIComponent(given.id)}/review/bars`, { query: { window: given.window, columns: given.columns }, signal: given.signal });
}

/** What was known when each trade of a window was decided and when it ended, as columns: the evidence's own file */
export function getReviewDecisions(given: { id: string; window?: "holdout" | "selection" | undefined; columns?: string | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/approvals/${encodeURIComponent(given.id)}/review/decisions`, { query: { window: given.window, columns: given.columns }, signal: given.signal });
}

/** The account on a window beside buy and hold, as columns of returns since its start */
export function getReviewEquity(given: { id: string; window?: "holdout" | "selection" | undefined; columns?: string | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/approvals/${encodeURIComponent(given.id)}/review/equity`, { query: { window: given.window, columns: given.columns }, signal: given.signal });
}

/** Model, pack and workflow of a request as texts, beside those of the version that was approved last */
export function getReviewTexts(given: { id: string; signal?: AbortSignal | undefined }): Promise<ReviewTexts> {
  return send<ReviewTexts>("GET", `/approvals/${encodeURIComponent(given.id)}/review/texts`, { signal: given.signal });
}

/** What was known when one trade was decided and when it ended: bars, rules with their values, features, score, levels */
export function getReviewTrade(given: { id: string; trade: string; window?: "holdout" | "selection" | undefined; signal?: AbortSignal | undefined }): Promise<TradeKnown> {
  return send<TradeKnown>("GET", `/approvals/${encodeURIComponent(given.id)}/review/trades/${encodeURIComponent(given.trade)}`, { query: { window: given.window }, signal: given.signal });
}

/** The trades of a window, as columns: the evidence's own file */
export function getReviewTrades(given: { id: string; window?: "holdout" | "selection" | undefined; columns?: string | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/approvals/${encodeURIComponent(given.id)}/review/trades`, { query: { window: given.window, columns: given.columns }, signal: given.signal });
}

/** A run with its steps, attempts and results */
export function getRun(given: { run: string; signal?: AbortSignal | undefined }): Promise<RunShown> {
  return send<RunShown>("GET", `/runs/${encodeURIComponent(given.run)}`, { signal: given.signal });
}

/** The workflow that a run is pinned to, as a graph */
export function getRunGraph(given: { run: string; signal?: AbortSignal | undefined }): Promise<WorkflowGraph> {
  return send<WorkflowGraph>("GET", `/runs/${encodeURIComponent(given.run)}/graph`, { signal: given.signal });
}

/** Runs of one workflow over time with the state of each step */
export function getRunGrid(given: { workflow?: string | undefined; status?: string | undefined; by?: string | undefined; ticker?: string | undefined; from?: string | undefined; to?: string | undefined; before?: string | undefined; limit?: number | undefined; signal?: AbortSignal | undefined } = {}): Promise<RunGrid> {
  return send<RunGrid>("GET", `/runs/grid`, { query: { workflow: given.workflow, status: given.status, by: given.by, ticker: given.ticker, from: given.from, to: given.to, before: given.before, limit: given.limit }, signal: given.signal });
}

/** A snapshot: what it is of and its files, each held against its bytes */
export function getSnapshot(given: { id: string; signal?: AbortSignal | undefined }): Promise<SnapshotShown> {
  return send<SnapshotShown>("GET", `/data/snapshots/${encodeURIComponent(given.id)}`, { signal: given.signal });
}

/** What names a snapshot: sweeps, trainings, trained models and runs */
export function getSnapshotUses(given: { id: string; signal?: AbortSignal | undefined }): Promise<SnapshotUsed> {
  return send<SnapshotUsed>("GET", `/data/snapshots/${encodeURIComponent(given.id)}/uses`, { signal: given.signal });
}

/** The accounts of some combos, drawn small: a row a combo, a column a point */
export function getSparklines(given: { id: string; combos?: string | undefined; columns?: string | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/sweeps/${encodeURIComponent(given.id)}/sparklines`, { query: { combos: given.combos, columns: given.columns }, signal: given.signal });
}

/** How much room the store takes, measured at most once a minute */
export function getStore(given: { signal?: AbortSignal | undefined } = {}): Promise<StoreShown> {
  return send<StoreShown>("GET", `/system/store`, { signal: given.signal });
}

/** A sweep with its progress */
export function getSweep(given: { id: string; signal?: AbortSignal | undefined }): Promise<SweepShown> {
  return send<SweepShown>("GET", `/sweeps/${encodeURIComponent(given.id)}`, { signal: given.signal });
}

/** The bars that a sweep chose on, as columns */
export function getSweepBars(given: { id: string; columns?: string | undefined; signal?: AbortSignal | undefined }): Promise<ColumnTable> {
  return send<ColumnTable>("GET", `/sweeps/${encodeURIComponent(given.id)}/bars`, { query: { columns: given.columns }, signal: given.signal });
}

/** What a sweep of a model may vary */
export function getSweepParameters(given: { id: string; signal?: AbortSignal | undefined }): Promise<SweepForm> {
  return send<SweepForm>("GET", `/models/${encodeURIComponent(given.id)}/sweep-parameters`, { signal: given.signal });
}

/** The leaderboard of a sweep, row by row, a page at a time */
export function getSweepResults(given: { id: string; limit?: number | undefined; cursor?: string | undefined; signal?: AbortSignal | undefined }): Promise<SweepResults> {
  return send<SweepResults>("GET", `/sweeps/${encodeURIComponent(given.id)}/results`, { query: { limit: given.limit, cursor: given.cursor }, signal: given.signal });
}

/** The program, its store, and what is under way */
export function getSystem(given: { signal?: AbortSignal | undefined } = {}): Promise<SystemShown> {
  return send<SystemShown>("GET", `/system`, { signal: given.signal });
}

/** A trained model with its metrics, reliability and importance */
export function getTrainedModel(given: { id: string; signal?: AbortSignal | undefined }): Promise<TrainedModelShown> {
  return send<TrainedModelShown>("GET", `/trained-models/${encodeURIComponent(given.id)}`, { signal: given.signal });
}

/** What a trained model says of itself in the order of its page: retention with its interval, scores, reliability, inputs, lineage */
export function getTrainedModelReport(given: { id: string; signal?: AbortSignal | undefined }): Promise<TrainedModelReport> {
  return send<TrainedModelReport>("GET", `/trained-models/${encodeURIComponent(given.id)}/report`, { signal: given.signal });
}

/** A training job with its steps */
export function getTraining(given: { job: string; signal?: AbortSignal | undefined }): Promise<TrainingShown> {
  return send<TrainingShown>("GET", `/training/${encodeURIComponent(given.job)}`, { signal: given.signal });
}

/** A completed training job with what its trained model says of itself */
export function getTrainingResults(given: { job: string; signal?: AbortSignal | undefined }): Promise<TrainingShown> {
  return send<TrainingShown>("GET", `/training/${encodeURIComponent(given.job)}/results`, { signal: given.signal });
}

/** A user */
export function getUser(given: { id: string; signal?: AbortSignal | undefined }): Promise<UserAnswer> {
  return send<UserAnswer>("GET", `/users/${encodeURIComponent(given.id)}`, { signal: given.signal });
}

/** A workflow by id, or in one version by id@version, with its text and steps */
export function getWorkflow(given: { id: string; signal?: AbortSignal | undefined }): Promise<WorkflowShown> {
  return send<WorkflowShown>("GET", `/workflows/${encodeURIComponent(given.id)}`, { signal: given.signal });
}

/** Who has the designer of a workflow open or a draft of it, and its newest version */
export function getWorkflowDesk(given: { id: string; signal?: AbortSignal | undefined }): Promise<WorkflowDesk> {
  return send<WorkflowDesk>("GET", `/workflows/${encodeURIComponent(given.id)}/desk`, { signal: given.signal });
}

/** One's own draft of a workflow, and who else has one */
export function getWorkflowDraft(given: { id: string; signal?: AbortSignal | undefined }): Promise<WorkflowDraftsShown> {
  return send<WorkflowDraftsShown>("GET", `/workflows/${encodeURIComponent(given.id)}/draft`, { signal: given.signal });
}

/** A workflow as a graph */
export function getWorkflowGraph(given: { id: string; signal?: AbortSignal | undefined }): Promise<WorkflowGraph> {
  return send<WorkflowGraph>("GET", `/workflows/${encodeURIComponent(given.id)}/graph`, { signal: given.signal });
}

/** Where the steps of a workflow stand when it is drawn */
export function getWorkflowLayout(given: { id: string; signal?: AbortSignal | undefined }): Promise<WorkflowLayoutShown> {
  return send<WorkflowLayoutShown>("GET", `/workflows/${encodeURIComponent(given.id)}/layout`, { signal: given.signal });
}

/** The JSON Schema (draft 7) of workflow files */
export function getWorkflowSchema(given: { signal?: AbortSignal | undefined } = {}): Promise<Record<string, unknown>> {
  return send<Record<string, unknown>>("GET", `/workflow-schema`, { signal: given.signal });
}

/** The newest file of a workflow as it is, also where it is broken, and the last content that could be read */
export function getWorkflowSource(given: { id: string; signal?: AbortSignal | undefined }): Promise<WorkflowSource> {
  return send<WorkflowSource>("GET", `/workflows/${encodeURIComponent(given.id)}/source`, { signal: given.signal });
}

/** What a new version of a workflow touches: who runs it or waits for it, and which backfills and runs stay on their version */
export function getWorkflowUses(given: { id: string; signal?: AbortSignal | undefined }): Promise<WorkflowUses> {
  return send<WorkflowUses>("GET", `/workflows/${encodeURIComponent(given.id)}/uses`, { signal: given.signal });
}

/** Takes the bars of an upload in: all of its symbols, or nothing */
export function importBars(given: { body: ImportAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ImportShown> {
  return send<ImportShown>("POST", `/data/imports`, { body: given.body, key: given.key, signal: given.signal });
}

/** Says that a designer is open, and who else is there */
export function keepWorkflowDesk(given: { id: string; body: WorkflowEditing; signal?: AbortSignal | undefined }): Promise<WorkflowDesk> {
  return send<WorkflowDesk>("PUT", `/workflows/${encodeURIComponent(given.id)}/desk`, { body: given.body, key: null, signal: given.signal });
}

/** Keeps one's own draft in place of the earlier one */
export function keepWorkflowDraft(given: { id: string; body: WorkflowDraft; signal?: AbortSignal | undefined }): Promise<WorkflowDraftsShown> {
  return send<WorkflowDraftsShown>("PUT", `/workflows/${encodeURIComponent(given.id)}/draft`, { body: given.body, key: null, signal: given.signal });
}

/** Says that a designer was closed */
export function leaveWorkflowDesk(given: { id: string; tab: string; signal?: AbortSignal | undefined }): Promise<WorkflowDesk> {
  return send<WorkflowDesk>("DELETE", `/workflows/${encodeURIComponent(given.id)}/desk/${encodeURIComponent(given.tab)}`, { key: null, signal: given.signal });
}

/** What is wrong with a pack, without the sanity backtest */
export function lintPack(given: { id: string; signal?: AbortSignal | undefined }): Promise<PackLinted> {
  return send<PackLinted>("GET", `/packs/${encodeURIComponent(given.id)}/lint`, { signal: given.signal });
}

/** Requests for votes, newest first */
export function listApprovals(given: { limit?: number | undefined; cursor?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<ApprovalRequest[]> {
  return send<ApprovalRequest[]>("GET", `/approvals`, { query: { limit: given.limit, cursor: given.cursor }, signal: given.signal });
}

/** The hash-linked record of who decided what, oldest first, a page at a time */
export function listAudit(given: { subject?: string | undefined; order?: "oldest" | "newest" | undefined; actor?: string | undefined; action?: string | undefined; about?: string | undefined; limit?: number | undefined; cursor?: string | undefined; before?: number | undefined; signal?: AbortSignal | undefined } = {}): Promise<AuditListed[]> {
  return send<AuditListed[]>("GET", `/audit`, { query: { subject: given.subject, order: given.order, actor: given.actor, action: given.action, about: given.about, limit: given.limit, cursor: given.cursor, before: given.before }, signal: given.signal });
}

/** The backfills of a workflow */
export function listBackfills(given: { id: string; signal?: AbortSignal | undefined }): Promise<BackfillView[]> {
  return send<BackfillView[]>("GET", `/workflows/${encodeURIComponent(given.id)}/backfills`, { signal: given.signal });
}

/** The backups that were made at a server, newest first */
export function listBackups(given: { signal?: AbortSignal | undefined } = {}): Promise<BackupsShown> {
  return send<BackupsShown>("GET", `/backups`, { signal: given.signal });
}

/** The fires of all workflows between two instants, oldest first */
export function listComingFires(given: { from?: string | undefined; to?: string | undefined; limit?: number | undefined; signal?: AbortSignal | undefined } = {}): Promise<FireListed[]> {
  return send<FireListed[]>("GET", `/schedules/fires`, { query: { from: given.from, to: given.to, limit: given.limit }, signal: given.signal });
}

/** Bars of each month of every series, beside how many its sessions have */
export function listCoverage(given: { signal?: AbortSignal | undefined } = {}): Promise<SeriesCoverage[]> {
  return send<SeriesCoverage[]>("GET", `/data/coverage`, { signal: given.signal });
}

/** Deployments with their latest guardrail readings */
export function listDeployments(given: { signal?: AbortSignal | undefined } = {}): Promise<DeploymentWatched[]> {
  return send<DeploymentWatched[]>("GET", `/production/monitor`, { signal: given.signal });
}

/** Past fires of a workflow with what became of each, newest first */
export function listFires(given: { id: string; limit?: number | undefined; signal?: AbortSignal | undefined }): Promise<DecidedFire[]> {
  return send<DecidedFire[]>("GET", `/workflows/${encodeURIComponent(given.id)}/fires`, { query: { limit: given.limit }, signal: given.signal });
}

/** The newest forecast of each trained model, the best ranking first */
export function listForecasts(given: { model?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<ForecastListed[]> {
  return send<ForecastListed[]>("GET", `/forecasts`, { query: { model: given.model }, signal: given.signal });
}

/** One's own keys; for who administers all, or those of one user */
export function listKeys(given: { user?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<KeyAnswer[]> {
  return send<KeyAnswer[]>("GET", `/keys`, { query: { user: given.user }, signal: given.signal });
}

/** Messages on their way or given up, newest first */
export function listMessages(given: { all?: "true" | "false" | undefined; limit?: number | undefined; signal?: AbortSignal | undefined } = {}): Promise<MessageListed[]> {
  return send<MessageListed[]>("GET", `/outbox`, { query: { all: given.all, limit: given.limit }, signal: given.signal });
}

/** Lists models with how far each has come, newest last */
export function listModels(given: { retired?: "with" | "without" | undefined; limit?: number | undefined; cursor?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<ModelListed[]> {
  return send<ModelListed[]>("GET", `/models`, { query: { retired: given.retired, limit: given.limit, cursor: given.cursor }, signal: given.signal });
}

/** One's own drafts of workflows, the latest first, also of those that were never saved */
export function listMyDrafts(given: { signal?: AbortSignal | undefined } = {}): Promise<WorkflowDraftMine[]> {
  return send<WorkflowDraftMine[]>("GET", `/me/drafts`, { signal: given.signal });
}

/** When a workflow fires next */
export function listNextFires(given: { id: string; from?: string | undefined; to?: string | undefined; limit?: number | undefined; signal?: AbortSignal | undefined }): Promise<string[]> {
  return send<string[]>("GET", `/workflows/${encodeURIComponent(given.id)}/next`, { query: { from: given.from, to: given.to, limit: given.limit }, signal: given.signal });
}

/** The processes that work on a shared store; none on a local one */
export function listNodes(given: { signal?: AbortSignal | undefined } = {}): Promise<NodeListed[]> {
  return send<NodeListed[]>("GET", `/nodes`, { signal: given.signal });
}

/** The versions of a pack, oldest first */
export function listPackVersions(given: { id: string; signal?: AbortSignal | undefined }): Promise<string[]> {
  return send<string[]>("GET", `/packs/${encodeURIComponent(given.id)}/versions`, { signal: given.signal });
}

/** Lists packs and versions */
export function listPacks(given: { signal?: AbortSignal | undefined } = {}): Promise<PackListed[]> {
  return send<PackListed[]>("GET", `/packs`, { signal: given.signal });
}

/** What was approved and what became of it: vote, deployment, guardrails with their distance, open positions */
export function listProductionStandings(given: { signal?: AbortSignal | undefined } = {}): Promise<ProductionStanding[]> {
  return send<ProductionStanding[]>("GET", `/production/standings`, { signal: given.signal });
}

/** Lists the workflows that have run, the one that ran last first */
export function listRanWorkflows(given: { signal?: AbortSignal | undefined } = {}): Promise<WorkflowRan[]> {
  return send<WorkflowRan[]>("GET", `/runs/workflows`, { signal: given.signal });
}

/** Requests for votes as whoever asks sees them */
export function listReviews(given: { signal?: AbortSignal | undefined } = {}): Promise<ReviewListed[]> {
  return send<ReviewListed[]>("GET", `/approvals/inbox`, { signal: given.signal });
}

/** The roles with their rights */
export function listRoles(given: { signal?: AbortSignal | undefined } = {}): Promise<RoleAnswer[]> {
  return send<RoleAnswer[]>("GET", `/roles`, { signal: given.signal });
}

/** Lines that the steps of a run wrote, a page at a time */
export function listRunLog(given: { run: string; step?: string | undefined; after?: number | undefined; signal?: AbortSignal | undefined }): Promise<RunLog> {
  return send<RunLog>("GET", `/runs/${encodeURIComponent(given.run)}/logs`, { query: { step: given.step, after: given.after }, signal: given.signal });
}

/** Lists runs, newest first */
export function listRuns(given: { workflow?: string | undefined; status?: string | undefined; by?: string | undefined; ticker?: string | undefined; from?: string | undefined; to?: string | undefined; before?: string | undefined; limit?: number | undefined; cursor?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<RunListed[]> {
  return send<RunListed[]>("GET", `/runs`, { query: { workflow: given.workflow, status: given.status, by: given.by, ticker: given.ticker, from: given.from, to: given.to, before: given.before, limit: given.limit, cursor: given.cursor }, signal: given.signal });
}

/** What starts by itself, or would but for a fault in its file, with the next fires */
export function listSchedules(given: { signal?: AbortSignal | undefined } = {}): Promise<ScheduleListed[]> {
  return send<ScheduleListed[]>("GET", `/schedules`, { signal: given.signal });
}

/** The series of the store with their range and source */
export function listSeries(given: { signal?: AbortSignal | undefined } = {}): Promise<SeriesListed[]> {
  return send<SeriesListed[]>("GET", `/data/series`, { signal: given.signal });
}

/** One's own open sessions; those of others for who administers */
export function listSessions(given: { id: string; signal?: AbortSignal | undefined }): Promise<SessionAnswer[]> {
  return send<SessionAnswer[]>("GET", `/users/${encodeURIComponent(given.id)}/sessions`, { signal: given.signal });
}

/** Snapshots of bars, newest first, with how many sweeps, trainings and models name each */
export function listSnapshots(given: { symbol?: string | undefined; interval?: string | undefined; limit?: number | undefined; signal?: AbortSignal | undefined } = {}): Promise<SnapshotListed[]> {
  return send<SnapshotListed[]>("GET", `/data/snapshots`, { query: { symbol: given.symbol, interval: given.interval, limit: given.limit }, signal: given.signal });
}

/** The step kinds that workflows can use, with the JSON Schemas of their input and outputs */
export function listStepKinds(given: { signal?: AbortSignal | undefined } = {}): Promise<StepKindListed[]> {
  return send<StepKindListed[]>("GET", `/step-kinds`, { signal: given.signal });
}

/** The strategies that were ever asked about, newest first */
export function listStrategies(given: { signal?: AbortSignal | undefined } = {}): Promise<StrategiesListed> {
  return send<StrategiesListed>("GET", `/production/strategies`, { signal: given.signal });
}

/** What a sweep did, oldest first */
export function listSweepLog(given: { id: string; signal?: AbortSignal | undefined }): Promise<SweepLogLine[]> {
  return send<SweepLogLine[]>("GET", `/sweeps/${encodeURIComponent(given.id)}/log`, { signal: given.signal });
}

/** Lists sweeps, newest first */
export function listSweeps(given: { tag?: string | undefined; model?: string | undefined; limit?: number | undefined; cursor?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<SweepShown[]> {
  return send<SweepShown[]>("GET", `/sweeps`, { query: { tag: given.tag, model: given.model, limit: given.limit, cursor: given.cursor }, signal: given.signal });
}

/** Trained models with their reviews, newest first */
export function listTrainedModels(given: { model?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<TrainedModelShown[]> {
  return send<TrainedModelShown[]>("GET", `/trained-models`, { query: { model: given.model }, signal: given.signal });
}

/** Training jobs, newest first, without their steps */
export function listTrainings(given: { model?: string | undefined; limit?: number | undefined; cursor?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<TrainingShown[]> {
  return send<TrainingShown[]>("GET", `/training`, { query: { model: given.model, limit: given.limit, cursor: given.cursor }, signal: given.signal });
}

/** The users of the store */
export function listUsers(given: { signal?: AbortSignal | undefined } = {}): Promise<UserAnswer[]> {
  return send<UserAnswer[]>("GET", `/users`, { signal: given.signal });
}

/** The versions of a workflow, published or in the folder, newest first */
export function listWorkflowVersions(given: { id: string; signal?: AbortSignal | undefined }): Promise<WorkflowVersionListed[]> {
  return send<WorkflowVersionListed[]>("GET", `/workflows/${encodeURIComponent(given.id)}/versions`, { signal: given.signal });
}

/** Lists the workflow files with their schedules and problems */
export function listWorkflows(given: { signal?: AbortSignal | undefined } = {}): Promise<WorkflowListed[]> {
  return send<WorkflowListed[]>("GET", `/workflows`, { signal: given.signal });
}

/** Makes the synthetic sample market, or brings it up to date: hours since 2018 and a year of 5-minute bars of eight symbols */
export function makeSample(given: { body: SampleAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<SeriesAligned[]> {
  return send<SeriesAligned[]>("POST", `/data/sample`, { body: given.body, key: given.key, signal: given.signal });
}

/** Moves a model to another version of its pack, or back, if its inputs keep their values bit for bit */
export function migrateModel(given: { id: string; body: ModelMoveAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ModelMoved> {
  return send<ModelMoved>("POST", `/models/${encodeURIComponent(given.id)}/migrate`, { body: given.body, key: given.key, signal: given.signal });
}

/** Starts nothing more of a run until it is resumed */
export function pauseRun(given: { run: string; body: RunDecision; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<RunDecided> {
  return send<RunDecided>("POST", `/runs/${encodeURIComponent(given.run)}/pause`, { body: given.body, key: given.key, signal: given.signal });
}

/** Lets a schedule start nothing until it is unpaused */
export function pauseWorkflow(given: { id: string; body: WorkflowDecision; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<WorkflowPaused> {
  return send<WorkflowPaused>("POST", `/workflows/${encodeURIComponent(given.id)}/pause`, { body: given.body, key: given.key, signal: given.signal });
}

/** What a sweep would be: exact count, first and last combos, estimate, and the earlier sweep of the same request */
export function planSweep(given: { body: SweepAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<SweepPlanned> {
  return send<SweepPlanned>("POST", `/sweeps/plan`, { body: given.body, key: given.key, signal: given.signal });
}

/** Which past fires a backfill would run; changes nothing */
export function previewBackfill(given: { id: string; body: BackfillStretch; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<BackfillPreviewed> {
  return send<BackfillPreviewed>("POST", `/workflows/${encodeURIComponent(given.id)}/backfill/preview`, { body: given.body, key: given.key, signal: given.signal });
}

/** What an upload holds as it is understood, which rows would be refused by which rule, and what would change; changes nothing */
export function previewImport(given: { body: ImportAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ImportShown> {
  return send<ImportShown>("POST", `/data/imports/preview`, { body: given.body, key: given.key, signal: given.signal });
}

/** Says what a request for a model would give; makes nothing */
export function previewModel(given: { body: ModelAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ModelDrafted> {
  return send<ModelDrafted>("POST", `/models/preview`, { body: given.body, key: given.key, signal: given.signal });
}

/** Which bars nothing uses any more; removes nothing */
export function previewPrune(given: { signal?: AbortSignal | undefined } = {}): Promise<PrunePreview> {
  return send<PrunePreview>("GET", `/data/prune`, { signal: given.signal });
}

/** Takes an approved strategy live, or says what is missing: strict votes on live, a complete deployment, a paper session that passed */
export function promote(given: { body: LiveAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ApprovalShown> {
  return send<ApprovalShown>("POST", `/production/promote`, { body: given.body, key: given.key, signal: given.signal });
}

/** Lets exactly the bars of a preview go, or nothing */
export function pruneBars(given: { body: PruneAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<PruneDone> {
  return send<PruneDone>("POST", `/data/prune`, { body: given.body, key: given.key, signal: given.signal });
}

/** Publishes a pack version that has no error; from then on its content cannot change */
export function publishPack(given: { id: string; body: PackPublishing; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<PackPublished> {
  return send<PackPublished>("POST", `/packs/${encodeURIComponent(given.id)}/publish`, { body: given.body, key: given.key, signal: given.signal });
}

/** Vouches for a trained model; what does not pass its review needs a reason */
export function publishTrainedModel(given: { id: string; body: TrainedModelDecision; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<TrainedModelShown> {
  return send<TrainedModelShown>("POST", `/trained-models/${encodeURIComponent(given.id)}/publish`, { body: given.body, key: given.key, signal: given.signal });
}

/** Keeps a version for good; other content under the same version is refused from then on */
export function publishWorkflow(given: { body: WorkflowText; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<WorkflowPublished> {
  return send<WorkflowPublished>("POST", `/workflows/publish`, { body: given.body, key: given.key, signal: given.signal });
}

/** Goes over a run again as a new run, on the same or another version of its workflow */
export function rerunRun(given: { run: string; body: RunRerunAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<RunRerunStarted> {
  return send<RunRerunStarted>("POST", `/runs/${encodeURIComponent(given.run)}/rerun`, { body: given.body, key: given.key, signal: given.signal });
}

/** Sets a decided request aside and asks anew */
export function resetApproval(given: { body: ApprovalReset; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ApprovalAskedAnew> {
  return send<ApprovalAskedAnew>("POST", `/production/reset`, { body: given.body, key: given.key, signal: given.signal });
}

/** Brings a retired model back */
export function restoreModel(given: { id: string; body: ModelRetiring; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ModelMade> {
  return send<ModelMade>("POST", `/models/${encodeURIComponent(given.id)}/restore`, { body: given.body, key: given.key, signal: given.signal });
}

/** Lets a paused run go on */
export function resumeRun(given: { run: string; body: RunDecision; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<RunDecided> {
  return send<RunDecided>("POST", `/runs/${encodeURIComponent(given.run)}/resume`, { body: given.body, key: given.key, signal: given.signal });
}

/** Retires a model: what was made of it stays, and nothing new is made of it */
export function retireModel(given: { id: string; body: ModelRetiring; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ModelMade> {
  return send<ModelMade>("DELETE", `/models/${encodeURIComponent(given.id)}`, { body: given.body, key: given.key, signal: given.signal });
}

/** Sends again what was given up or failed; its age and attempts count anew */
export function retryMessages(given: { body: MessageRetry; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<MessagesRetried> {
  return send<MessagesRetried>("POST", `/outbox/retry`, { body: given.body, key: given.key, signal: given.signal });
}

/** Tries the failed steps of a run again */
export function retryRun(given: { run: string; body: RunRetry; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<RunDecided> {
  return send<RunDecided>("POST", `/runs/${encodeURIComponent(given.run)}/retry`, { body: given.body, key: given.key, signal: given.signal });
}

/** Makes a key void from its next request on */
export function revokeKey(given: { id: string; body: UserDecision; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<KeyAnswer> {
  return send<KeyAnswer>("POST", `/keys/${encodeURIComponent(given.id)}/revoke`, { body: given.body, key: given.key, signal: given.signal });
}

/** Keeps a text as a new version, in a file and published */
export function saveWorkflow(given: { body: WorkflowSave; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<WorkflowSaved> {
  return send<WorkflowSaved>("POST", `/workflows/save`, { body: given.body, key: given.key, signal: given.signal });
}

/** Keeps where the steps of a workflow stand; changes no version and no hash */
export function setWorkflowLayout(given: { id: string; body: WorkflowLayoutShown; signal?: AbortSignal | undefined }): Promise<WorkflowLayoutShown> {
  return send<WorkflowLayoutShown>("PUT", `/workflows/${encodeURIComponent(given.id)}/layout`, { body: given.body, key: null, signal: given.signal });
}

/** Plays the cases of a text: no step runs, and weeks pass at once */
export function testWorkflow(given: { body: WorkflowText; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<WorkflowTested> {
  return send<WorkflowTested>("POST", `/workflows/test`, { body: given.body, key: given.key, signal: given.signal });
}

/** Ticks a combo for training, or takes the tick away */
export function tickCombo(given: { id: string; combo: string; body: ComboTick; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ComboShown> {
  return send<ComboShown>("PATCH", `/sweeps/${encodeURIComponent(given.id)}/results/${encodeURIComponent(given.combo)}`, { body: given.body, key: given.key, signal: given.signal });
}

/** Ticks combos for training, or takes their ticks away, all or none */
export function tickCombos(given: { id: string; body: CombosTick; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<CombosTicked> {
  return send<CombosTicked>("PATCH", `/sweeps/${encodeURIComponent(given.id)}/results`, { body: given.body, key: given.key, signal: given.signal });
}

/** Starts a run */
export function triggerWorkflow(given: { id: string; body: WorkflowTrigger; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<RunStarted> {
  return send<RunStarted>("POST", `/workflows/${encodeURIComponent(given.id)}/trigger`, { body: given.body, key: given.key, signal: given.signal });
}

/** Lets a paused schedule go on */
export function unpauseWorkflow(given: { id: string; body: WorkflowDecision; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<WorkflowPaused> {
  return send<WorkflowPaused>("POST", `/workflows/${encodeURIComponent(given.id)}/unpause`, { body: given.body, key: given.key, signal: given.signal });
}

/** Says all that is wrong with the texts of a pack; changes nothing */
export function validatePack(given: { body: PackTexts; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<PackLinted> {
  return send<PackLinted>("POST", `/packs/validate`, { body: given.body, key: given.key, signal: given.signal });
}

/** Says all that is wrong with a text; changes nothing */
export function validateWorkflow(given: { body: WorkflowText; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<WorkflowValidated> {
  return send<WorkflowValidated>("POST", `/workflows/validate`, { body: given.body, key: given.key, signal: given.signal });
}

/** Checks every link and signature of the record */
export function verifyAudit(given: { signal?: AbortSignal | undefined } = {}): Promise<AuditVerified> {
  return send<AuditVerified>("GET", `/audit/verify`, { signal: given.signal });
}

/** Approves or rejects */
export function vote(given: { body: VoteCast; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<ApprovalShown> {
  return send<ApprovalShown>("POST", `/production/approve`, { body: given.body, key: given.key, signal: given.signal });
}

/** Lets a broken fact of a series pass from now on, where the rule finds something */
export function waiveRule(given: { symbol: string; interval: string; body: WaiverAsked; key?: string | undefined; signal?: AbortSignal | undefined }): Promise<WaiverShown> {
  return send<WaiverShown>("POST", `/data/series/${encodeURIComponent(given.symbol)}/${encodeURIComponent(given.interval)}/waivers`, { body: given.body, key: given.key, signal: given.signal });
}
