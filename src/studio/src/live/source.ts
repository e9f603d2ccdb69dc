/** One stream of events for a tab: of everything, or of the run that is looked at. The browser itself comes back with the last id it saw. */

export type LiveState = "live" | "catching" | "offline";

export interface LogEvent {
  id: number;
  step: string;
  item: number;
  attempt: number;
  at_utc: string;
  line: string;
}

export interface ProgressEvent {
  step: string;
  item: number;
  attempt: number;
  status: string;
  done: number;
  total: number;
  text: string;
}

export interface Heard {
  state(state: LiveState): void;
  /** Something changed in the store, or in the run that is looked at. */
  change(): void;
  /** Somebody opened or left a designer, or began a draft. */
  design(): void;
  /** The run that is looked at has ended. */
  run(): void;
  progress(event: ProgressEvent): void;
  log(event: LogEvent): void;
}

/** What a stream is listened to with; the browser's EventSource is one. */
export interface Source {
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  readonly readyState: number;
  addEventListener(name: string, heard: (event: MessageEvent<string>) => void): void;
  close(): void;
}

const CLOSED = 2;
const AGAIN_MS = 3_000;

export interface Listening {
  /** The run that is looked at goes on: where its stream has ended, it is taken up again. */
  again(): void;
  stop(): void;
}

/** Listens until it is stopped. */
export function listen(run: string | null, heard: Heard, open: (address: string) => Source = (address) => new EventSource(address) as unknown as Source): Listening {
  let source: Source | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let wasOpen = false;
  let hasEnded = false;

  const begin = (of: string | null): void => {
    if (stopped) return;
    source = open(of === null ? "/api/events" : `/api/runs/${encodeURIComponent(of)}/events`);
    source.onopen = () => {
      // Whatever happened while nobody listened is read anew; the stream alone knows only what comes.
      if (wasOpen) heard.change();
      wasOpen = true;
      heard.state("live");
    };
    source.onerror = () => {
      heard.state("offline");
      if (source?.readyState === CLOSED && !stopped) again = setTimeout(() => begin(of), AGAIN_MS);
    };
    source.addEventListener("change", () => heard.change());
    source.addEventListener("design", () => heard.design());
    source.addEventListener("status", () => heard.change());
    source.addEventListener("progress", (e) => heard.progress(JSON.parse(e.data) as ProgressEvent));
    source.addEventListener("log", (e) => heard.log(JSON.parse(e.data) as LogEvent));
    source.addEventListener("end", () => {
      // A run that has ended says nothing more until somebody lets it go on: from here on the whole store is listened to.
      source?.close();
      hasEnded = true;
      heard.run();
      begin(null);
    });
  };

  begin(run);
  return {
    again() {
      if (!hasEnded || stopped) return;
      hasEnded = false;
      clearTimeout(again);
      source?.close();
      begin(run);
    },
    stop() {
      stopped = true;
      clearTimeout(again);
      source?.close();
    },
  };
}
