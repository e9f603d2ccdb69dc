import { expect, it } from "vitest";
import { barrierOf } from "./rights";

const roles = [
  { id: "viewer", rights: ["read"] }, { id: "researcher", rights: ["read", "plan", "run"] }, { id: "operator", rights: ["read", "plan", "run", "operate"] },
  { id: "admin", rights: ["read", "plan", "run", "operate", "administer"] },
];

it("names the roles that may, and nothing where one may oneself", () => {
  expect(barrierOf({ role: "viewer", rights: ["read"] }, "plan", roles)).toBe("Your role viewer may not. A researcher, an operator or an admin may.");
  expect(barrierOf({ role: "operator", rights: roles[2]!.rights }, "administer", roles)).toBe("Your role operator may not. An admin may.");
  expect(barrierOf({ role: "operator", rights: roles[2]!.rights }, "operate", roles)).toBeNull();
  expect(barrierOf({ role: "viewer", rights: [] }, "read", [])).toBe("Your role viewer may not.");
});
