import { AskAboutCall, AskKnowledge, type Feedback, type NoteAnswer, ChooseDisposition, ChoosePerson, EditSummary, type EditSummaryVariables, Intents, SendNote, WholeArticle, type WholeArticleResult } from "@sotto/api";
import { ContactFeed, type FeedListener, type FeedPorts, type LinkState, type Realtime, type WatchedLine } from "@sotto/realtime";
import { nextCardChange } from "./cards";
import type { FeedbackStore } from "./feedbackStore";
import { NoteAnswers } from "./noteAnswers";
import { type FeedbackAction, Outbox, optimisticFeedback } from "./outbox";
import type { AnswerStore, CallAnswer, KnowledgeAssist, Question } from "./questions";
import { type CallState, emptyCall, withAfterCall, withAnnotations, withContact, withFeedback, withHandoverNote, withHealth, withNotes, withSummary, withUtterances } from "./state";
import { type ServiceStatus, serviceStatusOf } from "./status";

export interface SessionPorts extends FeedPorts {
  realtime: Pick<Realtime, "subscribe" | "watch"> & Pick<WatchedLine, "attend">;
  feedbackStore: FeedbackStore;
  answers: AnswerStore;
}

export interface View {
  readonly contactId: string | null;
  readonly call: CallState;
  readonly status: ServiceStatus;
  /** Epoch ms up to which cards have expired; moves only when something changes. */
  readonly now: number;
  /** The card that the agent is using, which must not be taken away. */
  readonly pinned: string | null;
  readonly isCaughtUp: boolean;
}

export type Article = NonNullable<WholeArticleResult["article"]>;

/** As the server counts the states of a note. */
const VERSIONS: Record<NoteAnswer, number> = { SEEN: 2, DONE: 3 };

export const MAX_NOTE_LENGTH = 280;
/** The most that the server accepts. */
export const MAX_QUESTION_LENGTH = 500;

/** A trouble that lasts less than this is not worth a glance; one that lasts 3 s has been shown. */
const GRACE_MS = 2_000;

/** The panel's one source of truth: follows a contact, keeps its state and carries out what the agent does. */
export class Session {
  private view: View;
  private feed: ContactFeed | null = null;
  private readonly outbox: Outbox;
  private readonly noteAnswers: NoteAnswers;
  private link: LinkState = "connecting";
  private refused: string | null = null;
  private wasTransferred = false;
  private troubledSince: number | null = null;
  private cancelWake: () => void = () => undefined;
  private readonly watchers = new Set<() => void>();

  /** `isReadOnly`: for a supervisor, whose feedback the server would refuse. */
  constructor(
    private readonly ports: SessionPorts,
    readonly isReadOnly = false,
  ) {
    this.view = { contactId: null, call: emptyCall, status: { state: "connecting" }, now: ports.clock.now(), pinned: null, isCaughtUp: false };
    this.outbox = new Outbox(ports, (contactId, feedback) => this.stored(contactId, feedback));
    this.noteAnswers = new NoteAnswers(ports);
    if (!isReadOnly) this.outbox.open();
    ports.realtime.watch((link) => {
      this.link = link;
      this.change({});
    });
  }

  readonly snapshot = (): View => this.view;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  follow(contactId: string | null): void {
    const isStillOurs = this.refused === null && !this.wasTransferred;
    if (contactId === this.view.contactId && isStillOurs) return;
    this.feed?.close();
    this.refused = null;
    this.wasTransferred = false;
    this.feed = contactId === null ? null : new ContactFeed(contactId, this.ports, this.listener());
    this.change({ contactId, call: withFeedback(emptyCall, this.unsentFeedback(contactId)), pinned: null, isCaughtUp: false });
    this.feed?.open();
  }

  refuse(reason: string): void {
    this.refused = reason;
    this.change({});
  }

  /** What was served and no longer is went to another agent: the call is over here. What never was is refused. */
  private onRefused(reason: string): void {
    this.feed?.close();
    this.wasTransferred = this.view.call.contact !== null;
    if (this.wasTransferred) this.change({ isCaughtUp: true });
    else this.refuse(reason);
  }

  act(action: FeedbackAction): void {
    const { contactId } = this.view;
    if (this.isReadOnly || contactId === null) return;
    const before = this.view.call.feedback.get(action.annotationId);
    this.change({ call: withFeedback(this.view.call, [optimisticFeedback(before, action, this.ports.clock.now())]) });
    this.outbox.send(contactId, action);
  }

  /** Shown at once, and sent until the server has it. */
  answerNote(id: string, state: NoteAnswer): void {
    const note = this.view.call.notes.get(id);
    const { contactId } = this.view;
    if (this.isReadOnly || contactId === null || !note) return;
    this.change({ call: withNotes(this.view.call, [{ ...note, state, version: VERSIONS[state] }]) });
    this.noteAnswers.send({ contactId, noteId: id, state });
  }

  /** From a supervisor to the agent. `noteId` again, after a failure, sends the same note. */
  async sendNote(noteId: string, text: string): Promise<void> {
    const { contactId } = this.view;
    if (contactId === null) return;
    const { sendNote } = await this.ports.graphql.request(SendNote, { contactId, noteId, text });
    if (contactId === this.view.contactId) this.change({ call: withNotes(this.view.call, [sendNote]) });
  }

  /** How the call ended: one of the tenant's codes. */
  async chooseDisposition(code: string): Promise<void> {
    const { contactId } = this.view;
    if (this.isReadOnly || contactId === null) return;
    const { chooseDisposition } = await this.ports.graphql.request(ChooseDisposition, { contactId, code });
    if (chooseDisposition && contactId === this.view.contactId) this.change({ call: withAfterCall(this.view.call, chooseDisposition) });
  }

  /** Whose call it was, in a system that knows several people of that number; `person` empty: nobody of them. */
  async choosePerson(system: string, person: string): Promise<void> {
    const { contactId } = this.view;
    if (this.isReadOnly || contactId === null) return;
    const { choosePerson } = await this.ports.graphql.request(ChoosePerson, { contactId, system, person });
    if (choosePerson && contactId === this.view.contactId) this.change({ call: withAfterCall(this.view.call, choosePerson) });
  }

  /** The summary as the agent wants it; `version` is the one that they have edited. */
  async editSummary(version: number, lines: EditSummaryVariables["lines"]): Promise<void> {
    const { contactId } = this.view;
    if (this.isReadOnly || contactId === null) return;
    const { editSummary } = await this.ports.graphql.request(EditSummary, { contactId, version, lines });
    if (contactId === this.view.contactId) this.change({ call: withSummary(this.view.call, editSummary) });
  }

  pin(id: string | null): void {
    if (id !== this.view.pinned) this.change({ pinned: id });
  }

  /** null when there is no call to ask beside. */
  async askKnowledge(question: string): Promise<KnowledgeAssist | null> {
    const { contactId } = this.view;
    if (contactId === null) return null;
    return (await this.ports.graphql.request(AskKnowledge, { contactId, question: question.slice(0, MAX_QUESTION_LENGTH) })).askKnowledge;
  }

  /** null when there is no call to ask about. */
  async askAboutCall(question: string): Promise<CallAnswer | null> {
    const { contactId } = this.view;
    if (contactId === null) return null;
    return (await this.ports.graphql.request(AskAboutCall, { contactId, question: question.slice(0, MAX_QUESTION_LENGTH) })).askAboutCall;
  }

  /** What was asked on this call before a reload. */
  lastQuestion(): Question | null {
    const { contactId } = this.view;
    return contactId === null ? null : this.ports.answers.read(contactId);
  }

  keepQuestion(question: Question | null): void {
    if (this.view.contactId !== null) this.ports.answers.write(this.view.contactId, question);
  }

  /** null when it is not published any more. */
  async article(article: string): Promise<Article | null> {
    const { contactId } = this.view;
    if (contactId === null) return null;
    return (await this.ports.graphql.request(WholeArticle, { contactId, article })).article;
  }

  /** What a correction can name; empty without a call. */
  async intents(): Promise<readonly string[]> {
    const { contactId } = this.view;
    if (contactId === null) return [];
    return (await this.ports.graphql.request(Intents, { contactId })).intents;
  }

  private stored(contactId: string, feedback: Feedback): void {
    if (contactId === this.view.contactId) this.change({ call: withFeedback(this.view.call, this.withPending([feedback])) });
  }

  private listener(): FeedListener {
    return {
      onUtterances: (utterances) => this.change({ call: withUtterances(this.view.call, utterances, this.ports.clock.now()) }),
      onAnnotations: (annotations, isLive) => this.change({ call: withAnnotations(this.view.call, annotations, this.ports.clock.now(), isLive) }),
      onChecklist: (checklist) => this.change({ call: { ...this.view.call, checklist } }),
      onContact: (contact) => this.change({ call: withContact(this.view.call, contact) }),
      onFeedback: (feedback) => this.change({ call: withFeedback(this.view.call, this.withPending(feedback)) }),
      onSummary: (summary) => this.change({ call: withSummary(this.view.call, summary) }),
      onAfterCall: (work) => this.change({ call: withAfterCall(this.view.call, work) }),
      onHandoverNote: (note) => this.change({ call: withHandoverNote(this.view.call, note) }),
      onNotes: (notes) => this.change({ call: withNotes(this.view.call, notes) }),
      onHealth: (health) => this.change({ call: withHealth(this.view.call, health) }),
      onCaughtUp: () => this.change({ isCaughtUp: true }),
      onBehind: () => this.change({ isCaughtUp: false }),
      onRefused: (reason) => this.onRefused(reason),
    };
  }

  /** What was done before a reload and has not reached the server. */
  private unsentFeedback(contactId: string | null): readonly Feedback[] {
    const now = this.ports.clock.now();
    const known = new Map<string, Feedback>();
    for (const action of this.pending(contactId)) known.set(action.annotationId, optimisticFeedback(known.get(action.annotationId), action, now));
    return [...known.values()];
  }

  /** What the server has stored, with what it does not know yet on top. */
  private withPending(stored: readonly Feedback[]): readonly Feedback[] {
    const now = this.ports.clock.now();
    return stored.map((feedback) =>
      this.pending(this.view.contactId)
        .filter((action) => action.annotationId === feedback.annotationId)
        .reduce((known, action) => optimisticFeedback(known, action, now), feedback),
    );
  }

  private pending(contactId: string | null): readonly FeedbackAction[] {
    return contactId === null ? [] : this.outbox.pendingOf(contactId);
  }

  private change(part: Partial<View>): void {
    const now = this.ports.clock.now();
    const next = { ...this.view, ...part, now };
    const isTroubled = this.link !== "open" || (next.contactId !== null && !next.isCaughtUp);
    this.troubledSince = isTroubled ? (this.troubledSince ?? now) : null;
    const lasted = this.troubledSince !== null && now - this.troubledSince >= GRACE_MS;
    this.view = { ...next, status: serviceStatusOf(next, { link: this.link, isTroubled, lasted, refused: this.refused, wasTransferred: this.wasTransferred }) };
    this.ports.realtime.attend(next.contactId !== null && this.view.status.state !== "ended" && this.refused === null);
    this.wakeWhenTimePasses(now);
    for (const watcher of this.watchers) watcher();
  }

  /** Cards leave and troubles become worth showing without any message. */
  private wakeWhenTimePasses(now: number): void {
    this.cancelWake();
    const grace = this.troubledSince !== null && now - this.troubledSince < GRACE_MS ? this.troubledSince + GRACE_MS : null;
    const times = [grace, nextCardChange(this.view.call, now)].filter((at): at is number => at !== null);
    if (times.length > 0) this.cancelWake = this.ports.clock.after(Math.min(...times) - now, () => this.change({}));
  }
}
