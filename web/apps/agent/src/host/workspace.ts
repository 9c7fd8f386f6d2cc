import { CurrentContact, agentOf } from "./currentContact";
import type { FollowedContact, Host } from "./host";

interface ContactEvent {
  readonly contactId: string;
  readonly type?: string;
}
type Handler = (event: ContactEvent) => Promise<void>;

/** The part of the workspace's SDK that is used; its own clients fit. */
export interface WorkspacePorts {
  readonly agent: { readonly getARN: () => Promise<string> };
  readonly contacts: {
    readonly listContacts: () => Promise<readonly ContactEvent[]>;
    readonly onConnected: (handler: Handler) => void;
    readonly offConnected: (handler: Handler) => void;
    readonly onCleared: (handler: Handler) => void;
    readonly offCleared: (handler: Handler) => void;
  };
  /** The contact that the workspace opened this app for, where it opens one app a contact. */
  readonly scopedTo: string | null;
}

/** A third-party application in the Amazon Connect agent workspace. */
export class WorkspaceHost implements Host {
  constructor(private readonly ports: WorkspacePorts) {}

  async agent(): Promise<string | null> {
    return agentOf(await this.ports.agent.getARN());
  }

  followContact(onContact: (contactId: string | null) => void): FollowedContact {
    const { contacts, scopedTo } = this.ports;
    if (scopedTo !== null) {
      onContact(scopedTo);
      return { known: true, stop: () => undefined };
    }
    const current = new CurrentContact(onContact);
    const connected: Handler = (event) => Promise.resolve(isGuided(event) ? current.select(event.contactId) : undefined);
    const cleared: Handler = (event) => Promise.resolve(current.clear(event.contactId));
    contacts.onConnected(connected);
    contacts.onCleared(cleared);
    contacts.listContacts().then(
      (open) => {
        for (const contact of open.filter(isGuided)) current.addOpen(contact.contactId);
        current.report();
      },
      () => current.report(),
    );
    return {
      known: true,
      stop: () => {
        contacts.offConnected(connected);
        contacts.offCleared(cleared);
      },
    };
  }
}

function isGuided(contact: ContactEvent): boolean {
  return contact.type === undefined || contact.type === "voice" || contact.type === "queue_callback" || contact.type === "chat";
}
