import { describe, expect, it } from "vitest";
import * as f from "./format";

describe("each row of the table of figures", () => {
  it.each<[string, string, string]>([
    ["a return is signed", f.returnPercent(0.0198), "+1.98%"],
    ["a loss has a true minus", f.returnPercent(-0.0034), "−0.34%"],
    ["what rounds to nothing has no sign", f.returnPercent(-0.00001), "0.00%"],
    ["a return above the rounding edge is signed", f.returnPercent(0.00005), "+0.01%"],
    ["a rate is unsigned with one decimal", f.rate(0.574), "57.4%"],
    ["a drawdown is a depth", f.drawdown(-0.0034), "0.34%"],
    ["a ratio has two decimals", f.ratio(1.888), "1.89"],
    ["a measured value has five digits", f.measured(61.34214), "61.342"],
    ["a measured price keeps its cents", f.measured(1360.638), "1360.64"],
    ["a measured value may be large", f.measured(-123456.7), "−123,457"],
    ["a measured value may be small", f.measured(0.0001234567), "0.00012346"],
    ["an interval", f.ratioInterval(-0.89, 4.67), "−0.89 to 4.67"],
    ["costs are bps", f.bps(5), "5 bps"],
    ["one is a bp", f.bps(1), "1 bp"],
    ["a bp is explained", f.bpsHint(5), "1 bp = 0.01%, so 5 bps = 0.05%"],
    ["a probability", f.probability(0.59), "0.59"],
    ["more than the usual is a share above it", f.beside(41, 38), "8% above"],
    ["less is below it", f.beside(25, 38), "34% below"],
    ["much more is so many times", f.beside(532, 38), "14 times"],
    ["hardly another is as it", f.beside(38.1, 38), "as"],
    ["beside nothing usual there is nothing to say", f.beside(5, 0), "n/a"],
    ["a p-value has four decimals", f.pValue(0.0095), "0.0095"],
    ["a p-value is never 0", f.pValue(0), "under 0.0001"],
    ["PBO is in whole percent", f.pbo(0.4518), "45%"],
    ["money", f.money(114.85), "+$114.85"],
    ["a loss of money, in thin groups", f.money(-1234567.891), "−$1\u202f234\u202f567.89"],
    ["no money has no sign", f.money(-0.001), "$0.00"],
    ["another currency", f.money(12, "COP"), "+COP 12.00"],
    ["money on an axis", f.moneyOnAxis(1_234_567), "$1.2 M"],
    ["a price at its tick", f.price(482.8749), "482.87"],
    ["a price at a finer tick", f.price(1.08125, 0.00001), "1.08125"],
    ["a count", f.count(18900), "18,900"],
    ["a long count", f.count(1234567), "1,234,567"],
    ["bytes", f.bytes(512), "512 B"],
    ["kilobytes with one decimal", f.bytes(4_240), "4.2 kB"],
    ["just under a megabyte is rounded up into it", f.bytes(999_700), "1.0 MB"],
    ["megabytes", f.bytes(128_400_000), "128 MB"],
    ["gigabytes", f.bytes(1_310_000_000), "1.3 GB"],
    ["milliseconds", f.duration(340), "340 ms"],
    ["seconds with one decimal", f.duration(7_400), "7.4 s"],
    ["minutes and seconds", f.duration(72_000), "1 min 12 s"],
    ["whole minutes", f.duration(120_000), "2 min"],
    ["just under a minute is rounded up into it", f.duration(59_800), "1 min"],
    ["hours and minutes", f.duration(3 * 3600e3 + 11 * 60e3), "3 h 11 min"],
    ["days and hours", f.duration(26 * 3600e3), "1 d 2 h"],
    ["an age in whole seconds", f.age(7_400), "7 s"],
    ["a digest", f.digest("9c41e7b200000000000000000000000000000000000000000000000000a3f8"), "9c41…a3f8"],
    ["an id keeps its prefix", f.shortId("run_01a1ff2d7bca7e82abc4d38551bcdb46"), "run_01a1…db46"],
    ["a short id stays", f.shortId("up"), "up"],
    ["one", f.many(1, "vote", "votes"), "1 vote"],
    ["many", f.many(2, "vote", "votes"), "2 votes"],
  ])("%s", (_, shown, expected) => {
    expect(shown).toBe(expected);
  });

  it("shows n/a where there is no figure, and zero where there is a zero", () => {
    const all = [f.returnPercent, f.rate, f.drawdown, f.ratio, f.bps, f.probability, f.pValue, f.pbo, f.money, f.moneyOnAxis, f.price, f.count, f.bytes, f.duration, f.age];
    for (const show of all) {
      for (const nothing of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) expect((show as (v: number | null | undefined) => string)(nothing)).toBe("n/a");
      expect((show as (v: number) => string)(0)).toMatch(/0/);
    }
    expect(f.ratioInterval(null, 1)).toBe("n/a");
    expect(f.digest(null)).toBe("n/a");
  });

  it("never shows a hyphen for a minus, nor a negative zero, over 2,000 figures", () => {
    let seed = 7;
    const next = (): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed / 2147483648 - 0.5;
    };
    for (let i = 0; i < 2000; i++) {
      const value = next() * 10 ** Math.floor((next() + 0.5) * 8 - 4);
      for (const text of [f.returnPercent(value), f.ratio(value), f.money(value), f.rate(value)]) {
        expect(text, `value ${value}`).not.toMatch(/-|−0(\.0+)?%?$|−\$0\.00/);
      }
    }
  });
});

describe("text of others", () => {
  it("shows control and direction characters instead of obeying them", () => {
    expect(f.visible("a\u202Eb\u0000c\u200d")).toBe("a\\u{202e}b\\u{0}c\\u{200d}");
  });

  it("is cut at 80 characters, whole letters", () => {
    expect([...f.cut("😀".repeat(100))]).toHaveLength(80);
    expect(f.cut("short")).toBe("short");
  });
});
