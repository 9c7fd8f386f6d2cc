import type { Entry } from "./outbox";

/** Where deeds wait that the server does not have yet, so that a reload loses none. */
export interface Unsent {
  read: () => readonly Entry[];
  write: (entries: readonly Entry[]) => void;
}

const KEY = "sotto.unsent";
/** More than an agent does in many calls; what storage holds is no place for a queue that grows. */
const MOST = 500;

/**
 * In the tab's own storage, which ends with the tab: a reason is the agent's words and has no business on the disk for
 * longer. `storage` throws where a frame in another site's page is refused it: then a reload does lose them.
 */
export function unsentIn(storage: () => Storage): Unsent {
  return {
    read: () => {
      try {
        const kept: unknown = JSON.parse(storage().getItem(KEY) ?? "[]");
        return Array.isArray(kept) ? kept.filter(isEntry) : [];
      } catch {
        return [];
      }
    },
    write: (entries) => {
      try {
        if (entries.length === 0) storage().removeItem(KEY);
        else storage().setItem(KEY, JSON.stringify(entries.slice(0, MOST)));
      } catch {
        // Full or refused: the deeds are still in memory and on their way.
      }
    },
  };
}

/** An older release of the panel may have kept something else. */
function isEntry(kept: unknown): kept is Entry {
  const { contactId, deed } = fieldsOf(kept);
  const { what, annotationId, verdict } = fieldsOf(deed);
  const isRating = what === "rate" && (verdict === "UP" || verdict === "DOWN");
  return typeof contactId === "string" && typeof annotationId === "string" && (what === "acknowledge" || what === "dismiss" || isRating);
}

export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
