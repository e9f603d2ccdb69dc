import { describe, expect, it } from "vitest";
import { gapsOf, scaleOf, ticksOf, type Span } from "./timeline";

const span = (step: string, from: number, to: number | null, status = "succeeded", attempt = 1): Span => ({ step, item: 0, attempt, status, from: from * 1000, to: to === null ? null : to * 1000 });

describe("the timeline of a run", () => {
  const retried = [span("align", 0, 10, "failed"), span("align", 330, 360, "succeeded", 2), span("sweep", 360, null, "running")];
  const now = 400_000;

  it("cuts idle time above a minute and names its cause", () => {
    expect(gapsOf(retried, now)).toEqual([{ from: 10_000, to: 330_000, cause: "retry" }]);
    expect(gapsOf([span("evidence", 0, 10), span("approve", 10, 4000, "waiting"), span("approve", 4000, 4001, "succeeded", 2)], 5e6)).toEqual([{ from: 10_000, to: 4_000_000, cause: "wait" }]);
    expect(gapsOf([span("a", 0, 10), span("b", 69, 80)], now)).toEqual([]);
  });

  it("cuts a wait that goes on, up to now", () => {
    const waiting = [span("evidence", 0, 28), span("approve", 28, null, "waiting")];
    expect(gapsOf(waiting, 2_000_000)).toEqual([{ from: 28_000, to: 2_000_000, cause: "wait" }]);
    expect(scaleOf(waiting, 2_000_000, true).x(28_000)).toBeCloseTo(1 - 0.055, 9);
    expect(gapsOf(waiting, 60_000)).toEqual([]);
  });

  it("takes an attempt that spans others for busy", () => {
    expect(gapsOf([span("a", 0, 500), span("b", 10, 20), span("c", 400, 450)], 500_000)).toEqual([]);
  });

  it("goes from 0 to 1, never back, and gives a gap a strip", () => {
    const scale = scaleOf(retried, now, true);
    expect(scale.x(0)).toBe(0);
    expect(scale.x(400_000)).toBeCloseTo(1, 9);
    let last = -1;
    for (let t = 0; t <= 400_000; t += 500) {
      expect(scale.x(t)).toBeGreaterThanOrEqual(last);
      last = scale.x(t);
    }
    expect(scale.x(330_000) - scale.x(10_000)).toBeCloseTo(0.055, 9);
  });

  it("is true to time where nothing is cut", () => {
    const scale = scaleOf(retried, now, false);
    expect(scale.gaps).toEqual([]);
    expect(scale.x(200_000)).toBeCloseTo(0.5, 9);
  });

  it("never gives more than half of the width to gaps", () => {
    const many = Array.from({ length: 40 }, (_, i) => span("a", i * 1000, i * 1000 + 5, "failed", i + 1));
    const scale = scaleOf(many, 40_000_000, true);
    expect(scale.x(scale.to)).toBeLessThanOrEqual(1);
    expect(scale.gaps.reduce((sum, g) => sum + scale.x(g.to) - scale.x(g.from), 0)).toBeLessThanOrEqual(0.5 + 1e-9);
  });

  it("labels instants that leave room for each other", () => {
    const scale = scaleOf(retried, now, true);
    const ticks = ticksOf(scale, retried, now);
    expect(ticks[0]).toBe(0);
    expect(ticks.at(-1)).toBe(400_000);
    ticks.slice(1).forEach((t, i) => expect(scale.x(t) - scale.x(ticks[i]!)).toBeGreaterThanOrEqual(0.13 - 1e-9));
  });

  it("has an answer for a run that has not begun", () => {
    expect(scaleOf([], 5, true).x(5)).toBe(0);
  });
});
