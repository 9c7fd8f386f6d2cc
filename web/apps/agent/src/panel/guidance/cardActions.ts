import type { CorrectionKind, Rating } from "@sotto/api";
import type { ShownAnnotation } from "@sotto/call";

/** What the agent can do with a card. */
export interface CardActions {
  copy: (annotation: ShownAnnotation) => void;
  acknowledge: (id: string) => void;
  dismiss: (id: string) => void;
  /** Takes "done" and "dismissed" back. */
  restore: (id: string) => void;
  rate: (id: string, rating: Rating, reason?: string) => void;
  /** `detail`: the right intent, or the words that should have been given. */
  correct: (id: string, kind: CorrectionKind, detail?: string) => void;
}

/** How the last attempt to copy this card's reply went. */
export type CopyResult = "yes" | "failed" | null;
