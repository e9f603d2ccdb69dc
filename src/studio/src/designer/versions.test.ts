import { describe, expect, it } from "vitest";
import { versionOrder } from "./versions";

describe("versions", () => {
  it("come in the order of their numbers", () => {
    expect(["1.10.0", "1.9.0", "2.0.0", "1.9.10", "1.9.2"].sort(versionOrder)).toEqual(["1.9.0", "1.9.2", "1.9.10", "1.10.0", "2.0.0"]);
    expect(versionOrder("1.0.0", "1.0.0")).toBe(0);
  });
});
