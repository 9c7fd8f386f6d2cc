import { expect, it } from "vitest";
import { de } from "../src/messages/de";
import { en } from "../src/messages/en";

function textsOf(value: unknown, path = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [`${path} ${[...String(value).matchAll(/\{\w+\}/g)].map(String).sort().join(" ")}`];
  return Object.entries(value).flatMap(([key, part]) => textsOf(part, `${path}.${key}`));
}

it("both languages have the same texts with the same places", () => {
  const german = new Set(textsOf(de));
  const english = new Set(textsOf(en));
  expect([...german].filter((each) => !english.has(each))).toEqual([]);
  expect([...english].filter((each) => !german.has(each))).toEqual([]);
});
