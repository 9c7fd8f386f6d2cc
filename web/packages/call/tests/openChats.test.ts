import type { Annotation, ContactMessagesResult } from "@sotto/api";
import type { Listener } from "@sotto/realtime";
import { TurnedClock, annotationMessage, anyAnnotation, anyContact, settled } from "@sotto/realtime/testing";
import { beforeEach, expect, it } from "vitest";
import { OpenChats } from "../src/openChats";

const chat = (contactId: string, mediaStartedAtMs: number) => anyContact({ contactId, mediaStartedAtMs, channel: "CHAT" });
const ONE = chat("one", 1_000);
const TWO = chat("two", 2_000);
const THREE = chat("three", 3_000);

let chats: OpenChats;
let lines: Map<string, Listener<ContactMessagesResult>>;
let stored: Map<string, Annotation[]>;

const suggests = (contactId: string, part: Partial<Annotation> = {}) => {
  const annotation = anyAnnotation(part);
  stored.set(contactId, [...(stored.get(contactId) ?? []), annotation]);
  const [message] = [annotationMessage(annotation).onContactMessage];
  lines.get(contactId)?.onData({ onContactMessage: message && { ...message, contactId } });
};
const shown = () => chats.snapshot().map(({ contact, unread }) => `${contact.contactId} ${unread}`);
const inFront = async (contactId: string) => {
  chats.setFront(contactId);
  for (const line of lines.values()) line.onStarted();
  await settled();
};

beforeEach(async () => {
  lines = new Map();
  stored = new Map();
  const realtime = {
    subscribe: (_: unknown, { contactId }: { contactId: string }, line: unknown) => {
      lines.set(contactId, line as Listener<ContactMessagesResult>);
      return () => lines.delete(contactId);
    },
  };
  const request = (_: unknown, asked: { contactId: string; afterAnnotation: number }) => {
    const annotations = (stored.get(asked.contactId) ?? []).filter(({ seq }) => seq > asked.afterAnnotation);
    return Promise.resolve({ contact: null, checklist: [], feedback: [], handoverNote: null, notes: [], summary: null, afterCall: null, utterances: [], annotations });
  };
  chats = new OpenChats({ realtime: realtime as never, graphql: { request: request as never }, clock: new TurnedClock(), random: () => 0.5 });
  chats.setChats([ONE, TWO, THREE]);
  await inFront("one");
});

it("shows chats with unread guidance first, the gravest of all, and the one in front has none", () => {
  suggests("two", { seq: 1 });
  suggests("three", { seq: 1, severity: "HIGH" });
  suggests("one", { seq: 1 });
  expect(shown()).toEqual(["three 1", "two 1", "one 0"]);
});

it("counts suggestions, and neither moments nor what is taken back", () => {
  suggests("two", { seq: 1, kind: "MOMENT" });
  suggests("two", { seq: 2, withdraws: "n-1" });
  expect(shown()).toEqual(["one 0", "two 0", "three 0"]);
});

it("has nothing unread of what was looked at, also after the agent has left it", async () => {
  suggests("two", { seq: 1 });
  await inFront("two");
  await inFront("one");
  expect(shown()).toEqual(["one 0", "two 0", "three 0"]);
  suggests("two", { seq: 2 });
  expect(shown()[0]).toBe("two 1");
});

it("watches only what is not in front, and nothing that has ended or gone", () => {
  expect([...lines.keys()].sort()).toEqual(["three", "two"]);
  chats.setChats([ONE, { ...TWO, status: "ENDED" }]);
  expect([...lines.keys()]).toEqual([]);
  expect(shown()).toEqual(["one 0"]);
});
