import { describe, expect, it } from "vitest";
import css from "./tokens.css?raw";

type Theme = "dark" | "light";

function tokensOf(theme: Theme): Map<string, string> {
  const block = css.split(`[data-theme="${theme}"] {`)[1]!.split("}")[0]!;
  return new Map([...block.matchAll(/--([a-z0-9]+): (#[0-9a-f]{6});/g)].map((m) => [m[1]!, m[2]!]));
}

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The ratios that the design states, on the surface, to one decimal. */
const stated: Record<string, [dark: number, light: number]> = {
  field: [3.9, 3.3],
  text: [15.3, 17.8],
  sub: [8.0, 7.8],
  mut: [5.3, 5.4],
  acc: [7.3, 5.9],
  run: [7.5, 5.7],
  ok: [8.5, 5.6],
  warn: [9.7, 5.9],
  bad: [7.2, 5.5],
  wait: [8.0, 6.4],
  retry: [7.4, 5.8],
  idle: [5.9, 6.0],
  synth: [9.8, 6.6],
};

const states = ["run", "ok", "warn", "bad", "wait", "retry", "synth"];

describe.each<Theme>(["dark", "light"])("the %s theme", (theme) => {
  const tokens = tokensOf(theme);
  const at = (name: string): string => {
    const found = tokens.get(name);
    if (found === undefined) throw new Error(`no token ${name}`);
    return found;
  };

  it.each(Object.entries(stated))("shows %s on the surface as the design states", (name, [dark, light]) => {
    expect(ratio(at(name), at("surface"))).toBeCloseTo(theme === "dark" ? dark : light, 1);
  });

  it.each(states)("lets %s be read on its own tinted ground", (name) => {
    expect(ratio(at(name), at(`${name}bg`))).toBeGreaterThanOrEqual(4.8);
  });

  it.each<readonly [string, string]>([
    ["sub", "idlebg"],
    ["sub", "bg"], ["sub", "raised"], ["sub", "hover"], ["text", "hover"], ["text", "accbg"], ["sub", "accbg"], ["mut", "bg"], ["mut", "surface"], ["acc", "bg"],
    ["acc", "accbg"], ["onacc", "acc"], ["mut", "accbg"],
    ...states.map((s) => [s, "bg"] as const),
  ])("lets %s be read on %s", (text, ground) => {
    expect(ratio(at(text), at(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it("draws fields and the focus ring strongly enough", () => {
    for (const ground of ["surface", "bg"]) {
      expect(ratio(at("field"), at(ground))).toBeGreaterThanOrEqual(3);
      expect(ratio(at("acc"), at(ground))).toBeGreaterThanOrEqual(3);
    }
  });
});

it("has the same tokens in both themes", () => {
  expect([...tokensOf("dark").keys()]).toEqual([...tokensOf("light").keys()]);
});
