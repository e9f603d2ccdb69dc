import { describe, expect, it } from "vitest";
import type { PackFinding, PackListed } from "../../api/client";
import { bounds, changeOf, grouped, limit, offsetOf, pathOf, placeOf, valueOf } from "./model";

const pack = (pack_id: string, version: string): PackListed => ({ id: `${pack_id}@${version}`, pack_id, version, name: pack_id, description: "", author: "", hash: "", strategies: [] });

describe("packs", () => {
  it("are grouped with the newest release in front, a preview never standing for it", () => {
    const [one, other] = grouped([pack("a", "1.0.0"), pack("a", "1.1.0"), pack("a", "2.0.0-beta"), pack("b", "0.1.0-beta")]);
    expect(one!.newest.version).toBe("1.1.0");
    expect(one!.versions.map((v) => v.version)).toEqual(["2.0.0-beta", "1.1.0", "1.0.0"]);
    expect(other!.newest.version).toBe("0.1.0-beta");
    expect(pathOf(one!.newest)).toBe("/packs/a/1.1.0");
  });
});

describe("limits", () => {
  it("carry their unit", () => {
    const gate = { block: "quality", key: "x", label: "x", comparator: ">=", required: 30, unit: "count" };
    expect(limit(gate)).toBe("at least 30");
    expect(limit({ ...gate, comparator: "<=", required: 0.25, unit: "drawdown" })).toBe("at most 25.00%");
    expect(limit({ ...gate, required: 100_000, unit: "shares" })).toBe("at least 100,000 shares");
    expect(limit({ ...gate, required: null })).toBe("left to the platform");
  });
  it("of parameters say whether an end is excluded", () => {
    expect(bounds({ key: "max_position_pct", min: 0, max: 5, whole: false, min_excluded: true })).toBe("above 0% to 5%");
    expect(bounds({ key: "rsi_period", min: 2, max: 500, whole: true, min_excluded: false })).toBe("2 to 500, whole");
    expect(valueOf("time_stop_days", 1)).toBe("1 day");
    expect(valueOf("stop_loss_pct", null)).toBe("off");
  });
});

describe("findings", () => {
  const finding: PackFinding = { code: "PCK-1006", level: "error", path: "strategies.yaml:6:9", file: "strategies.yaml", line: 6, column: 9, message: "", remediation: "" };
  it("name file, line and column where they have them", () => {
    expect(placeOf(finding)).toBe("strategies.yaml:6:9");
    expect(placeOf({ ...finding, file: null, line: null, column: null, path: "gates.yaml" })).toBe("gates.yaml");
  });
  it("lead to their place in the text, and never past its line", () => {
    const text = "one\ntwo three\nfour";
    expect(text.slice(offsetOf(text, 2, 5))).toBe("three\nfour");
    expect(offsetOf(text, 2, 500)).toBe(13);
    expect(offsetOf(text, 9)).toBe(text.length);
    expect(offsetOf(text, 1)).toBe(0);
  });
});

describe("changes", () => {
  it("are told by a sign and a word", () => {
    expect([changeOf({ before: null, after: "1" }), changeOf({ before: "1", after: null }), changeOf({ before: "1", after: "2" })].map((c) => c.sign + c.word)).toEqual(["+added", "−removed", "~changed"]);
  });
});
