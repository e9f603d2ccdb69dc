import { describe, expect, it } from "vitest";
import { stepped } from "./steps";

const of = { least: 100, most: 400, step: 16, isFar: false, isBackward: false };

describe("the line between two regions", () => {
  it("moves with the arrows of its direction alone, far with Shift, and to its ends", () => {
    expect(stepped("ArrowRight", "vertical", 200, of)).toBe(216);
    expect(stepped("ArrowLeft", "vertical", 200, { ...of, isFar: true })).toBe(136);
    expect(stepped("ArrowDown", "vertical", 200, of)).toBeNull();
    expect(stepped("ArrowDown", "horizontal", 200, of)).toBe(216);
    expect([stepped("Home", "vertical", 200, of), stepped("End", "vertical", 200, of)]).toEqual([100, 400]);
  });

  it("grows to the left where the region is on the right, and stays within its ends", () => {
    expect(stepped("ArrowLeft", "vertical", 200, { ...of, isBackward: true })).toBe(216);
    expect(stepped("ArrowRight", "vertical", 104, { ...of, isBackward: true })).toBe(100);
    expect(stepped("ArrowRight", "vertical", 395, of)).toBe(400);
  });
});
