import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import type { RunShown } from "../api/client";
import { isOpen } from "../flow/states";
import { listen, type Listening, type LiveState, type LogEvent } from "./source";

/** Lines of one run, as they came; nothing comes twice, in whichever order streams are taken up again. */
class LogStore {
  private lines: LogEvent[] = [];
  private last = 0;
  private readonly listeners = new Set<() => void>();
  private told = false;

  add(line: LogEvent): void {
    if (line.id <= this.last) return;
    this.last = line.id;
    this.lines.push(line);
    if (this.told) return;
    // A burst of lines is drawn once.
    this.told = true;
    setTimeout(() => {
      this.told = false;
      this.lines = [...this.lines];
      for (const tell of this.listeners) tell();
    }, 60);
  }

  readonly subscribe = (tell: () => void): (() => void) => {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  };

  readonly read = (): readonly LogEvent[] => this.lines;
}

interface LiveContext {
  state: LiveState;
  /** Since when it is offline. */
  since: Date | null;
  focus(run: string | null): void;
  /** The run that is looked at is open: whoever has heard its end listens to it again. */
  goesOn(): void;
  logOf(run: string): LogStore;
}

const Context = createContext<LiveContext | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [run, setRun] = useState<string | null>(null);
  const [state, setState] = useState<LiveState>("catching");
  const [since, setSince] = useState<Date | null>(null);
  const logs = useRef(new Map<string, LogStore>());
  const listening = useRef<Listening | null>(null);

  const logOf = useMemo(
    () => (of: string) => {
      let store = logs.current.get(of);
      if (store === undefined) logs.current.set(of, (store = new LogStore()));
      return store;
    },
    [],
  );

  useEffect(() => {
    const made = listen(run, {
      state(next) {
        setState(next);
        setSince((was) => (next === "live" ? null : (was ?? new Date())));
      },
      change() {
        for (const key of ["overview", "runs", "run", "workflows", "reviews", "review", "schedules", "system", "people", "series", "models", "model", "sweeps", "training", "trained", "production", "forecasts", "sweep", "workflow-desk"]) void queries.invalidateQueries({ queryKey: [key] });
      },
      design() {
        void queries.invalidateQueries({ queryKey: ["workflow-desk"] });
      },
      run() {
        if (run !== null) void queries.invalidateQueries({ queryKey: ["run", run] });
      },
      progress(e) {
        if (run === null) return;
        queries.setQueryData<RunShown>(["run", run], (was) => was && {
          ...was,
          attempts: was.attempts.map((a) => (a.step === e.step && a.item === e.item && a.attempt === e.attempt ? { ...a, progress_done: e.done, progress_total: e.total, progress_text: e.text } : a)),
        });
      },
      log(e) {
        if (run !== null) logOf(run).add(e);
      },
    });
    listening.current = made;
    return () => {
      listening.current = null;
      made.stop();
    };
  }, [run, queries, logOf]);

  const goesOn = useCallback(() => listening.current?.again(), []);
  const value = useMemo<LiveContext>(() => ({ state, since, focus: setRun, goesOn, logOf }), [state, since, goesOn, logOf]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useLive(): LiveContext {
  const found = useContext(Context);
  if (found === null) throw new Error("useLive needs a LiveProvider around it.");
  return found;
}

/** Listens to one run while a page shows it, and again once it goes on after its end. */
export function useRunFocus(run: RunShown): readonly LogEvent[] {
  const { focus, goesOn, logOf } = useLive();
  const { id } = run;
  useEffect(() => {
    focus(id);
    return () => focus(null);
  }, [id, focus]);
  useEffect(() => {
    // What was read may be older than the end that was heard: then the stream says the end once more.
    if (isOpen(run.status)) goesOn();
  }, [run, goesOn]);
  const store = logOf(id);
  return useSyncExternalStore(store.subscribe, store.read);
}
