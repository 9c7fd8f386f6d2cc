import { type ContactMessagesResult, type Feedback, GraphqlRefused } from "@sotto/api";
import type { LinkState, Listener } from "@sotto/realtime";
import { CONTACT, TurnedClock, annotationMessage, anyAnnotation, anyContact, anyNote, anySummary, message, settled } from "@sotto/realtime/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { currentCards } from "../src/cards";
import { type FeedbackStore, feedbackStoreIn } from "../src/feedbackStore";
import { answerStoreIn } from "../src/questions";
import { Session } from "../src/session";

const anyFeedback = (part: Partial<Feedback> = {}): Feedback => ({
  annotationId: "n-1",
  acknowledgedAtMs: null,
  dismissedAtMs: null,
  ratedAtMs: null,
  rating: null,
  reason: null,
  ...part,
});

function storageOver(values: Map<string, string>): Storage {
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  } as Storage;
}

let clock: TurnedClock;
let session: Session;
let link: (state: LinkState) => void;
let line: Listener<ContactMessagesResult>;
let sent: string[];
let isAttended: boolean;
let stored: Feedback[];
let trouble: Error | null;
let kept: FeedbackStore;
let open: () => Session;

beforeEach(() => {
  clock = new TurnedClock();
  sent = [];
  stored = [];
  trouble = null;
  const ask = (operation: { name: string }, given: Record<string, string | undefined>) => {
    if (trouble) return Promise.reject(trouble);
    if (operation.name === "Missed") return Promise.resolve({ contact: null, checklist: [], feedback: stored, handoverNote: null, notes: [], summary: null, utterances: [], annotations: [] });
    if (operation.name === "AskAboutCall") return Promise.resolve({ askAboutCall: { question: given["question"], text: "", origin: "QUOTED", utterances: [] } });
    sent.push([operation.name, given["annotationId"], given["reason"]].filter(Boolean).join(" "));
    const answer = operation.name === "Acknowledge" ? anyFeedback({ acknowledgedAtMs: 1 }) : anyFeedback({ rating: "DOWN" });
    return Promise.resolve({ acknowledge: answer, dismiss: answer, rate: answer });
  };
  const realtime = {
    watch: (watcher: (state: LinkState) => void) => ((link = watcher), () => true),
    attend: (isOnCall: boolean) => void (isAttended = isOnCall),
    subscribe: (_: unknown, __: unknown, given: unknown) => ((line = given as typeof line), () => undefined),
  };
  const storage = storageOver(new Map());
  kept = feedbackStoreIn(() => storage);
  const answers = answerStoreIn(() => storage);
  open = () => new Session({ realtime, graphql: { request: ask as never }, clock, random: () => 0.5, feedbackStore: kept, answers });
  session = open();
});

/** A new page: nothing of the old one runs on. */
function reload(): void {
  clock = new TurnedClock();
  session = open();
}

async function live(): Promise<void> {
  link("open");
  session.follow(CONTACT);
  line.onStarted();
  await settled();
}

const status = () => session.snapshot().status.state;
const cards = () => currentCards(session.snapshot().call, session.snapshot().now, null).length;

describe("how things stand", () => {
  it("goes from connecting to waiting to live", async () => {
    expect(status()).toBe("connecting");
    link("open");
    expect(status()).toBe("waiting");
    session.follow(CONTACT);
    line.onStarted();
    await settled();
    expect(status()).toBe("live");
  });

  it("a short break is not worth a glance, a longer one is", async () => {
    await live();
    link("waiting");
    await clock.turn(1_500);
    expect(status()).toBe("live");
    await clock.turn(1_000);
    expect(status()).toBe("offline");
    link("open");
    expect(status()).toBe("live");
  });

  it("a line that has been found silent is offline at once", async () => {
    await live();
    link("silent");
    expect(session.snapshot().status).toEqual({ state: "offline", reason: "connection" });
    link("open");
    expect(status()).toBe("live");
  });

  it("attends to the line while a call is on, and no longer", async () => {
    await live();
    expect(isAttended).toBe(true);
    line.onData(message({ kind: "CONTACT", seq: 2, contact: anyContact({ status: "ENDED" }) }));
    expect(isAttended).toBe(false);
  });

  it("tells what the server says of its own health", async () => {
    await live();
    const health = (state: "OK" | "DELAYED" | "OFF") => line.onData(message({ health: { state, part: "recogniser", reason: "recogniser-unavailable" } }));
    health("DELAYED");
    expect(session.snapshot().status).toEqual({ state: "delayed", reason: "recogniser-unavailable", part: "recogniser" });
    health("OFF");
    expect(status()).toBe("off");
    health("OK");
    expect(status()).toBe("live");
  });

  it("a call in a language that nobody recognises is off, and its status says why", async () => {
    await live();
    line.onData(message({ kind: "CONTACT", seq: 2, contact: anyContact({ language: "fr-FR", unavailable: ["transcript", "intent"] }) }));
    expect(session.snapshot().status).toEqual({ state: "off", reason: "language" });
    line.onData(message({ kind: "CONTACT", seq: 3, contact: anyContact({ language: "de-DE", unavailable: ["intent"], version: 2 }) }));
    expect(status()).toBe("live");
  });

  it("a contact that is not this agent's is said to be so, and the next one is followed", async () => {
    await live();
    line.onRefused("not yours");
    expect(session.snapshot().status).toEqual({ state: "off", reason: "not yours" });
    session.follow("c-2");
    line.onStarted();
    await settled();
    expect(status()).toBe("live");
  });
});

describe("a call that goes to another agent", () => {
  beforeEach(async () => {
    await live();
    line.onData(message({ kind: "CONTACT", contact: anyContact() }));
    line.onRefused("no longer yours");
  });

  it("is over here, and nothing more is asked about it", async () => {
    expect(status()).toBe("ended");
    trouble = new Error("refused");
    await clock.turn(100_000);
    expect(status()).toBe("ended");
  });

  it("is followed anew when it comes back", async () => {
    session.follow(CONTACT);
    line.onStarted();
    await settled();
    expect(status()).toBe("live");
  });
});

describe("cards", () => {
  it("leave without any message when their time is over", async () => {
    await live();
    line.onData(annotationMessage(anyAnnotation({ expiresMs: 5_000 })));
    expect(cards()).toBe(1);
    await clock.turn(5_000);
    expect(cards()).toBe(0);
  });

  it("of one contact never appear in the next", async () => {
    await live();
    line.onData(annotationMessage(anyAnnotation()));
    session.follow("c-2");
    expect(cards()).toBe(0);
  });
});

describe("what the agent does", () => {
  beforeEach(async () => {
    await live();
    line.onData(annotationMessage(anyAnnotation()));
  });

  it("is seen at once and then stored", async () => {
    session.act({ type: "acknowledge", annotationId: "n-1" });
    expect(cards()).toBe(0);
    await settled();
    expect(sent).toEqual(["Acknowledge n-1"]);
  });

  it("is sent again until the server has it, in order", async () => {
    trouble = new Error("offline");
    session.act({ type: "rate", annotationId: "n-1", rating: "DOWN", reason: "late" });
    session.act({ type: "dismiss", annotationId: "n-1" });
    await clock.turn(10_000);
    expect(sent).toEqual([]);
    trouble = null;
    await clock.turn(30_000);
    expect(sent).toEqual(["Rate n-1 late", "Dismiss n-1"]);
  });

  it("is not undone by an answer that does not know of it yet", async () => {
    trouble = new Error("offline");
    session.act({ type: "acknowledge", annotationId: "n-1" });
    stored = [anyFeedback()];
    await settled();
    trouble = null;
    line.onStarted();
    await settled();
    expect(cards()).toBe(0);
  });

  it("of the wrong kind is corrected: kept over a reload, sent once, and the card stays as it is", async () => {
    trouble = new Error("offline");
    session.act({ type: "correct", annotationId: "n-1", kind: "OTHER_INTENT", intent: "card_lost" });
    expect(kept.read()).toHaveLength(1);
    trouble = null;
    reload();
    await settled();
    expect(sent.filter((each) => each.startsWith("Correct"))).toEqual(["Correct n-1"]);
    expect(kept.read()).toEqual([]);
    expect(session.snapshot().call.feedback.get("n-1")?.ratedAtMs ?? null).toBeNull();
  });

  it("is sent after a reload that came before the server had it, and only once", async () => {
    trouble = new Error("offline");
    session.act({ type: "rate", annotationId: "n-1", rating: "DOWN", reason: "late" });
    session.act({ type: "dismiss", annotationId: "n-1" });
    await settled();
    reload();
    await live();
    line.onData(annotationMessage(anyAnnotation()));
    expect(cards()).toBe(0);
    trouble = null;
    await clock.turn(60_000);
    expect(sent).toEqual(["Rate n-1 late", "Dismiss n-1"]);
    reload();
    await live();
    expect(sent).toHaveLength(2);
  });

  it("reaches the server when the next call is already here", async () => {
    trouble = new Error("offline");
    session.act({ type: "dismiss", annotationId: "n-1" });
    await settled();
    session.follow("another-call");
    trouble = null;
    await clock.turn(60_000);
    expect(sent).toEqual(["Dismiss n-1"]);
    expect(session.snapshot().call.feedback.size).toBe(0);
  });

  it("goes on where the browser keeps nothing, or something else", () => {
    const refusing = feedbackStoreIn(() => {
      throw new Error("SecurityError");
    });
    const entry = { contactId: CONTACT, action: { type: "dismiss", annotationId: "n-2" } } as const;
    refusing.write([entry]);
    expect(refusing.read()).toEqual([]);
    const readFrom = (text: string) => feedbackStoreIn(() => storageOver(new Map([["sotto.unsent", text]]))).read();
    expect(readFrom(JSON.stringify([{ contactId: CONTACT, action: { type: "explode" } }, entry, 7, null]))).toEqual([entry]);
    expect(readFrom("{")).toEqual([]);
  });

  it.each([
    { deed: { what: "rate", annotationId: "n-2", verdict: "UP" } },
    { action: { type: "rate", annotationId: "n-2", verdict: "UP" } },
  ])("is read as an older release of the panel stored it: %j", (older) => {
    const stored = JSON.stringify([{ contactId: CONTACT, ...older }]);
    const store = feedbackStoreIn(() => storageOver(new Map([["sotto.unsent", stored]])));
    expect(store.read()).toEqual([{ contactId: CONTACT, action: { type: "rate", annotationId: "n-2", rating: "UP" } }]);
  });

  it("is sent only once where the server says no", async () => {
    trouble = new GraphqlRefused("no such annotation", "NotFound");
    session.act({ type: "acknowledge", annotationId: "n-1" });
    await settled();
    trouble = null;
    await clock.turn(60_000);
    expect(sent).toEqual([]);
  });

  it("is nothing where the session only looks on", async () => {
    const watching = new Session({ realtime: { watch: () => () => true, attend: () => undefined, subscribe: () => () => undefined }, graphql: { request: () => Promise.reject(new Error("asked")) }, clock, random: () => 0.5, feedbackStore: kept, answers: answerStoreIn(() => storageOver(new Map())) }, true);
    watching.follow(CONTACT);
    watching.act({ type: "acknowledge", annotationId: "n-1" });
    await settled();
    expect(watching.snapshot().call.feedback.size).toBe(0);
  });

  it("is still there after a reload", async () => {
    stored = [anyFeedback({ dismissedAtMs: 5 })];
    line.onStarted();
    await settled();
    expect(cards()).toBe(0);
  });
});

describe("asking", () => {
  it("asks about the call that is followed, in no more words than the server takes", async () => {
    expect(await session.askAboutCall("why")).toBeNull();
    await live();
    expect((await session.askAboutCall("x".repeat(700)))?.question).toHaveLength(500);
  });

  it("a later note of the agent before takes the place of an earlier one", async () => {
    await live();
    for (const version of [2, 1]) line.onData(message({ kind: "HANDOVER_NOTE", seq: version, summary: anySummary({ version }) }));
    expect(session.snapshot().call.handoverNote?.version).toBe(2);
    session.follow(null);
    expect(session.snapshot().call.handoverNote).toBeNull();
  });

  it("a later summary takes the place of an earlier one, never the other way round", async () => {
    await live();
    for (const version of [2, 1]) line.onData(message({ kind: "SUMMARY", seq: version, summary: anySummary({ version }) }));
    expect(session.snapshot().call.summary?.version).toBe(2);
    session.follow(null);
    expect(session.snapshot().call.summary).toBeNull();
  });
});

describe("a supervisor's note", () => {
  const states = () => [...session.snapshot().call.notes.values()].map((note) => `${note.id} ${note.state}`);
  const arrive = (part: Parameters<typeof anyNote>[0] = {}) => line.onData(message({ kind: "SUPERVISOR_NOTE", seq: 1, note: anyNote(part) }));

  it("is there once, however often it comes", async () => {
    await live();
    for (let i = 0; i < 2; i++) arrive();
    arrive({ id: "note-0000", sentAtMs: 1 });
    expect(states()).toEqual(["note-0000 SENT", "note-0001 SENT"]);
  });

  it("is answered at once, and what comes late does not open it again", async () => {
    await live();
    arrive();
    session.answerNote("note-0001", "DONE");
    expect(states()).toEqual(["note-0001 DONE"]);
    arrive({ state: "SEEN", version: 2 });
    expect(states()).toEqual(["note-0001 DONE"]);
    await settled();
    expect(sent).toEqual(["AcknowledgeNote"]);
  });

  it("whose answer did not get through is answered again", async () => {
    await live();
    arrive();
    trouble = new Error("down");
    session.answerNote("note-0001", "SEEN");
    await settled();
    trouble = null;
    await clock.turn(5_000);
    expect(sent).toEqual(["AcknowledgeNote"]);
  });
});
