import { expect, it } from "vitest";
import { marked } from "./search";

it("marks every place, whatever its case, and loses no letter", () => {
  expect(marked("Shard 4: shard 4 done", "shard 4")).toEqual([{ text: "Shard 4", hit: true }, { text: ": ", hit: false }, { text: "shard 4", hit: true }, { text: " done", hit: false }]);
  expect(marked("plain", " ")).toEqual([{ text: "plain", hit: false }]);
  expect(marked("a.b", ".").map((p) => p.text).join("")).toBe("a.b");
  expect(marked("", "x")).toEqual([{ text: "", hit: false }]);
});
