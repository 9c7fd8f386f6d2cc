import type { Annotation, Utterance } from "@sotto/api";
import { anyAnnotation, anyUtterance } from "@sotto/realtime/testing";
import { describe, expect, it } from "vitest";
import { age, allCards, cardsBelow, currentCards, earlierCards, nextCardChange, outcomeOf } from "../src/cards";
import { marksOf, piecesOf } from "../src/marks";
import { optimisticFeedback } from "../src/outbox";
import { type CallState, emptyCall, withAnnotations, withFeedback, withUtterances } from "../src/state";
import { chooseTopCard } from "../src/topCard";

const NOW = 5_000_000;
const stateWith = (...notes: Annotation[]): CallState => withAnnotations(emptyCall, notes, NOW);
const texts = (state: CallState): string[] => state.utterances.map((utterance) => utterance.text);
const titles = (cards: readonly { title: string }[]): string[] => cards.map((card) => card.title);

describe("the transcript", () => {
  const interim = (text: string, endMs: number) => anyUtterance({ id: "p", seq: 0, startMs: 1000, endMs, text });

  it("lets an interim grow and settle in its place", () => {
    let state = withUtterances(emptyCall, [interim("I", 1100)], NOW);
    state = withUtterances(state, [anyUtterance({ id: "a", seq: 1, speaker: "AGENT", startMs: 1500, text: "yes" })], NOW);
    state = withUtterances(state, [interim("I want", 1600)], NOW);
    state = withUtterances(state, [anyUtterance({ id: "p", seq: 2, startMs: 1000, endMs: 1900, text: "I want out." })], NOW);
    expect(texts(state)).toEqual(["I want out.", "yes"]);
  });

  it("ignores an interim that comes after its final, or after a longer one", () => {
    let state = withUtterances(emptyCall, [interim("I want", 1600), interim("I", 1100)], NOW);
    expect(texts(state)).toEqual(["I want"]);
    state = withUtterances(state, [anyUtterance({ id: "p", startMs: 1000, endMs: 1900, text: "I want out." })], NOW);
    expect(texts(withUtterances(state, [interim("I want", 1700)], NOW))).toEqual(["I want out."]);
  });

  it("lets a final take away the interims whose words it holds, whatever their id", () => {
    const state = withUtterances(emptyCall, [interim("I want", 1600), anyUtterance({ id: "q", startMs: 900, endMs: 2000, text: "I want out." })], NOW);
    expect(texts(state)).toEqual(["I want out."]);
  });

  it("keeps one running interim a speaker", () => {
    const state = withUtterances(emptyCall, [interim("I", 1100), anyUtterance({ id: "later", seq: 0, startMs: 4000, text: "well" })], NOW);
    expect(texts(state)).toEqual(["well"]);
  });

  it("is in the order of speaking, whatever the order of arrival", () => {
    const state = withUtterances(emptyCall, [anyUtterance({ seq: 3 }), anyUtterance({ seq: 1 }), anyUtterance({ seq: 2 })], NOW);
    expect(state.utterances.map((utterance) => utterance.seq)).toEqual([1, 2, 3]);
  });

  it("does not change at all for nothing new", () => {
    const state = withUtterances(emptyCall, [anyUtterance()], NOW);
    expect(withUtterances(state, [anyUtterance({ seq: 0, startMs: 1000, isFinal: false })], NOW)).toBe(state);
  });
});

describe("the cards", () => {
  it("are ranked by gravity and freshness", () => {
    const state = stateWith(anyAnnotation({ seq: 1, severity: "HIGH" }), anyAnnotation({ seq: 2, severity: "INFO" }), anyAnnotation({ seq: 3, severity: "MEDIUM" }));
    expect(titles(currentCards(state, NOW, null))).toEqual(["Card 1", "Card 3", "Card 2"]);
  });

  it("a fresh one passes a graver one that has grown old", () => {
    const state = stateWith(anyAnnotation({ seq: 1, severity: "MEDIUM", atMs: 0 }), anyAnnotation({ seq: 2, severity: "LOW", atMs: 60_000 }));
    expect(titles(currentCards(state, NOW, null))).toEqual(["Card 2", "Card 1"]);
  });

  it("leave when their time is over, counted from the moment in the call", () => {
    const state = stateWith(anyAnnotation({ seq: 1, atMs: 10_000, expiresMs: 30_000 }), anyAnnotation({ seq: 2, atMs: 35_000, expiresMs: 30_000 }));
    expect(nextCardChange(state, NOW)).toBe(NOW + 5_000);
    expect(titles(currentCards(state, NOW + 6_000, null))).toEqual(["Card 2"]);
    expect(titles(earlierCards(state, NOW + 6_000, null))).toEqual(["Card 1"]);
  });

  it("have only what is left of their life when they come late, whatever the server's clock says", () => {
    let state = withUtterances(emptyCall, [anyUtterance({ seq: 1, endMs: 10_000 })], NOW);
    // The line was cut for a minute; the card was made 5 s into it.
    state = withAnnotations(state, [anyAnnotation({ seq: 1, atMs: 15_000, expiresMs: 90_000 })], NOW + 60_000);
    expect(nextCardChange(state, NOW + 60_000)).toBe(NOW + 95_000);
    state = withAnnotations(state, [anyAnnotation({ seq: 2, atMs: 12_000, expiresMs: 30_000 })], NOW + 60_000);
    expect(titles(currentCards(state, NOW + 60_000, null))).toEqual(["Card 1"]);
  });

  it("that were fetched before anything was heard grow older with the first word", () => {
    let state = withAnnotations(emptyCall, [anyAnnotation({ seq: 1, atMs: 10_000, expiresMs: 60_000 })], NOW);
    expect(nextCardChange(state, NOW)).toBe(NOW + 60_000);
    state = withUtterances(state, [anyUtterance({ seq: 1, startMs: 40_000, endMs: 41_000 })], NOW + 1_000);
    expect(nextCardChange(state, NOW + 1_000)).toBe(NOW + 30_000);
  });

  it("stay while the agent is using them", () => {
    const state = stateWith(anyAnnotation({ seq: 1, expiresMs: 1_000 }));
    expect(titles(currentCards(state, NOW + 60_000, "n-1"))).toEqual(["Card 1"]);
  });

  it("leave when the agent has dealt with them, also after a reload", () => {
    const feedback = { annotationId: "n-1", acknowledgedAtMs: 1, dismissedAtMs: null, ratedAtMs: null, rating: null, reason: null };
    expect(currentCards(withFeedback(stateWith(anyAnnotation()), [feedback]), NOW, null)).toEqual([]);
  });

  it("leave by themselves when what they asked for has been done, in whatever order that is heard", () => {
    const [offer, taken] = [anyAnnotation({ seq: 1 }), anyAnnotation({ seq: 2, withdraws: "n-1" })];
    for (const notes of [[offer, taken], [taken, offer]]) {
      expect(currentCards(stateWith(...notes), NOW, null)).toEqual([]);
      expect(allCards(stateWith(...notes)).map((card) => outcomeOf(stateWith(...notes), card.id))).toEqual(["acknowledged"]);
    }
  });

  it("that gave way to another were not used by that", () => {
    const [offer, taken] = [anyAnnotation({ seq: 1 }), anyAnnotation({ seq: 2, withdraws: "n-1", because: "REPLACED" })];
    const state = stateWith(offer, taken);
    expect(currentCards(state, NOW, null)).toEqual([]);
    expect(outcomeOf(state, "n-1")).toBe("expired");
  });

  it("that are grave stand first below the top one, each kind in its own order", () => {
    const state = stateWith(...(["LOW", "HIGH", "MEDIUM", "HIGH"] as const).map((severity, index) => anyAnnotation({ seq: index + 1, atMs: index * 200_000, severity })));
    const cards = currentCards(state, NOW, null);
    expect(titles(cardsBelow(cards, cards[0]?.id))).toEqual(["Card 2", "Card 3", "Card 1"]);
  });

  it("that were dismissed come back when that is taken back", () => {
    const dismissed = withFeedback(stateWith(anyAnnotation()), [optimisticFeedback(undefined, { type: "dismiss", annotationId: "n-1" }, NOW)]);
    expect(currentCards(dismissed, NOW, null)).toEqual([]);
    const back = optimisticFeedback(dismissed.feedback.get("n-1"), { type: "restore", annotationId: "n-1" }, NOW);
    expect(titles(currentCards(withFeedback(dismissed, [back]), NOW, null))).toEqual(["Card 1"]);
  });

  describe("about a silence", () => {
    const hint = anyAnnotation({ seq: 1, atMs: 14_000, utteranceId: "last", expiresMs: 20_000 });
    const after = (spoken: Partial<Utterance>, shown = hint) => {
      const last = anyUtterance({ id: "last", startMs: 1_000, endMs: 2_000 });
      const state = withUtterances(emptyCall, [last, anyUtterance({ seq: 2, ...spoken })], NOW);
      return titles(currentCards(withAnnotations(state, [shown], NOW), NOW, null));
    };

    it("go when the agent speaks again", () => {
      expect(after({ speaker: "AGENT", startMs: 14_500, isFinal: false })).toEqual([]);
      expect(after({ speaker: "CUSTOMER", startMs: 14_500 })).toEqual(["Card 1"]);
    });

    it("are told from those that are about something else", () => {
      const again: Partial<Utterance> = { speaker: "AGENT", startMs: 14_500 };
      expect(after(again, { ...hint, severity: "HIGH" })).toEqual(["Card 1"]);
      expect(after(again, { ...hint, stagesMs: '{"infer": 20}' })).toEqual(["Card 1"]);
      expect(after(again, { ...hint, expiresMs: null })).toEqual(["Card 1"]);
      expect(after({ speaker: "AGENT", startMs: 8_000 })).toEqual(["Card 1"]); // was not silent
    });
  });

  it("are moments only where they are grave and nothing is offered for them", () => {
    const moment = anyAnnotation({ seq: 1, id: "m", kind: "MOMENT", severity: "HIGH", utteranceId: "u", title: "May leave" });
    const later = NOW + 2_000;
    expect(titles(currentCards(stateWith(moment), later, null))).toEqual(["May leave"]);
    expect(titles(currentCards(stateWith(moment, anyAnnotation({ seq: 2, utteranceId: "u" })), later, null))).toEqual(["Card 2"]);
    expect(currentCards(stateWith({ ...moment, severity: "LOW" }), later, null)).toEqual([]);
  });

  it("a grave moment waits a little for the action that answers it", () => {
    const state = stateWith(anyAnnotation({ kind: "MOMENT", severity: "HIGH" }));
    expect(currentCards(state, NOW, null)).toEqual([]);
    expect(nextCardChange(state, NOW)).toBe(NOW + 1_500);
    expect(currentCards(state, NOW + 1_500, null)).toHaveLength(1);
  });

  it("show how much of their time has passed", () => {
    const note = { ...anyAnnotation({ expiresMs: 10_000 }), shownAt: NOW, arrivedAt: NOW };
    expect([age(note, NOW), age(note, NOW + 2_500), age(note, NOW + 99_000)]).toEqual([0, 0.25, 1]);
  });
});

describe("the card on top", () => {
  const given = { opened: null, pinned: null, before: null, now: NOW };
  const cards = (...notes: Annotation[]) => currentCards(stateWith(...notes), NOW, null);
  const low = anyAnnotation({ seq: 1, severity: "LOW" });

  it("is the most important one", () => {
    expect(chooseTopCard(cards(low, anyAnnotation({ seq: 2 })), given)?.id).toBe("n-2");
  });

  it("may be read before another takes its place", () => {
    const both = cards(low, anyAnnotation({ seq: 2 }));
    const before = { id: "n-1", since: NOW };
    expect(chooseTopCard(both, { ...given, before, now: NOW + 1_000 })?.id).toBe("n-1");
    expect(chooseTopCard(both, { ...given, before, now: NOW + 4_000 })?.id).toBe("n-2");
  });

  it("gives way at once to a grave one", () => {
    const both = cards(low, anyAnnotation({ seq: 2, severity: "HIGH" }));
    expect(chooseTopCard(both, { ...given, before: { id: "n-1", since: NOW }, now: NOW + 100 })?.id).toBe("n-2");
  });

  it("stays while a hand is on it, even before a grave one", () => {
    const both = cards(low, anyAnnotation({ seq: 2, severity: "HIGH" }));
    const before = { id: "n-1", since: NOW };
    expect(chooseTopCard(both, { ...given, before, pinned: "n-1", now: NOW + 60_000 })?.id).toBe("n-1");
  });

  it("is the one that the agent opened", () => {
    const both = cards(low, anyAnnotation({ seq: 2 }));
    expect(chooseTopCard(both, { ...given, before: { id: "n-2", since: NOW }, opened: "n-1", now: NOW + 10 })?.id).toBe("n-1");
  });
});

describe("words", () => {
  it("are cut where a mask or evidence begins and ends", () => {
    const line = anyUtterance({ text: "my card is [CARD] ok", private: [{ kind: "card_number", startChar: 11, endChar: 17 }] });
    const evidence = [{ evidence: [{ utteranceId: line.id, startChar: 3, endChar: 7 }] }];
    expect(piecesOf(line.text, marksOf(line, evidence)).map((piece) => [piece.text, piece.mask, piece.isEvidence])).toEqual([
      ["my ", null, false],
      ["card", null, true],
      [" is ", null, false],
      ["[CARD]", "card_number", false],
      [" ok", null, false],
    ]);
  });

  it("show words that the recogniser doubted, inside what a moment rests on too", () => {
    const line = anyUtterance({ text: "block my heart now", doubtful: [{ startChar: 9, endChar: 14 }] });
    const evidence = [{ evidence: [{ utteranceId: line.id, startChar: 0, endChar: 14 }] }];
    expect(piecesOf(line.text, marksOf(line, evidence)).map((piece) => [piece.text, piece.isDoubtful, piece.isEvidence])).toEqual([
      ["block my ", false, true],
      ["heart", true, true],
      [" now", false, false],
    ]);
    expect(marksOf({ ...line, doubtful: null }, [])).toEqual([]);
  });

  it("are counted as the server counts them, beyond the first sixteen bits too", () => {
    const pieces = piecesOf("😀😀 cancel", [{ start: 3, end: 9, mask: null }]);
    expect(pieces.map((piece) => piece.text)).toEqual(["😀😀 ", "cancel"]);
  });

  it("with marks that lie outside are shown whole", () => {
    expect(piecesOf("short", [{ start: 2, end: 99, mask: "x" }]).map((piece) => piece.text)).toEqual(["short"]);
  });
});
