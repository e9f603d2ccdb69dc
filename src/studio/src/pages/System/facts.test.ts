import { describe, expect, it } from "vitest";
import { lookOf } from "../../flow/states";
import { auditAsked, messageState, nodeState, recordOf, scopesFor } from "./facts";

it("every state of a node and of a message has a look", () => {
  for (const state of ["working", "draining", "left", "dead"]) expect(lookOf(nodeState(state)).glyph, state).not.toBe("dots");
  for (const status of ["waiting", "pending", "retrying", "delivered", "given_up", "unwanted"]) expect(lookOf(messageState(status)).glyph, status).not.toBe("dots");
  expect(nodeState("later")).toBe("later");
});

it("the filter of the record stands in the address, and what it does not know is named", () => {
  expect(auditAsked(new URLSearchParams("f=actor:ana&f=action:user&q=apr_1"))).toEqual({ actor: "ana", action: "user", about: "apr_1", unknown: [] });
  expect(auditAsked(new URLSearchParams("f=seq:3&f=loose")).unknown).toEqual(["seq:3", "loose"]);
});

it("a verdict leads to its record", () => {
  expect([recordOf("audit record 17"), recordOf(null), recordOf("audit")]).toEqual([17, null, null]);
});

describe("scopes of a key", () => {
  it("are those that let its owner do anything", () => {
    expect(scopesFor(["read"])).toEqual(["read"]);
    expect(scopesFor(["read", "approve"])).toEqual(["read", "vote"]);
    expect(scopesFor(["read", "plan", "run", "approve", "operate"])).toEqual(["read", "run", "vote"]);
    expect(scopesFor(["read", "plan", "run", "approve", "operate", "administer"])).toEqual(["read", "run", "vote", "admin"]);
  });
});
