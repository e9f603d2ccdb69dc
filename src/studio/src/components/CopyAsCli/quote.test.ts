import { expect, it } from "vitest";
import { typed } from "./quote";

it("quotes what a shell would take apart", () => {
  expect(typed(["./sigmatiq", "runs", "cancel", "run_1", "--reason", "it's late; $(rm)"])).toBe("./sigmatiq runs cancel run_1 --reason 'it'\\''s late; $(rm)'");
  expect(typed(["a", ""])).toBe("a ''");
});

it("writes out what turns the direction or is not seen, so that what is pasted is what was meant", () => {
  expect(typed(["--name", "x\u202eevil"])).toBe("--name $'x\\u202eevil'");
  expect(typed(["it's \u200b\\ here\nand\tthere\u0007"])).toBe("$'it\\'s \\u200b\\\\ here\\nand\\tthere\\u0007'");
  expect(typed(["\u0440\u0443\u0441"])).toBe("'\u0440\u0443\u0441'");
});
