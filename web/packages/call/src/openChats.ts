import type { Contact } from "@sotto/api";
import { ContactFeed, type FeedListener, type FeedPorts } from "@sotto/realtime";

/** A chat that the agent has. `unread`: suggestions that came since it was last in front. */
export interface OpenChat {
  readonly contact: Contact;
  readonly unread: number;
  readonly isGrave: boolean;
}

/** Connect lets an agent have ten chats at most. */
const MOST_CHATS = 12;

interface Watched {
  contact: Contact;
  feed: ContactFeed | null;
  /** Suggestions by their number, and whether one is grave; those up to `seen` were looked at. */
  suggestions: Map<number, boolean>;
  seen: number;
}

/** Which chats the agent has, those with unread guidance first. Only those that are not in front are watched here. */
export class OpenChats {
  private readonly watched = new Map<string, Watched>();
  private front: string | null = null;
  private view: readonly OpenChat[] = [];
  private readonly watchers = new Set<() => void>();

  constructor(private readonly ports: FeedPorts) {}

  readonly snapshot = (): readonly OpenChat[] => this.view;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** All that are assigned now; one that has ended stays while it is in front. */
  setChats(contacts: readonly Contact[]): void {
    const open = contacts.filter((contact) => contact.status !== "ENDED" || contact.contactId === this.front).slice(-MOST_CHATS);
    for (const [id, chat] of this.watched) {
      if (open.some((contact) => contact.contactId === id)) continue;
      chat.feed?.close();
      this.watched.delete(id);
    }
    for (const contact of open) {
      const known = this.watched.get(contact.contactId);
      if (known) known.contact = contact;
      else this.watched.set(contact.contactId, { contact, feed: null, suggestions: new Map(), seen: 0 });
    }
    this.arrange();
  }

  /** The agent looks at this contact: a chat of the list, a call, or none. */
  setFront(contactId: string | null): void {
    if (contactId === this.front) return;
    const left = this.front === null ? undefined : this.watched.get(this.front);
    // What came while it was in front was in sight: what its feed brings first is counted as seen.
    if (left) left.seen = Infinity;
    this.front = contactId;
    this.arrange();
  }

  private arrange(): void {
    for (const [id, chat] of this.watched) {
      if (id === this.front) {
        chat.feed?.close();
        chat.feed = null;
      } else if (chat.feed === null) {
        chat.feed = new ContactFeed(id, this.ports, this.listener(chat));
        chat.feed.open();
      }
    }
    this.show();
  }

  private listener(chat: Watched): FeedListener {
    const nothing = () => undefined;
    return {
      onAnnotations: (annotations) => {
        for (const each of annotations) if (each.kind === "ACTION" && each.withdraws === null) chat.suggestions.set(each.seq, each.severity === "HIGH");
        this.show();
      },
      onCaughtUp: () => {
        if (chat.seen === Infinity) chat.seen = Math.max(0, ...chat.suggestions.keys());
        this.show();
      },
      onContact: (contact) => {
        chat.contact = contact;
        this.show();
      },
      onUtterances: nothing,
      onChecklist: nothing,
      onSummary: nothing,
      onAfterCall: nothing,
      onHandoverNote: nothing,
      onNotes: nothing,
      onFeedback: nothing,
      onHealth: nothing,
      onBehind: nothing,
      onRefused: nothing,
    };
  }

  private show(): void {
    const chats = [...this.watched.values()].map((chat) => this.shown(chat));
    const weight = (chat: OpenChat) => (chat.unread > 0 ? (chat.isGrave ? 2 : 1) : 0);
    this.view = chats.sort((a, b) => weight(b) - weight(a) || a.contact.mediaStartedAtMs - b.contact.mediaStartedAtMs);
    for (const watcher of this.watchers) watcher();
  }

  private shown(chat: Watched): OpenChat {
    const unread = chat.contact.contactId === this.front ? [] : [...chat.suggestions].filter(([seq]) => seq > chat.seen);
    return { contact: chat.contact, unread: unread.length, isGrave: unread.some(([, isGrave]) => isGrave) };
  }
}
