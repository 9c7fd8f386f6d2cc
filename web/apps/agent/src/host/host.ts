/** What surrounds the panel: a desktop that knows the agent and the contact, or nobody. */
export interface Host {
  /** The agent's id as tokens name it; null when only the token knows. */
  agent: () => Promise<string | null>;
  /**
   * Reports the current contact now and at each change; null: none at the moment. A contact that has ended stays current
   * until the agent leaves it (after-call work). `unknown` when this host cannot know: the server's assignments decide.
   */
  followContact: (onContact: (contactId: string | null) => void) => FollowedContact;
  /** Reports the desktop's preference for light and dark, now and at each change, where it has one. */
  followAppearance?: (onAppearance: (appearance: "light" | "dark") => void) => () => void;
}

export type FollowedContact = { readonly known: true; stop: () => void } | { readonly known: false };
