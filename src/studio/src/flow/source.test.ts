import { expect, it } from "vitest";
import { linesOfStep } from "./source";

const text = `workflow: w
steps:
  a: { uses: x }
  # two at most
  train:
    uses: learning.train
    with: { a: 1 }
      # deeper

  deploy:
    with:
      train: y
tests:
  - train: z
`;

it("finds a step with its comment, and nothing of the next one", () => {
  expect(linesOfStep(text, "train")).toEqual({ first: 4, lines: ["  # two at most", "  train:", "    uses: learning.train", "    with: { a: 1 }"] });
  expect(linesOfStep(text, "a")?.lines).toEqual(["  a: { uses: x }"]);
  expect(linesOfStep(text, "deploy")?.lines).toEqual(["  deploy:", "    with:", "      train: y"]);
});

it("has nothing for a step that is not there", () => {
  expect(linesOfStep(text, "monitor")).toBeNull();
  expect(linesOfStep("workflow: w", "a")).toBeNull();
});
