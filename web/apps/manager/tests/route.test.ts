import { expect, it } from "vitest";
import { hrefOf, refined, routeOf } from "../src/routes/route";

it("an address says the page and what is seen there", () => {
  const route = routeOf("#/conversations/7c%2F1f?at=customer-1000");
  expect(route.path).toEqual(["conversations", "7c/1f"]);
  expect(route.query.get("at")).toBe("customer-1000");
});

it.each(["", "#", "#/", "#//"])("an address without a page names none: %j", (hash) => {
  expect(routeOf(hash).path).toEqual([]);
});

it("an address with a broken escape is still an address", () => {
  expect(routeOf("#/conversations/%E0%A4%A").path).toEqual(["conversations", "%E0%A4%A"]);
});

it("what is made into an address comes out of it again", () => {
  const href = hrefOf(["conversations", "a b/ü?#"], { q: "fee & more", page: null, none: "" });
  expect(routeOf(href).path).toEqual(["conversations", "a b/ü?#"]);
  expect([...routeOf(href).query]).toEqual([["q", "fee & more"]]);
});

it("a part of the query is changed, and the rest stays", () => {
  expect(refined(routeOf("#/live?q=leave&risk=1&page=3"), { page: null, sort: "-since" })).toBe("#/live?q=leave&risk=1&sort=-since");
});
