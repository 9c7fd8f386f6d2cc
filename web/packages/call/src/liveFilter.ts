import type { LiveContact } from "@sotto/api";
import { isAtRisk } from "@sotto/realtime";

export interface LiveFilter {
  /** Every word has to be in who speaks, where or why. */
  readonly text: string;
  readonly onlyAtRisk: boolean;
}

export function filtered(contacts: readonly LiveContact[], { text, onlyAtRisk }: LiveFilter): readonly LiveContact[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const about = (contact: LiveContact) =>
    [contact.agentName, contact.agent, contact.team, contact.queue, contact.caller, contact.reason, ...contact.missedSteps, ...contact.riskMoments.map((risk) => risk.title)].join(" ").toLowerCase();
  return contacts.filter((contact) => (!onlyAtRisk || isAtRisk(contact)) && words.every((word) => about(contact).includes(word)));
}
