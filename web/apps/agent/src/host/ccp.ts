import { CurrentContact, agentOf } from "./currentContact";
import type { FollowedContact, Host } from "./host";

interface Subscription {
  readonly unsubscribe: () => void;
}
type On<What> = (callback: (what: What) => void) => Subscription;

/** The part of a contact of amazon-connect-streams that is used. */
export interface CcpContact {
  readonly getContactId: () => string;
  readonly getType: () => string;
  readonly onConnected: (callback: () => void) => unknown;
  readonly onDestroy: (callback: () => void) => unknown;
}

/** The part of amazon-connect-streams that is used; each calls back for what is there already. */
export interface CcpPorts {
  readonly onAgent: On<{ readonly getConfiguration: () => { readonly agentARN: string } }>;
  readonly onContact: On<CcpContact>;
  readonly onViewContact: On<{ readonly contactId: string }>;
}

/** A page of the customer's own around Amazon Connect's Contact Control Panel. */
export class CcpHost implements Host {
  private readonly known = new Set<string>();

  constructor(private readonly ports: CcpPorts) {}

  agent(): Promise<string | null> {
    return new Promise((resolve) => {
      this.ports.onAgent((agent) => resolve(agentOf(agent.getConfiguration().agentARN)));
    });
  }

  followContact(onContact: (contactId: string | null) => void): FollowedContact {
    const current = new CurrentContact(onContact);
    const subscriptions = [
      this.ports.onContact((contact) => this.watch(contact, current)),
      this.ports.onViewContact(({ contactId }) => {
        if (this.known.has(contactId)) current.select(contactId);
      }),
    ];
    current.report();
    return { known: true, stop: () => subscriptions.forEach((subscription) => subscription.unsubscribe()) };
  }

  private watch(contact: CcpContact, current: CurrentContact): void {
    const type = contact.getType();
    if (type !== "voice" && type !== "queue_callback" && type !== "chat") return;
    const contactId = contact.getContactId();
    contact.onConnected(() => {
      this.known.add(contactId);
      current.select(contactId);
    });
    contact.onDestroy(() => {
      this.known.delete(contactId);
      current.clear(contactId);
    });
  }
}
