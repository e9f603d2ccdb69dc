import { describe, expect, it } from "vitest";
import { refusal } from "./http";

describe("a refusal", () => {
  it("carries code, place and remedy of the server's problem JSON", async () => {
    const body = {
      type: "about:blank", title: "Gap in DXY: 1 session missing, 12 Jan.", status: 409, code: "DATA_GAP", where: "DXY", remedy: "Fill it or run with a gap allowance.",
      problems: [{ code: "DATA_GAP", message: "Gap in DXY", where: "DXY", remedy: "Fill it." }, { code: "DATA_OLD", message: "Old", where: null, remedy: null }],
    };
    const error = await refusal(new Response(JSON.stringify(body), { status: 409 }));
    expect(error).toMatchObject({ status: 409, code: "DATA_GAP", where: "DXY", remedy: "Fill it or run with a gap allowance.", message: "Gap in DXY: 1 session missing, 12 Jan." });
    expect(error.reasons.map((r) => r.code)).toEqual(["DATA_GAP", "DATA_OLD"]);
  });

  it("of something that is not ours is told by its status", async () => {
    const error = await refusal(new Response("<html>bad gateway</html>", { status: 502, statusText: "Bad Gateway" }));
    expect(error).toMatchObject({ status: 502, code: "HTTP_502", message: "Bad Gateway", remedy: null });
  });
});
