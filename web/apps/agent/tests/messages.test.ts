import { expect, it } from "vitest";
import { LANGUAGES, lookingOn } from "../src/messages";

it("who looks on is not told of keys that act", () => {
  expect(lookingOn(LANGUAGES.en).announceReply).toBe("");
  expect(lookingOn(LANGUAGES.de).agent).toBe("Agent");
});
