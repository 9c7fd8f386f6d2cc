import { fieldsOf } from "./fields";
import type { FeedbackAction, PendingFeedback } from "./outbox";

/** Where feedback waits that the server does not have yet, so that a reload loses none. */
export interface FeedbackStore {
  read: () => readonly PendingFeedback[];
  write: (pending: readonly PendingFeedback[]) => void;
}

const KEY = "sotto.unsent";
/** More than an agent does in many calls; storage is no place for a queue that grows. */
const MAX_STORED = 500;

/**
 * In the tab's own storage, which ends with the tab: a reason is the agent's words and has no business on the disk for
 * longer. `storage` throws where a frame in another site's page is refused it: then a reload does lose them.
 */
export function feedbackStoreIn(storage: () => Storage): FeedbackStore {
  return {
    read: () => {
      try {
        const stored: unknown = JSON.parse(storage().getItem(KEY) ?? "[]");
        return Array.isArray(stored) ? stored.map(pendingFrom).filter((each) => each !== null) : [];
      } catch {
        return [];
      }
    },
    write: (pending) => {
      try {
        if (pending.length === 0) storage().removeItem(KEY);
        else storage().setItem(KEY, JSON.stringify(pending.slice(0, MAX_STORED)));
      } catch {
        // Full or refused: the feedback is still in memory and on its way.
      }
    },
  };
}

/** null for what is none. Older releases of the panel wrote `deed` for `action`, `what` for its type, `verdict` for its rating. */
function pendingFrom(stored: unknown): PendingFeedback | null {
  const { contactId, action, deed } = fieldsOf(stored);
  const { what, verdict, ...fields } = fieldsOf(action ?? deed);
  const read = { ...(what !== undefined && { type: what }), ...(verdict !== undefined && { rating: verdict }), ...fields };
  return typeof contactId === "string" && isAction(read) ? { contactId, action: read } : null;
}

const KINDS: readonly string[] = ["OTHER_INTENT", "NO_INTENT", "BETTER_WORDS", "ANSWER_WRONG", "ANSWER_INCOMPLETE"];

function isAction(stored: unknown): stored is FeedbackAction {
  const { type, annotationId, rating, kind } = fieldsOf(stored);
  const isCorrection = type === "correct" && typeof kind === "string" && KINDS.includes(kind);
  const isRating = type === "rate" && (rating === "UP" || rating === "DOWN");
  return typeof annotationId === "string" && (type === "acknowledge" || type === "dismiss" || type === "restore" || isRating || isCorrection);
}
