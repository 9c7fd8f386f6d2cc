import type { ConversationRow } from "@sotto/api";
import type { Property } from "./conversationView";

export interface NameOption {
  readonly propertyKey: Property;
  readonly value: string;
  readonly label?: string;
}

/** The names in what is listed: nobody need know how a queue is spelled. */
export function optionsOf(rows: readonly ConversationRow[]): readonly NameOption[] {
  const found = new Map<string, NameOption>();
  const add = (propertyKey: Property, value: string | null, label?: string | null) => {
    if (value) found.set(`${propertyKey}/${value}`, { propertyKey, value, ...(label && label !== value ? { label: `${label} (${value})` } : {}) });
  };
  for (const contact of rows.flatMap((row) => row.contacts)) {
    add("agent", contact.agent, contact.agentName);
    add("team", contact.team);
    add("queue", contact.queue);
    add("language", contact.language);
    add("channel", contact.channel.toLowerCase());
    add("disposition", contact.disposition);
    for (const moment of contact.moments) add("moment", moment);
  }
  return [...found.values()].sort((a, b) => a.value.localeCompare(b.value));
}
