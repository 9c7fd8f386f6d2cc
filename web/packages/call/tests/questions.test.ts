/** What stays of a question over a reload, and what must not. */
import { CONTACT } from "@sotto/realtime/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { type AnswerStore, type Question, type QuestionResult, answerStoreIn } from "../src/questions";

const ofTheCall: QuestionResult = { from: "call", answer: { question: "was [card number] charged", text: "", origin: "QUOTED", utterances: [] } };
const ofTheKnowledge: QuestionResult = { from: "knowledge", assist: { sentences: [{ text: "Never.", sources: [0] }], origin: "QUOTED", found: [{ text: "Never.", article: "a", title: "Charges", startChar: 0, endChar: 6, confidence: 0.5, source: "fees.pdf", date: "2026-03-31" }] } };
const anyQuestion = (...results: QuestionResult[]): Question => ({ text: "was 4111 1111 1111 1111 charged", results });

let values: Map<string, string>;
let kept: AnswerStore;

beforeEach(() => {
  values = new Map();
  kept = answerStoreIn(() => storageOver(values));
});

function storageOver(stored: Map<string, string>): Storage {
  return {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  } as Storage;
}

describe("answers", () => {
  it("are kept once both are here, in the order in which they came", () => {
    kept.write(CONTACT, anyQuestion(ofTheKnowledge));
    expect(kept.read(CONTACT)).toBeNull();
    kept.write(CONTACT, anyQuestion(ofTheKnowledge, ofTheCall));
    expect(kept.read(CONTACT)?.results).toEqual([ofTheKnowledge, ofTheCall]);
  });

  it("are read as an older release of the panel stored them", () => {
    const utterances = [{ id: "u-1", speaker: "AGENT", startMs: 0, text: "It was not." }];
    const older = { from: "call", answer: { question: "was it", text: "", origin: "QUOTED", said: utterances } };
    values.set("sotto.question", JSON.stringify({ contactId: CONTACT, question: { text: "was it", results: [older, ofTheKnowledge] } }));
    expect(kept.read(CONTACT)?.results[0]).toEqual({ from: "call", answer: { question: "was it", text: "", origin: "QUOTED", utterances } });
  });

  it("of the articles are read as an older release stored them, the best as the answer", () => {
    const found = [{ text: "Never.", article: "a", title: "Charges" }, { text: "Often.", article: "b", title: "Fees" }];
    values.set("sotto.question", JSON.stringify({ contactId: CONTACT, question: { text: "was it", results: [{ from: "knowledge", answers: found }] } }));
    expect(kept.read(CONTACT)?.results[0]).toEqual({ from: "knowledge", assist: { sentences: [{ text: "Never.", sources: [0] }], origin: "QUOTED", found } });
  });

  it("whose sources are no places among what was found are not read", () => {
    const assist = { sentences: [{ text: "Never.", sources: [1] }], origin: "QUOTED", found: [{ text: "Never.", article: "a", title: "Charges" }] };
    values.set("sotto.question", JSON.stringify({ contactId: CONTACT, question: { text: "was it", results: [{ from: "knowledge", assist }] } }));
    expect(kept.read(CONTACT)).toBeNull();
  });

  it("are kept under the question without what is private in it", () => {
    kept.write(CONTACT, anyQuestion(ofTheCall, ofTheKnowledge));
    expect(kept.read(CONTACT)?.text).toBe("was [card number] charged");
    expect([...values.values()].join()).not.toContain("4111");
  });

  it("are not kept where nobody said what is private", () => {
    kept.write(CONTACT, anyQuestion({ from: "call", failed: true }, ofTheKnowledge));
    expect(values.size).toBe(0);
  });

  it("of another call, or of a question that was cleared, are gone", () => {
    kept.write(CONTACT, anyQuestion(ofTheCall, ofTheKnowledge));
    expect(kept.read("another-call")).toBeNull();
    kept.write(CONTACT, null);
    expect(kept.read(CONTACT)).toBeNull();
  });

  it("give way to the next question, also while it is unanswered", () => {
    kept.write(CONTACT, anyQuestion(ofTheCall, ofTheKnowledge));
    kept.write(CONTACT, anyQuestion());
    expect(kept.read(CONTACT)).toBeNull();
  });

  it("cost nothing where the browser keeps nothing, or something else", () => {
    const refusing = answerStoreIn(() => {
      throw new Error("SecurityError");
    });
    refusing.write(CONTACT, anyQuestion(ofTheCall, ofTheKnowledge));
    expect(refusing.read(CONTACT)).toBeNull();
    for (const other of ["{", "7", '{"contactId":"c","question":{}}', JSON.stringify({ contactId: CONTACT, question: { text: "q", results: [{ from: "call", answer: {} }] } })]) {
      values.set("sotto.question", other);
      expect(kept.read(CONTACT)).toBeNull();
    }
  });
});
