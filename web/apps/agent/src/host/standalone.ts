import type { Config } from "@sotto/client";
import type { FollowedContact, Host } from "./host";

/** No desktop around: the query string may name a contact (`?contact=`), else the server's assignments decide. */
export class StandaloneHost implements Host {
  constructor(
    private readonly config: Config,
    private readonly page: URL,
  ) {}

  agent(): Promise<string | null> {
    return Promise.resolve(this.config.agent ?? null);
  }

  followContact(onContact: (contactId: string | null) => void): FollowedContact {
    const contactId = this.page.searchParams.get("contact");
    if (!contactId) return { known: false };
    onContact(contactId);
    return { known: true, stop: () => undefined };
  }
}
