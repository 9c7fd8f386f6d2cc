import type { AfterCallWork, Annotation, CallSummary, ChecklistItem, ContactMessagesResult, MissedResult, MissedVariables, SupervisorNote, Utterance } from "@sotto/api";
import { CONTACT, TurnedClock, annotationMessage, anyAnnotation, anyContact, anyNote, anySummary, anyUtterance, anyWork, message, settled, utteranceMessage } from "@sotto/realtime/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { type Realtime } from "../src/channel";
import { ContactFeed, type FeedListener } from "../src/contactFeed";
import { PROTOCOLS, type ServerSocket } from "./protocols";

/** What the server has stored, and how it answers. */
class Server {
  utterances: Utterance[] = [];
  annotations: Annotation[] = [];
  checklist: ChecklistItem[] = [];
  requests: MissedVariables[] = [];
  summary: CallSummary | null = null;
  afterCall: AfterCallWork | null = null;
  handoverNote: CallSummary | null = null;
  notes: SupervisorNote[] = [];
  isDown = false;
  answer: Promise<void> = Promise.resolve();

  readonly request = async (_: unknown, variables: unknown): Promise<never> => {
    const wanted = variables as MissedVariables;
    this.requests.push(wanted);
    const page: MissedResult = {
      contact: null,
      checklist: this.checklist,
      feedback: [],
      handoverNote: this.handoverNote,
      notes: this.notes,
      summary: this.summary,
      afterCall: this.afterCall,
      utterances: this.utterances.filter((line) => line.seq > wanted.afterUtterance).slice(0, wanted.limit),
      annotations: this.annotations.filter((annotation) => annotation.seq > wanted.afterAnnotation).slice(0, wanted.limit),
    };
    await this.answer;
    if (this.isDown) throw new Error("down");
    return page as never;
  };
}

/** What comes over the feed's one subscription, through the whole of the client and its protocol. */
interface UtteranceLine {
  onStarted: () => void;
  onData: (data: ContactMessagesResult) => void;
}

describe.each(PROTOCOLS)("over $name", (protocol) => {
  let clock: TurnedClock;
  let server: Server;
  let line: UtteranceLine;
  let client: Realtime;
  let received: { utterances: number[]; interims: string[]; annotations: number[]; checklist: (readonly ChecklistItem[])[]; caughtUp: number; behind: number; summaries: number[]; work: number[]; notes: number[]; supervisor: string[] };
  let feed: ContactFeed;

  beforeEach(async () => {
    clock = new TurnedClock();
    server = new Server();
    received = { utterances: [], interims: [], annotations: [], checklist: [], caughtUp: 0, behind: 0, summaries: [], work: [], notes: [], supervisor: [] };
    const listener: FeedListener = {
      onUtterances: (utterances) => utterances.forEach((each) => (each.isFinal ? received.utterances.push(each.seq) : received.interims.push(each.text))),
      onAnnotations: (annotations) => received.annotations.push(...annotations.map((annotation) => annotation.seq)),
      onChecklist: (checklist) => received.checklist.push(checklist),
      onContact: () => undefined,
      onFeedback: () => undefined,
      onNotes: (notes) => received.supervisor.push(...notes.map((note) => `${note.id} ${note.state}`)),
      onSummary: (summary) => received.summaries.push(summary.version),
      onAfterCall: (work) => received.work.push(work.version),
      onHandoverNote: (note) => received.notes.push(note.version),
      onHealth: () => undefined,
      onCaughtUp: () => (received.caughtUp += 1),
      onBehind: () => (received.behind += 1),
      onRefused: () => undefined,
    };
    const sockets: ServerSocket[] = [];
    client = protocol.client({
      token: { current: () => Promise.resolve("token"), expire: () => undefined },
      clock,
      random: () => 0.5,
      open: (opened) => sockets.push(opened),
    });
    client.start();
    await settled();
    const [socket] = sockets;
    if (!socket) throw new Error("no socket was opened");
    socket.accept();
    feed = new ContactFeed(CONTACT, { realtime: client, graphql: { request: server.request }, clock, random: () => 0.5 }, listener);
    feed.open();
    await settled();
    // The subscription is acknowledged when a test says so, and again where it stands for a new connection.
    line = {
      onStarted: () => socket.acceptSubscriptions(),
      onData: (data) => socket.data("1", { ...data }),
    };
  });

  const store = (...seqs: number[]) => (server.utterances = seqs.map((seq) => anyUtterance({ seq })));
  const publish = (...seqs: number[]) => seqs.forEach((seq) => line.onData(utteranceMessage(anyUtterance({ seq }))));

  describe("opening a contact", () => {
    it("asks for what came before only once nothing later can be missed", async () => {
      await settled();
      expect(server.requests).toEqual([]);
      line.onStarted();
      await settled();
      expect(server.requests).toHaveLength(1);
    });

    it("gets a long call page by page, each utterance once", async () => {
      store(...Array.from({ length: 450 }, (_, index) => index + 1));
      line.onStarted();
      await settled();
      expect(received.utterances).toEqual(server.utterances.map((each) => each.seq));
      expect(server.requests.map((asked) => asked.afterUtterance)).toEqual([0, 200, 400]);
      expect(received.caughtUp).toBe(1);
    });

    it("takes each of the two sequences for itself", async () => {
      store(1, 2, 3);
      server.annotations = [anyAnnotation({ seq: 1 })];
      line.onStarted();
      await settled();
      line.onData(annotationMessage(anyAnnotation({ seq: 2 })));
      publish(4);
      expect(received.utterances).toEqual([1, 2, 3, 4]);
      expect(received.annotations).toEqual([1, 2]);
    });

    it("takes all that a round led to out of one message", async () => {
      line.onStarted();
      await settled();
      const before = [1, 2].map((seq) => anyAnnotation({ seq }));
      const checklist = [{ checklist: "duties", name: "greeting", title: "Greet", state: "DONE" as const, doneBy: null }];
      line.onData(message({ kind: "ANNOTATION", seq: 3, atMs: 9, annotation: anyAnnotation({ seq: 3 }), before, checklist, checklistSeq: 7 }));
      line.onData(message({ kind: "CHECKLIST", seq: 6, atMs: 9, checklist: [] }));
      expect(received.annotations).toEqual([1, 2, 3]);
      expect(received.checklist.at(-1)).toEqual(checklist);
    });

    it("doubles nothing that is published while the answer is under way", async () => {
      store(1, 2, 3);
      line.onStarted();
      publish(3, 4);
      await settled();
      expect(received.utterances.sort()).toEqual([1, 2, 3, 4]);
    });
  });

  describe("messages", () => {
    beforeEach(async () => {
      line.onStarted();
      await settled();
      server.requests = [];
    });

    it("that come doubled are shown once", () => {
      publish(1, 1, 2, 1, 2);
      expect(received.utterances).toEqual([1, 2]);
    });

    it("take the place of a chat's message that is put right, and of no call's", () => {
      line.onStarted();
      publish(1);
      line.onData(message({ kind: "CONTACT", seq: 1, contact: anyContact({ channel: "CHAT" }) }));
      publish(1);
      expect(received.utterances).toEqual([1, 1]);
    });

    it("that overtake each other are shown at once and nothing is asked for", async () => {
      publish(2);
      expect(received.utterances).toEqual([2]);
      await clock.turn(200);
      publish(1);
      await clock.turn(1_000);
      expect(received.utterances).toEqual([2, 1]);
      expect(server.requests).toEqual([]);
    });

    it("that are lost are asked for from the hole on", async () => {
      store(1, 2, 3);
      publish(1, 3);
      await clock.turn(400);
      expect(server.requests).toEqual([{ contactId: CONTACT, afterUtterance: 1, afterAnnotation: 0, limit: 200 }]);
      expect(received.utterances).toEqual([1, 3, 2]);
      expect(received.caughtUp).toBe(2);
    });

    it("that are lost in a busy call are asked for while it goes on", async () => {
      for (const seq of [1, 3, 4, 5, 6, 7, 8]) {
        store(...server.utterances.map((each) => each.seq), seq);
        publish(seq);
        await clock.turn(100);
      }
      expect(server.requests).toHaveLength(1);
    });

    it("that are lost at the very end are found by the next review", async () => {
      store(1, 2);
      publish(1);
      await clock.turn(25_000);
      expect(received.utterances).toEqual([1, 2]);
      expect(received.behind).toBe(1);
    });

    it("that were lost and have expired are not waited for", async () => {
      store(1, 5, 6);
      publish(1, 5, 6);
      await clock.turn(400);
      const asked = server.requests.length;
      await clock.turn(10_000);
      expect(server.requests).toHaveLength(asked);
    });

    it("that the store does not show yet are asked for again, ever more rarely", async () => {
      store(1);
      publish(1, 3);
      await clock.turn(400);
      expect(received.utterances).toEqual([1, 3]);
      store(1, 2, 3);
      await clock.turn(2_000);
      expect(received.utterances).toEqual([1, 3, 2]);
    });

    it("of another contact are not shown", () => {
      line.onData(message({ contactId: "another", kind: "UTTERANCE", utterance: anyUtterance() }));
      expect(received.utterances).toEqual([]);
    });

    it("interims pass through, whatever their number", () => {
      line.onData(utteranceMessage(anyUtterance({ seq: 0, text: "hel" })));
      line.onData(utteranceMessage(anyUtterance({ seq: 0, text: "hello" })));
      expect(received.interims).toEqual(["hel", "hello"]);
    });
  });

  describe("a checklist", () => {
    const checklist = (state: ChecklistItem["state"]): ChecklistItem[] => [{ checklist: "c", name: "greeting", title: "Greet", state, doneBy: null }];

    it("that comes late does not undo a newer one", async () => {
      line.onStarted();
      await settled();
      line.onData(message({ kind: "CHECKLIST", seq: 3, checklist: checklist("DONE") }));
      line.onData(message({ kind: "CHECKLIST", seq: 2, checklist: checklist("OPEN") }));
      expect(received.checklist.at(-1)).toEqual(checklist("DONE"));
    });

    it("published during a query wins over its answer", async () => {
      let closeCard: () => void = () => undefined;
      server.answer = new Promise((resolve) => (closeCard = resolve));
      server.checklist = checklist("OPEN");
      line.onStarted();
      await settled();
      line.onData(message({ kind: "CHECKLIST", seq: 1, checklist: checklist("DONE") }));
      closeCard();
      await settled();
      expect(received.checklist).toEqual([checklist("DONE")]);
    });
  });

  describe("a server that does not answer", () => {
    it("is asked again with growing pauses until all is there", async () => {
      store(1);
      server.isDown = true;
      line.onStarted();
      await clock.turn(5_000);
      expect(received.caughtUp).toBe(0);
      expect(server.requests.length).toBeGreaterThan(1);
      expect(server.requests.length).toBeLessThan(8);
      server.isDown = false;
      await clock.turn(20_000);
      expect(received.utterances).toEqual([1]);
      expect(received.caughtUp).toBe(1);
    });

    it("a reconnect during a query asks once more, because the query may have been too early", async () => {
      let closeCard: () => void = () => undefined;
      server.answer = new Promise((resolve) => (closeCard = resolve));
      line.onStarted();
      await settled();
      store(1);
      line.onStarted();
      closeCard();
      await settled();
      expect(received.utterances).toEqual([1]);
    });
  });

  it("a note of the agent before comes by message, or by asking", async () => {
    line.onStarted();
    await settled();
    line.onData(message({ kind: "HANDOVER_NOTE", seq: 1, summary: anySummary({ version: 1 }) }));
    expect(received.notes).toEqual([1]);
    expect(received.summaries).toEqual([]);
    server.handoverNote = anySummary({ version: 2 });
    await clock.turn(20_000);
    expect(received.notes).toEqual([1, 2]);
  });

  it("a supervisor's note comes by message, or by asking when its message was lost", async () => {
    line.onStarted();
    await settled();
    line.onData(message({ kind: "SUPERVISOR_NOTE", seq: 1, note: anyNote() }));
    expect(received.supervisor).toEqual(["note-0001 SENT"]);
    server.notes = [anyNote(), anyNote({ id: "note-0002" })];
    await clock.turn(20_000);
    expect(received.supervisor.slice(1)).toEqual(["note-0001 SENT", "note-0002 SENT"]);
  });

  it("a summary comes by message, or by asking when its message was lost", async () => {
    line.onStarted();
    await settled();
    expect(received.summaries).toEqual([]);
    line.onData(message({ kind: "SUMMARY", seq: 1, summary: anySummary({ version: 1 }) }));
    server.summary = anySummary({ version: 2 });
    await clock.turn(20_000);
    expect(received.summaries).toEqual([1, 2]);
  });

  it("how far the work after the call is comes by message, or by asking when its message was lost", async () => {
    line.onStarted();
    await settled();
    line.onData(message({ kind: "AFTER_CALL", seq: 1, afterCall: anyWork({ version: 1 }) }));
    server.afterCall = anyWork({ version: 2 });
    await clock.turn(20_000);
    expect(received.work).toEqual([1, 2]);
  });

  it("a closed feed asks no more and tells no more", async () => {
    line.onStarted();
    await settled();
    feed.close();
    client.stop();
    server.requests = [];
    publish(1);
    await clock.turn(100_000);
    expect(server.requests).toEqual([]);
    expect(received.utterances).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  it("any order of loss, delay and doubling ends with everything shown once", async () => {
    let seed = 7;
    const random = () => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647);
    line.onStarted();
    await settled();
    for (let seq = 1; seq <= 300; seq += 1) {
      store(...server.utterances.map((each) => each.seq), seq);
      const copies = random() < 0.2 ? 0 : random() < 0.2 ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) clock.after(random() * 900, () => publish(seq));
      if (random() < 0.03) line.onStarted();
      await clock.turn(100);
    }
    await clock.turn(40_000);
    expect([...received.utterances].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  });
});
