import type { AfterCallWork } from "@sotto/api";
import type { Session } from "@sotto/call";

/** By its key: once, and only what is suggested. What fails stays suggested, and is there to be pressed again. */
export function acceptDisposition(session: Session, work: AfterCallWork | null): void {
  const disposition = work?.disposition;
  if (disposition?.suggested && disposition.choice === null) session.chooseDisposition(disposition.suggested).catch(() => undefined);
}
