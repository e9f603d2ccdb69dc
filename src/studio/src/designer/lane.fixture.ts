/** A lane of five steps with comments in every place, and the step kinds that it uses, as the server lists them. */
import { kindsOf } from "./types";

const expression = { $ref: "#/definitions/expression" };
const number = (type: string): object => ({ anyOf: [{ type }, expression, { type: "null" }] });

export const kinds = kindsOf([
  { id: "store.bootstrap", summary: "Prepares the store", state: "built", is_reusable: false, with: { type: ["object", "null"], properties: {} }, outputs: { type: "object", properties: { version: { type: "string" } } } },
  {
    id: "market.align", summary: "Brings bars up to date", state: "built", is_reusable: true,
    with: { type: "object", properties: { ticker: { type: "string" }, days: number("integer") }, required: ["ticker"] },
    outputs: { type: "object", properties: { snapshot: { type: "string" }, sessions: { type: "integer" } } },
  },
  {
    id: "backtest.sweep", summary: "Runs the combos of a grid", state: "built", is_reusable: true,
    with: { type: "object", properties: { snapshot: { type: "string" }, kind: { enum: ["simple", "custom"] }, select: number("integer"), set: { anyOf: [{ type: "object" }, expression, { type: "null" }] } }, required: ["snapshot"] },
    outputs: { type: "object", properties: { sweep: { type: "string" }, best: { type: "array", items: { type: "integer" } }, passed: { type: "integer" } } },
  },
  {
    id: "learning.train", summary: "Trains a model on a combo", state: "built", is_reusable: true,
    with: { type: "object", properties: { sweep: { type: "string" }, combo: { anyOf: [{ type: "integer" }, expression] } }, required: ["sweep", "combo"] },
    outputs: { type: "object", properties: { trained_model: { type: "string" } } },
  },
  {
    id: "approval", summary: "Waits for votes", state: "built", is_reusable: false,
    with: { type: "object", properties: { subject: { type: "string" }, votes: { anyOf: [{ type: "array", items: { enum: ["gates", "person"] } }, expression] } }, required: ["subject"] },
    outputs: { type: "object", properties: { decision: { type: "string" } } },
  },
]);

export const lane = `# The lane, by hand.
workflow: lane
version: 1.0.0
summary: 'Five steps'   # in one sentence
parameters:
  ticker: { type: symbol, default: MKT.SYN }
  select: { type: int, default: 2, min: 1, max: 5 }

steps:
  bootstrap: { uses: store.bootstrap }

  # Bars first: everything else reads them.
  align:
    uses: market.align
    needs: [bootstrap]        # the store must be there
    with: { ticker: "{params.ticker}" }
    timeout: 10m
  sweep:
    uses: backtest.sweep
    with:
      # the same bars for all
      snapshot: "{steps.align.outputs.snapshot}"
      kind: simple
      select: "{params.select}"
  # two at most: the machine has two cores
  train:
    uses: learning.train
    for_each: { in: "{steps.sweep.outputs.best(params.select)}", as: combo, max_parallel: 2 }
    with: { sweep: "{steps.sweep.outputs.sweep}", combo: "{combo}" }
    retry: { attempts: 3, first: 5s, on: [timeout] }
  approve:
    uses: approval
    when: steps.sweep.outputs.passed > 0
    with: { subject: "{steps.train.outputs[0].trained_model}", votes: [gates, person] }
tests:
  - name: nothing passes, nobody is asked
    mock: { sweep: { passed: 0 } }
    expect: { approve: skipped, run: completed }
`;
