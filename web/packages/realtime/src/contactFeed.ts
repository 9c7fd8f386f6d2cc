import {
  type AfterCallWork,
  type Annotation,
  type CallSummary,
  type ChecklistItem,
  type Contact,
  ContactMessages,
  type ContactMessagesResult,
  type Feedback,
  type HealthState,
  Missed,
  type MissedResult,
  type SupervisorNote,
  type Utterance,
} from "@sotto/api";
import { backoffMs } from "./backoff";
import type { Realtime, Requests } from "./channel";
import type { Clock, Random } from "./clock";
import { Sequence } from "./sequence";

/**
 * What the feed reports: each utterance and annotation once, in any order; everything else in its newest state. A chat's
 * message may come again with less in it: what was asked before it came late.
 */
export interface FeedListener {
  onUtterances: (utterances: readonly Utterance[]) => void;
  /** `isLive`: pushed as it happened, not fetched later. */
  onAnnotations: (annotations: readonly Annotation[], isLive: boolean) => void;
  onChecklist: (checklist: readonly ChecklistItem[]) => void;
  onContact: (contact: Contact) => void;
  onSummary: (summary: CallSummary) => void;
  /** How far the work after the call is; of several the one with the highest version counts. */
  onAfterCall: (work: AfterCallWork) => void;
  /** What was said with the agents before; of several the one with the highest version counts. */
  onHandoverNote: (note: CallSummary) => void;
  /** From supervisors; of two with one id the one with the higher version counts. */
  onNotes: (notes: readonly SupervisorNote[]) => void;
  onFeedback: (feedback: readonly Feedback[]) => void;
  onHealth: (health: { state: HealthState; part: string; reason: string | null }) => void;
  /** All that was missed is here. */
  onCaughtUp: () => void;
  /** Something is missing and being asked for. */
  onBehind: () => void;
  onRefused: (reason: string) => void;
}

export interface FeedPorts {
  realtime: Pick<Realtime, "subscribe">;
  graphql: Requests;
  clock: Clock;
  random: Random;
}

type Message = NonNullable<ContactMessagesResult["onContactMessage"]>;

interface After {
  afterUtterance: number;
  afterAnnotation: number;
}

const PAGE = 200;
/** Messages that overtake each other arrive within this time; only then is a hole a loss. */
const REORDER_MS = 300;
/** AppSync drops a message now and then without a word, and the last one leaves no hole to be seen by. */
const REVIEW_MS = 20_000;

/** Everything about one contact: subscribes first, then asks for what came before, fills holes, drops what comes twice. */
export class ContactFeed {
  private readonly utterances = new Sequence();
  private readonly annotations = new Sequence();
  private newestChecklist = 0;
  private newestContact = 0;
  private isChat = false;
  private isCatchingUp = false;
  private repeat = false;
  private failures = 0;
  private isWatchingGap = false;
  private closed = false;
  private cancelNext: () => void = () => undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    readonly contactId: string,
    private readonly ports: FeedPorts,
    private readonly listener: FeedListener,
  ) {}

  open(): void {
    this.unsubscribe = this.ports.realtime.subscribe(
      ContactMessages,
      { contactId: this.contactId },
      {
        onStarted: () => void this.catchUp(false),
        onData: (data) => data.onContactMessage && this.receive(data.onContactMessage),
        onRefused: (reason) => this.listener.onRefused(reason),
      },
    );
  }

  close(): void {
    this.closed = true;
    this.cancelNext();
    this.unsubscribe();
  }

  private receive(message: Message): void {
    if (this.isClosed() || message.contactId !== this.contactId) return;
    switch (message.kind) {
      case "INTERIM":
        return message.utterance ? this.listener.onUtterances([message.utterance]) : undefined;
      case "UTTERANCE":
        return message.utterance ? this.receivePushed(message.utterance) : undefined;
      case "ANNOTATION":
        return this.receiveRound(message);
      case "CHECKLIST":
        return message.checklist ? this.receiveChecklist(message.checklist, message.seq) : undefined;
      case "CONTACT":
        return message.contact ? this.receiveContact(message.contact, message.seq) : undefined;
      case "HEALTH":
        return message.health ? this.listener.onHealth(message.health) : undefined;
      case "SUMMARY":
        return message.summary ? this.listener.onSummary(message.summary) : undefined;
      case "AFTER_CALL":
        return message.afterCall ? this.listener.onAfterCall(message.afterCall) : undefined;
      case "HANDOVER_NOTE":
        return message.summary ? this.listener.onHandoverNote(message.summary) : undefined;
      case "SUPERVISOR_NOTE":
        return message.note ? this.listener.onNotes([message.note]) : undefined;
    }
  }

  private receivePushed(utterance: Utterance): void {
    if (this.isChat && utterance.seq <= this.utterances.complete) this.listener.onUtterances([utterance]);
    else this.receiveUtterances([utterance]);
  }

  private receiveUtterances(received: readonly Utterance[]): void {
    const fresh = received.filter((utterance) => this.utterances.accept(utterance.seq));
    if (fresh.length > 0) this.listener.onUtterances(fresh);
    this.watchForGap();
  }

  private receiveAnnotations(received: readonly Annotation[], isLive: boolean): void {
    const fresh = received.filter((annotation) => this.annotations.accept(annotation.seq));
    if (fresh.length > 0) this.listener.onAnnotations(fresh, isLive);
    this.watchForGap();
  }

  /** What a round led to, all in one message. */
  private receiveRound(message: Message): void {
    if (message.annotation) this.receiveAnnotations([...(message.before ?? []), message.annotation], true);
    if (message.checklist) this.receiveChecklist(message.checklist, message.checklistSeq ?? 0);
  }

  private receiveChecklist(checklist: readonly ChecklistItem[], seq: number): void {
    if (seq < this.newestChecklist) return;
    this.newestChecklist = seq;
    this.listener.onChecklist(checklist);
  }

  private receiveContact(contact: Contact, seq: number): void {
    if (seq < this.newestContact) return;
    this.newestContact = seq;
    this.takeContact(contact);
  }

  private takeContact(contact: Contact): void {
    this.isChat = contact.channel === "CHAT";
    this.listener.onContact(contact);
  }

  /** These two are methods, because the answer may have changed after any await. */
  private isClosed(): boolean {
    return this.closed;
  }

  private mustRepeat(): boolean {
    return this.repeat;
  }

  private get hasGap(): boolean {
    return this.utterances.hasGap || this.annotations.hasGap;
  }

  /** Once per hole: a busy call must not put off the question with every message. */
  private watchForGap(): void {
    if (!this.hasGap || this.isWatchingGap || this.isCatchingUp || this.failures > 0) return;
    this.next(REORDER_MS);
    this.isWatchingGap = true;
  }

  private next(ms: number): void {
    this.cancelNext();
    this.cancelNext = this.ports.clock.after(ms, () => {
      const hasClosed = this.isWatchingGap && !this.hasGap;
      this.isWatchingGap = false;
      if (hasClosed) this.next(REVIEW_MS);
      else void this.catchUp(!this.hasGap);
    });
  }

  /** One at a time; one that is asked for meanwhile follows, because the running one may have passed its place. */
  private async catchUp(quiet: boolean): Promise<void> {
    if (this.isClosed()) return;
    this.repeat = this.isCatchingUp;
    if (this.isCatchingUp) return;
    this.isCatchingUp = true;
    this.isWatchingGap = false;
    this.cancelNext();
    if (!quiet) this.listener.onBehind();
    try {
      await this.fetchUntilDone();
      this.failures = this.hasGap ? this.failures + 1 : 0;
      if (!this.hasGap && !this.isClosed()) this.listener.onCaughtUp();
    } catch {
      this.failures += 1;
      if (!this.isClosed()) this.listener.onBehind();
    } finally {
      this.isCatchingUp = false;
      if (!this.isClosed()) this.next(this.failures > 0 ? backoffMs(this.failures + 1, this.ports.random) : REVIEW_MS);
    }
  }

  private async fetchUntilDone(): Promise<void> {
    let after = { afterUtterance: this.utterances.complete, afterAnnotation: this.annotations.complete };
    for (;;) {
      this.repeat = false;
      const known = { checklist: this.newestChecklist, contact: this.newestContact };
      const page = await this.ports.graphql.request(Missed, { contactId: this.contactId, ...after, limit: PAGE });
      if (this.isClosed()) return;
      this.takeState(page, known);
      after = this.takePage(page, after);
      if (!this.mustRepeat() && page.utterances.length < PAGE && page.annotations.length < PAGE) return;
    }
  }

  /** What was published while the answer was under way is newer than the answer. */
  private takeState(page: MissedResult, known: { checklist: number; contact: number }): void {
    if (page.contact && this.newestContact === known.contact) this.takeContact(page.contact);
    if (this.newestChecklist === known.checklist) this.listener.onChecklist(page.checklist);
    this.listener.onFeedback(page.feedback);
    this.listener.onNotes(page.notes);
    if (page.summary) this.listener.onSummary(page.summary);
    if (page.afterCall) this.listener.onAfterCall(page.afterCall);
    if (page.handoverNote) this.listener.onHandoverNote(page.handoverNote);
  }

  private takePage(page: MissedResult, after: After): After {
    this.receiveUtterances(page.utterances);
    this.receiveAnnotations(page.annotations, false);
    const afterUtterance = page.utterances.at(-1)?.seq ?? after.afterUtterance;
    const afterAnnotation = page.annotations.at(-1)?.seq ?? after.afterAnnotation;
    this.utterances.skipTo(afterUtterance);
    this.annotations.skipTo(afterAnnotation);
    return { afterUtterance, afterAnnotation };
  }
}
