import { Assignments, type Contact, MyContacts } from "@sotto/api";
import { backoffMs } from "./backoff";
import type { FeedPorts } from "./contactFeed";

/**
 * Reports which contact is the agent's, where the desktop around the panel does not know (stand-alone), and which chats
 * are. A call comes to the front by itself, because it is the one that is heard; a chat only where nothing else is open.
 */
export class AssignmentFeed {
  private closed = false;
  private failures = 0;
  private current: Contact | null = null;
  private readonly known = new Map<string, Contact>();
  private cancelRetry: () => void = () => undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly agent: string,
    private readonly ports: FeedPorts,
    private readonly onContact: (contactId: string) => void,
    private readonly onRefused: (reason: string) => void,
    private readonly onChats: (chats: readonly Contact[]) => void = () => undefined,
    /** Something that was shared with the agent may be new, also what came while the line was cut. */
    private readonly onShared: () => void = () => undefined,
  ) {}

  open(): void {
    this.unsubscribe = this.ports.realtime.subscribe(
      Assignments,
      { agent: this.agent },
      {
        onStarted: () => {
          void this.findCurrent();
          this.onShared();
        },
        onData: ({ onAssignment }) => {
          if (!onAssignment || this.closed) return;
          // A contact that leaves stays on the screen until the next one comes: the agent is still writing about it.
          if (onAssignment.state === "ASSIGNED") this.take([onAssignment.contact]);
          else if (onAssignment.state === "SHARED") this.onShared();
          else this.forget(onAssignment.contact.contactId);
        },
        onRefused: this.onRefused,
      },
    );
  }

  close(): void {
    this.closed = true;
    this.cancelRetry();
    this.unsubscribe();
  }

  private async findCurrent(): Promise<void> {
    try {
      const { myContacts } = await this.ports.graphql.request(MyContacts, {});
      this.failures = 0;
      this.take([...myContacts].sort((a, b) => b.mediaStartedAtMs - a.mediaStartedAtMs));
    } catch {
      if (this.closed) return;
      this.cancelRetry = this.ports.clock.after(backoffMs(++this.failures, this.ports.random), () => void this.findCurrent());
    }
  }

  /** What they are by now; the first is the newest. */
  private take(contacts: readonly Contact[]): void {
    if (this.closed) return;
    for (const contact of contacts) this.known.set(contact.contactId, contact);
    const [newest] = contacts;
    if (newest && this.comesToTheFront(newest)) {
      this.current = newest;
      this.onContact(newest.contactId);
    }
    this.tellChats();
  }

  private forget(contactId: string): void {
    this.known.delete(contactId);
    this.tellChats();
  }

  private comesToTheFront(contact: Contact): boolean {
    const current = this.current === null ? null : (this.known.get(this.current.contactId) ?? this.current);
    if (current === null) return true;
    if (contact.mediaStartedAtMs < current.mediaStartedAtMs) return false;
    return contact.channel === "VOICE" || contact.contactId === current.contactId || current.status === "ENDED";
  }

  private tellChats(): void {
    this.onChats([...this.known.values()].filter((contact) => contact.channel === "CHAT"));
  }
}
