import { expect, it } from "vitest";
import { LANGUAGES, forObserver } from "../src/messages";

it("who looks on is not told of keys that act", () => {
  expect(forObserver(LANGUAGES.en).announceReply).toBe("");
  expect(forObserver(LANGUAGES.de).agent).toBe("Agent");
});
