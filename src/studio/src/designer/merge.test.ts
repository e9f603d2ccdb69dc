import { describe, expect, it } from "vitest";
import { decided, merged } from "./merge";

const base = "workflow: w\nversion: 1.0.0\nsteps:\n  a: 1\n  # about b\n  b: 2\n  c: 3\n";

describe("the changes of two people", () => {
  it("stand together where they are in different lines, comments too", () => {
    const mine = base.replace("b: 2", "b: 20");
    const theirs = base.replace("1.0.0", "1.1.0").replace("  c: 3\n", "  c: 3\n  d: 4\n");
    const parts = merged(base, mine, theirs);
    expect(parts.every((p) => p.conflict === null)).toBe(true);
    expect(decided(parts, [], "\n")).toBe("workflow: w\nversion: 1.1.0\nsteps:\n  a: 1\n  # about b\n  b: 20\n  c: 3\n  d: 4\n");
  });

  it("are asked about where both changed the same lines otherwise, and not where both did the same", () => {
    const mine = base.replace("b: 2", "b: 20").replace("a: 1", "a: 9");
    const theirs = base.replace("b: 2", "b: 200").replace("a: 1", "a: 9");
    const parts = merged(base, mine, theirs);
    expect(parts.flatMap((p) => (p.conflict === null ? [] : [[p.conflict.mine, p.conflict.theirs]]))).toEqual([[["  b: 20"], ["  b: 200"]]]);
    expect(decided(parts, [], "\n")).toBe(mine);
    expect(decided(parts, ["theirs"], "\n")).toBe(theirs);
  });

  it("of one alone are that one's text, whatever it is (1,000 random texts)", () => {
    let seed = 20_261_122;
    const next = (n: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % n;
    const random = (): string => Array.from({ length: next(12) }, () => "abc"[next(3)]!).join("\n");
    for (let i = 0; i < 1_000; i++) {
      const [a, b, c] = [random(), random(), random()];
      expect(decided(merged(a, b, a), [], "\n"), `mine alone, ${i}`).toBe(b);
      expect(decided(merged(a, a, b), [], "\n"), `theirs alone, ${i}`).toBe(b);
      expect(decided(merged(a, b, b), [], "\n"), `both the same, ${i}`).toBe(b);
      const parts = merged(a, b, c);
      if (parts.every((p) => p.conflict === null)) expect(decided(merged(a, c, b), [], "\n"), `either way round, ${i}`).toBe(decided(parts, [], "\n"));
      const sides = parts.filter((p) => p.conflict !== null).length;
      if (sides === 1 && parts.length === 1) expect(decided(parts, ["theirs"], "\n")).toBe(c);
    }
  });
});
