import { expect, it } from "vitest";
import { expiryOf, isSupervisor, roleOf } from "../src/token";

const token = (claims: object) => `x.${btoa(JSON.stringify(claims))}.y`;

it("a token that does not say when it expires is taken to last", () => {
  expect([expiryOf("opaque"), expiryOf("a.b.c"), expiryOf(token({ exp: 5 }))]).toEqual([Infinity, Infinity, 5000]);
});

it("who looks on is said by the token", () => {
  expect(isSupervisor(token({ role: "supervisor" }))).toBe(true);
  expect(isSupervisor(token({ role: "agent" }))).toBe(false);
  expect(isSupervisor(token({}))).toBe(false);
  expect(isSupervisor("no token")).toBe(false);
  expect([roleOf(token({ role: "quality" })), roleOf(token({ role: 7 })), roleOf("no token")]).toEqual(["quality", "agent", "agent"]);
});
