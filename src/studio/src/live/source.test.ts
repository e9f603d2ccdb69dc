import { describe, expect, it, vi } from "vitest";
import { listen, type Heard, type LiveState, type Source } from "./source";

class FakeSource implements Source {
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readyState = 1;
  closed = false;
  readonly heard = new Map<string, (event: MessageEvent<string>) => void>();
  constructor(readonly address: string) {}
  addEventListener(name: string, heard: (event: MessageEvent<string>) => void): void {
    this.heard.set(name, heard);
  }
  close(): void {
    this.closed = true;
  }
  say(name: string, data: unknown = null): void {
    this.heard.get(name)!({ data: JSON.stringify(data) } as MessageEvent<string>);
  }
}

function listening(run: string | null) {
  const sources: FakeSource[] = [];
  const said: string[] = [];
  const heard: Heard = {
    state: (s: LiveState) => said.push(s), change: () => said.push("change"), run: () => said.push("run"), design: () => said.push("design"),
    progress: (e) => said.push(`progress ${e.step} ${e.done}/${e.total}`), log: (e) => said.push(`log ${e.id}`),
  };
  const { again, stop } = listen(run, heard, (address) => {
    const made = new FakeSource(address);
    sources.push(made);
    return made;
  });
  return { sources, said, again, stop };
}

describe("the stream of a tab", () => {
  it("is one at a time, of the run that is looked at", () => {
    const { sources, said } = listening("run_1");
    expect(sources.map((s) => s.address)).toEqual(["/api/runs/run_1/events"]);
    sources[0]!.onopen?.(new Event("open"));
    sources[0]!.say("progress", { step: "sweep", done: 28, total: 45 });
    sources[0]!.say("log", { id: 7 });
    expect(said).toEqual(["live", "progress sweep 28/45", "log 7"]);
  });

  it("goes over to the whole store once the run has ended, and does not ask the ended run again", () => {
    const { sources, said } = listening("run_1");
    sources[0]!.say("end");
    expect(sources[0]!.closed).toBe(true);
    expect(sources[1]!.address).toBe("/api/events");
    expect(said).toContain("run");
  });

  it("goes back to a run that goes on after its end, once, and over to the store again when that ends too", () => {
    const { sources, said, again } = listening("run_1");
    again();
    expect(sources).toHaveLength(1);
    sources[0]!.say("end");
    sources[1]!.say("change");
    expect(said.at(-1)).toBe("change");
    again();
    again();
    expect(sources.map((s) => s.address)).toEqual(["/api/runs/run_1/events", "/api/events", "/api/runs/run_1/events"]);
    expect(sources.map((s) => s.closed)).toEqual([true, true, false]);
    sources[2]!.say("status");
    expect(said.at(-1)).toBe("change");
    sources[2]!.say("end");
    expect(sources[3]!.address).toBe("/api/events");
  });

  it("does not go back to a run that nobody looks at any more", () => {
    const { sources, again, stop } = listening("run_1");
    sources[0]!.say("end");
    stop();
    again();
    expect(sources).toHaveLength(2);
  });

  it("says when it is offline, and reads anew what it missed once it is back", () => {
    const { sources, said } = listening(null);
    sources[0]!.onopen?.(new Event("open"));
    sources[0]!.onerror?.(new Event("error"));
    sources[0]!.onopen?.(new Event("open"));
    expect(said).toEqual(["live", "offline", "change", "live"]);
  });

  it("says when somebody opened or left a designer", () => {
    const { sources, said } = listening(null);
    sources[0]!.say("design", "51b0c7e2");
    expect(said).toEqual(["design"]);
  });

  it("tries again by itself where the browser gave up, unless it was stopped", () => {
    vi.useFakeTimers();
    const { sources, stop } = listening(null);
    sources[0]!.readyState = 2;
    sources[0]!.onerror?.(new Event("error"));
    vi.advanceTimersByTime(3_000);
    expect(sources).toHaveLength(2);
    sources[1]!.readyState = 2;
    sources[1]!.onerror?.(new Event("error"));
    stop();
    vi.advanceTimersByTime(10_000);
    expect(sources).toHaveLength(2);
    vi.useRealTimers();
  });
});
