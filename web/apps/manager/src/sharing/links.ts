import type { SharedMoment } from "@sotto/api";
import { hrefOf } from "../routes/route";

/** Where it begins, in the call. */
export function placeHref({ contactId, fromMs }: Pick<SharedMoment, "contactId" | "fromMs">): string {
  return hrefOf(["conversations", contactId], { at: String(fromMs) });
}
