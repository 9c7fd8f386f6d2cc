import { Assignments, type Contact, MyContacts } from "@sotto/api";
import { backoffMs } from "./backoff";
import type { FeedPorts } from "./contactFeed";

/** Reports which contact is the agent's, where the desktop around the panel does not know (stand-alone). */
export class AssignmentFeed {
  private closed = false;
  private failures = 0;
  private current: Contact | null = null;
  private cancelRetry: () => void = () => undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly agent: string,
    private readonly ports: FeedPorts,
    private readonly onContact: (contactId: string) => void,
    private readonly onRefused: (reason: string) => void,
  ) {}

  open(): void {
    this.unsubscribe = this.ports.realtime.subscribe(
      Assignments,
      { agent: this.agent },
      {
        onStarted: () => void this.findCurrent(),
        onData: ({ onAssignment }) => {
          // A contact that leaves stays on the screen until the next one comes: the agent is still writing about it.
          if (onAssignment?.state === "ASSIGNED") this.take(onAssignment.contact);
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
      const [newest] = [...myContacts].sort((a, b) => b.mediaStartedAtMs - a.mediaStartedAtMs);
      if (newest) this.take(newest);
    } catch {
      if (this.closed) return;
      this.cancelRetry = this.ports.clock.after(backoffMs(++this.failures, this.ports.random), () => void this.findCurrent());
    }
  }

  private take(contact: Contact): void {
    const isOlder = this.current !== null && contact.mediaStartedAtMs < this.current.mediaStartedAtMs;
    if (this.closed || isOlder) return;
    this.current = contact;
    this.onContact(contact.contactId);
  }
}
