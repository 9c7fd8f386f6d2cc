import { expect, it } from "vitest";
import { callTime, chooseLanguage, fill, localeFor, percent } from "../src/wording";

it("the language is the first of the browser's that there are texts for", () => {
  expect(chooseLanguage(["fr-FR", "de-AT", "en"], ["en", "de"], "en")).toBe("de");
  expect(chooseLanguage(["fr"], ["en", "de"], "en")).toBe("en");
});

it("numbers and times are those of the user's region where it speaks the language", () => {
  expect(localeFor("de", ["en-GB", "de-AT"])).toBe("de-AT");
  expect(localeFor("de", ["en-GB"])).toBe("de");
  expect(percent(0.256, "en")).toBe("26%");
});

it("a text keeps the holes that nothing fills", () => {
  expect(fill("{done} of {total}", { done: 1 })).toBe("1 of {total}");
});

it("a call's time is never negative", () => {
  expect([callTime(-5), callTime(61_000), callTime(3_600_000)]).toEqual(["0:00", "1:01", "60:00"]);
});
