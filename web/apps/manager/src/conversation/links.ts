import { hrefOf } from "../routes/route";

/** The address of one line of one conversation, to be sent to a colleague. */
export function lineHref(contactId: string, utteranceId: string): string {
  return hrefOf(["conversations", contactId], { at: utteranceId });
}
