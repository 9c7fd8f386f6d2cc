import { AskAboutCall, type Opinion, SearchKnowledge, WholeArticle, type WholeArticleResult } from "@sotto/api";
import { ContactFeed, type FeedListener, type FeedPorts, type LinkState, type Realtime } from "@sotto/realtime";
import type { Answer, Asked, CallAnswer, KeptAnswers } from "./questions";
import { nextChange } from "./cards";
import { type Deed, Outbox, foreseen } from "./outbox";
import { type Standing, standingOf } from "./status";
import { type CallState, emptyCall, withContact, withHealth, withNotes, withOpinions, withSpoken, withSummary } from "./state";
import type { Unsent } from "./feedbackStore";

export interface SessionPorts extends FeedPorts {
  realtime: Pick<Realtime, "subscribe" | "watch">;
  unsent: Unsent;
  answers: KeptAnswers;
}

export interface View {
  readonly contactId: string | null;
  readonly call: CallState;
  readonly standing: Standing;
  /** Epoch ms up to which cards have been let go; moves only when something changes. */
  readonly now: number;
  /** The card that the agent is using, which must not be taken away. */
  readonly held: string | null;
  readonly isCaughtUp: boolean;
}

export type Article = NonNullable<WholeArticleResult["article"]>;

/** What the server takes. */
export const LONGEST_QUESTION = 500;

/** A trouble that lasts less than this is not worth a glance. */
const GRACE_MS = 3_000;

/** The panel's one source of truth: follows a contact, keeps its state and carries out what the agent does. */
export class Session {
  private view: View;
  private feed: ContactFeed | null = null;
  private readonly outbox: Outbox;
  private link: LinkState = "connecting";
  private refused: string | null = null;
  private hasLeft = false;
  private troubledSince: number | null = null;
  private cancelWake: () => void = () => undefined;
  private readonly watchers = new Set<() => void>();

  /** `isReadOnly`: whoever looks on acts on nothing; the server would refuse it. */
  constructor(
    private readonly ports: SessionPorts,
    readonly isReadOnly = false,
  ) {
    this.view = { contactId: null, call: emptyCall, standing: { state: "connecting" }, now: ports.clock.now(), held: null, isCaughtUp: false };
    this.outbox = new Outbox(ports, (contactId, opinion) => this.stored(contactId, opinion));
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
    const isStillOurs = this.refused === null && !this.hasLeft;
    if (contactId === this.view.contactId && isStillOurs) return;
    this.feed?.close();
    this.refused = null;
    this.hasLeft = false;
    this.feed = contactId === null ? null : new ContactFeed(contactId, this.ports, this.listener());
    this.change({ contactId, call: withOpinions(emptyCall, this.unsentOpinions(contactId)), held: null, isCaughtUp: false });
    this.feed?.open();
  }

  refuse(reason: string): void {
    this.refused = reason;
    this.change({});
  }

  /** What was served and no longer is went to another agent: the call is over here. What never was is refused. */
  private lose(reason: string): void {
    this.feed?.close();
    this.hasLeft = this.view.call.contact !== null;
    if (this.hasLeft) this.change({ isCaughtUp: true });
    else this.refuse(reason);
  }

  act(deed: Deed): void {
    const { contactId } = this.view;
    if (this.isReadOnly || contactId === null) return;
    const before = this.view.call.opinions.get(deed.annotationId);
    this.change({ call: withOpinions(this.view.call, [foreseen(before, deed, this.ports.clock.now())]) });
    this.outbox.send(contactId, deed);
  }

  hold(id: string | null): void {
    if (id !== this.view.held) this.change({ held: id });
  }

  async search(question: string): Promise<readonly Answer[]> {
    const { contactId } = this.view;
    if (contactId === null) return [];
    return (await this.ports.graphql.ask(SearchKnowledge, { contactId, question: question.slice(0, LONGEST_QUESTION) })).searchKnowledge;
  }

  /** null when there is no call to ask about. */
  async ask(question: string): Promise<CallAnswer | null> {
    const { contactId } = this.view;
    if (contactId === null) return null;
    return (await this.ports.graphql.ask(AskAboutCall, { contactId, question: question.slice(0, LONGEST_QUESTION) })).askAboutCall;
  }

  /** What was asked on this call before a reload. */
  lastAsked(): Asked | null {
    const { contactId } = this.view;
    return contactId === null ? null : this.ports.answers.read(contactId);
  }

  keepAsked(asked: Asked | null): void {
    if (this.view.contactId !== null) this.ports.answers.write(this.view.contactId, asked);
  }

  /** null when it is not published any more. */
  async article(article: string): Promise<Article | null> {
    const { contactId } = this.view;
    if (contactId === null) return null;
    return (await this.ports.graphql.ask(WholeArticle, { contactId, article })).article;
  }

  private stored(contactId: string, opinion: Opinion): void {
    if (contactId === this.view.contactId) this.change({ call: withOpinions(this.view.call, this.withPending([opinion])) });
  }

  private listener(): FeedListener {
    return {
      onSpoken: (lines) => this.change({ call: withSpoken(this.view.call, lines) }),
      onNoted: (notes) => this.change({ call: withNotes(this.view.call, notes, this.ports.clock.now()) }),
      onChecklist: (tasks) => this.change({ call: { ...this.view.call, tasks } }),
      onContact: (contact) => this.change({ call: withContact(this.view.call, contact) }),
      onOpinions: (opinions) => this.change({ call: withOpinions(this.view.call, this.withPending(opinions)) }),
      onSummary: (summary) => this.change({ call: withSummary(this.view.call, summary) }),
      onHealth: (health) => this.change({ call: withHealth(this.view.call, health) }),
      onCaughtUp: () => this.change({ isCaughtUp: true }),
      onBehind: () => this.change({ isCaughtUp: false }),
      onRefused: (reason) => this.lose(reason),
    };
  }

  /** What was done before a reload and has not reached the server. */
  private unsentOpinions(contactId: string | null): readonly Opinion[] {
    const now = this.ports.clock.now();
    const known = new Map<string, Opinion>();
    for (const deed of this.pending(contactId)) known.set(deed.annotationId, foreseen(known.get(deed.annotationId), deed, now));
    return [...known.values()];
  }

  /** What the server says, with what it does not know yet on top. */
  private withPending(opinions: readonly Opinion[]): readonly Opinion[] {
    const now = this.ports.clock.now();
    return opinions.map((opinion) =>
      this.pending(this.view.contactId)
        .filter((deed) => deed.annotationId === opinion.annotationId)
        .reduce((known, deed) => foreseen(known, deed, now), opinion),
    );
  }

  private pending(contactId: string | null): readonly Deed[] {
    return contactId === null ? [] : this.outbox.pendingOf(contactId);
  }

  private change(part: Partial<View>): void {
    const now = this.ports.clock.now();
    const next = { ...this.view, ...part, now };
    const isTroubled = this.link !== "open" || (next.contactId !== null && !next.isCaughtUp);
    this.troubledSince = isTroubled ? (this.troubledSince ?? now) : null;
    const lasted = this.troubledSince !== null && now - this.troubledSince >= GRACE_MS;
    this.view = { ...next, standing: standingOf(next, { isTroubled, lasted, refused: this.refused, hasLeft: this.hasLeft }) };
    this.wakeWhenTimePasses(now);
    for (const watcher of this.watchers) watcher();
  }

  /** Cards leave and troubles become worth showing without any message. */
  private wakeWhenTimePasses(now: number): void {
    this.cancelWake();
    const grace = this.troubledSince !== null && now - this.troubledSince < GRACE_MS ? this.troubledSince + GRACE_MS : null;
    const times = [grace, nextChange(this.view.call, now)].filter((at): at is number => at !== null);
    if (times.length > 0) this.cancelWake = this.ports.clock.after(Math.min(...times) - now, () => this.change({}));
  }
}
