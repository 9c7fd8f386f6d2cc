import type { Annotation } from "@sotto/api";
import { anyAnnotation, anyUtterance } from "@sotto/realtime/testing";
import { describe, expect, it } from "vitest";
import { factsOf } from "../src/facts";
import { emptyCall, withAnnotations, withUtterances } from "../src/state";

const NOW = 5_000_000;

function fact(seq: number, title: string, utteranceId: string, ...spans: [number, number][]): Annotation {
  const evidence = spans.map(([startChar, endChar]) => ({ utteranceId, startChar, endChar }));
  return anyAnnotation({ id: `f-${seq}`, seq, kind: "MOMENT", title, utteranceId, evidence, isFact: true });
}

const spoken = (id: string, text: string, ...hidden: [number, number][]) =>
  anyUtterance({ id, startMs: 1_000, text, private: hidden.map(([startChar, endChar]) => ({ kind: "NAME", startMs: 0, endMs: 0, startChar, endChar })) });

const of = (utterances: ReturnType<typeof spoken>[], ...facts: Annotation[]) => factsOf(withAnnotations(withUtterances(emptyCall, utterances, NOW), facts, NOW));

describe("the facts of a call", () => {
  it("are the words themselves, by title, each once and what came last at the end", () => {
    const words = [spoken("a", "Twelve dollars, or 12 dollars, on Friday"), spoken("b", "yes, twelve dollars")];
    expect(of(words, fact(1, "Amount", "a", [0, 14], [19, 29]), fact(2, "Date", "a", [34, 40]), fact(3, "Amount", "b", [5, 19]))).toEqual([
      { title: "Amount", values: ["12 dollars", "twelve dollars"] },
      { title: "Date", values: ["Friday"] },
    ]);
  });

  it("count code points, as the server does", () => {
    expect(of([spoken("a", "🙂🙂 ten dollars")], fact(1, "Amount", "a", [3, 14]))).toEqual([{ title: "Amount", values: ["ten dollars"] }]);
  });

  it("show nothing that is masked, and wait for words that are not here yet", () => {
    expect(of([spoken("a", "[name] on Friday", [0, 6])], fact(1, "Name", "a", [0, 6]), fact(2, "Date", "b", [0, 6]))).toEqual([]);
  });

  it("are the latest four of a title", () => {
    const words = Array.from({ length: 6 }, (_, n) => spoken(`u${n}`, `${n} dollars`));
    const [amounts] = of(words, ...words.map((each, n) => fact(n + 1, "Amount", each.id, [0, 9])));
    expect(amounts?.values).toEqual(["2 dollars", "3 dollars", "4 dollars", "5 dollars"]);
  });

  it("are no other moments", () => {
    expect(of([spoken("a", "ten dollars")], anyAnnotation({ kind: "MOMENT", utteranceId: "a", evidence: [{ utteranceId: "a", startChar: 0, endChar: 3 }] }))).toEqual([]);
  });
});
