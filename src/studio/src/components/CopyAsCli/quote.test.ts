import { expect, it } from "vitest";
import { typed } from "./quote";

it("quotes what a shell would take apart", () => {
  expect(typed(["./sigmatiq", "runs", "cancel", "run_1", "--reason", "it's late; $(rm)"])).toBe("./sigmatiq runs cancel run_1 --reason 'it'\\''s late; $(rm)'");
  expect(typed(["a", ""])).toBe("a ''");
});
