import { send } from "./http";

export interface ProblemLine { code: string; message: string; where: string | null; remedy: string | null }

export interface RunListed {
  id: string; workflow: string; version: string; status: string; reason: string | null; requested_by: string; requested_at_utc: string; changed_at_utc: string;
  ended_at_utc: string | null; parameters: unknown;
}
export interface RunAgain { of: string; from: string | null }
export interface RunAsked {
  workflow: string; version: string; workflow_hash: string; parameters: Record<string, unknown>; as_of_utc: string; seed: number; until: string | null;
  pins: Record<string, unknown>; requested_by: string; build: string; rerun: null | RunAgain;
}
export interface RunInstanceShown {
  index: number; input: Record<string, unknown>; status: string; attempts: number; failures: number; crashes: number; furthest: number; input_hash: string | null;
  reused_from: string | null; output: null | Record<string, unknown>; problem: null | Record<string, unknown>; reason: string | null; wake_key: string | null; due_utc: string | null;
}
export interface RunStepShown { name: string; uses: string; status: string; reason: string | null; instances: RunInstanceShown[] }
export interface RunAttemptShown {
  step: string; item: number; attempt: number; status: string; started_at_utc: string; ended_at_utc: string | null; problem: string | null; progress_done: number;
  progress_total: number; progress_text: string | null; sign_at_utc: string | null;
}
export interface RunChild { id: string; step: string; item: number; workflow: string; version: string; status: string }
export interface RunShown {
  id: string; workflow: string; version: string; status: string; reason: string | null; request: RunAsked; requested_utc: string; ended_utc: string | null;
  steps: RunStepShown[]; attempts: RunAttemptShown[]; hashes: Record<string, string>; children: RunChild[];
}
export interface RunDecided { id: string; status: string; reason: string | null }
export interface RunRerunStarted { id: string; rerun_of: string; status: string }
export interface RunStarted { id: string; status: string }
export interface RunLogLine { id: number; step: string; item: number; attempt: number; at_utc: string; line: string }
export interface RunLog { lines: RunLogLine[]; last: number; is_complete: boolean }
export interface WorkflowListed {
  id: string; version: string; summary: string | null; workflow_hash: string | null; schedule: string | null; zone: string | null; next_fire_utc: string | null;
  paused: boolean; paused_reason: string | null; problems: ProblemLine[];
}
export interface WorkflowPaused { id: string; paused: boolean; reason: string }

export type Mark = "pending" | "running" | "waiting" | "ok" | "caution" | "bad" | "skipped";
export interface OverviewPerson { id: string; name: string; role: string }
export interface OverviewCounts { waits: number; votes: number; running: number; queued: number; failed24h: number; completed24h: number; oldest_running_utc: string | null }
export interface OverviewData { is_synthetic: boolean; planted_effect: string | null }
export interface OverviewMarket { calendar: string; zone: string; is_open: boolean; changes_at_utc: string | null; since_utc: string | null }
export interface StageCell { name: string; state: Mark; word: string; fact: string; share: number | null; step: string | null; vote: string | null; expires_utc: string | null }
export interface StrategyStages { name: string; pack: string; run: string; state: Mark; state_word: string; is_synthetic: boolean; stages: StageCell[] }
export interface WaitingItem { kind: string; title: string; detail: string; subject: string; since_utc: string | null; expires_utc: string | null }
export interface RunLine {
  id: string; workflow: string; ticker: string | null; status: string; note: string | null; requested_at_utc: string; ended_at_utc: string | null; share: number | null;
}
export interface FireLine { workflow: string; at_utc: string; zone: string; schedule: string }
export interface Overview {
  now_utc: string; person: OverviewPerson; counts: OverviewCounts; data: null | OverviewData; market: OverviewMarket; strategies: StrategyStages[]; waits: WaitingItem[];
  running: RunLine[]; failed: RunLine[]; fires: FireLine[];
}
export interface GraphStep { name: string; uses: string; needs: string[]; when: string | null; for_each: string | null; attempts: number; timeout_seconds: number | null }
export interface GraphParameter {
  name: string; type: string; is_required: boolean; default: unknown; one_of: unknown[]; min: number | null; max: number | null; help: string | null;
}
export interface WorkflowGraph { id: string; version: string; summary: string; workflow_hash: string; steps: GraphStep[]; parameters: GraphParameter[]; text: string }

interface Signalled { signal?: AbortSignal | undefined }
interface Keyed extends Signalled { key?: string | undefined }
const at = encodeURIComponent;

export const getOverview = (given: Signalled = {}): Promise<Overview> => send("GET", "/overview", given);
export const listRuns = (given: { workflow?: string | undefined; limit?: number | undefined } & Signalled = {}): Promise<RunListed[]> =>
  send("GET", "/runs", { query: { workflow: given.workflow, limit: given.limit }, signal: given.signal });
export const getRun = (given: { run: string } & Signalled): Promise<RunShown> => send("GET", `/runs/${at(given.run)}`, { signal: given.signal });
export const getRunGraph = (given: { run: string } & Signalled): Promise<WorkflowGraph> => send("GET", `/runs/${at(given.run)}/graph`, { signal: given.signal });
export const getRunLog = (given: { run: string; step?: string | undefined; after?: number | undefined } & Signalled): Promise<RunLog> =>
  send("GET", `/runs/${at(given.run)}/logs`, { query: { step: given.step, after: given.after }, signal: given.signal });
export const pauseRun = (given: { run: string; body: { reason: string } } & Keyed): Promise<RunDecided> => send("POST", `/runs/${at(given.run)}/pause`, { body: given.body, key: given.key });
export const resumeRun = (given: { run: string; body: { reason: string } } & Keyed): Promise<RunDecided> => send("POST", `/runs/${at(given.run)}/resume`, { body: given.body, key: given.key });
export const cancelRun = (given: { run: string; body: { reason: string } } & Keyed): Promise<RunDecided> => send("POST", `/runs/${at(given.run)}/cancel`, { body: given.body, key: given.key });
export const retryRun = (given: { run: string; body: { reason: string; step?: string | null | undefined } } & Keyed): Promise<RunDecided> =>
  send("POST", `/runs/${at(given.run)}/retry`, { body: given.body, key: given.key });
export const rerunRun = (given: { run: string; body: { reason: string; from?: string | null | undefined; version?: string | null | undefined; set?: null | Record<string, unknown> | undefined } } & Keyed): Promise<RunRerunStarted> =>
  send("POST", `/runs/${at(given.run)}/rerun`, { body: given.body, key: given.key });
export const listWorkflows = (given: Signalled = {}): Promise<WorkflowListed[]> => send("GET", "/workflows", given);
export const getWorkflowGraph = (given: { id: string } & Signalled): Promise<WorkflowGraph> => send("GET", `/workflows/${at(given.id)}/graph`, { signal: given.signal });
export const triggerWorkflow = (given: { id: string; body: { parameters?: null | Record<string, unknown> | undefined; until?: string | null | undefined } } & Keyed): Promise<RunStarted> =>
  send("POST", `/workflows/${at(given.id)}/trigger`, { body: given.body, key: given.key });
export const pauseWorkflow = (given: { id: string; body: { reason: string } } & Keyed): Promise<WorkflowPaused> => send("POST", `/workflows/${at(given.id)}/pause`, { body: given.body, key: given.key });
export const unpauseWorkflow = (given: { id: string; body: { reason: string } } & Keyed): Promise<WorkflowPaused> => send("POST", `/workflows/${at(given.id)}/unpause`, { body: given.body, key: given.key });
