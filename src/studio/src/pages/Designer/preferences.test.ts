import { describe, expect, it } from "vitest";
import { readPreferences, standards, writtenPreferences } from "./preferences";

describe("how somebody likes the designer", () => {
  it("is read as it was written, and what was never chosen is that of the screen", () => {
    const liked = { ...standards(1440), direction: "LR" as const, side: 512, isYamlFirst: true };
    expect(readPreferences(writtenPreferences(liked, 1440), 1440)).toEqual(liked);
    expect(readPreferences(writtenPreferences(liked, 1440), 1100).kinds).toBe(164);
    expect(writtenPreferences(standards(1440), 1440)).toBe("{}");
  });

  it("is the standard where nothing readable was kept, and never outside its limits", () => {
    for (const kept of [null, "", "{", "null", "7", '{"side":"wide","direction":"up"}', '{"side":null}']) expect(readPreferences(kept, 1440)).toEqual(standards(1440));
    expect(readPreferences('{"side":99999,"kinds":-4,"form":1e9}', 1440)).toMatchObject({ side: 820, kinds: 140, form: 85 });
  });
});
