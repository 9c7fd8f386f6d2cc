import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../src/messages";
import { lineText, promiseOf } from "../src/panel/afterCall/summaryText";

const line = { part: "SENTIMENT" as const, text: "negative, then positive", utteranceIds: [], owner: null, due: null };

describe("a summary's line", () => {
  it("says how a mood went in the panel's language", () => {
    expect(lineText(line, LANGUAGES.de)).toBe("negativ, dann positiv");
    expect(lineText(line, LANGUAGES.en)).toBe("negative, then positive");
  });

  it("stays as it is where an agent has written it, and in every other part", () => {
    const t = LANGUAGES.de;
    expect(lineText({ ...line, text: "Erst laut, dann ruhig" }, t)).toBe("Erst laut, dann ruhig");
    expect(lineText({ ...line, part: "OUTCOME" }, t)).toBe("negative, then positive");
  });

  it("names who promised as whoever speaks is named", () => {
    const promise = { ...line, part: "PROMISE" as const, text: "I will call", owner: "AGENT" as const };
    expect(promiseOf(promise, { t: LANGUAGES.de, locale: "de" })).toBe(LANGUAGES.de.agent);
  });
});
