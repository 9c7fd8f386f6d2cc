import { conversation } from "./conversation";
import { conversations } from "./conversations";
import { live } from "./live";
import { shell } from "./shell";

/** Every text of the manager's app in English, by page; the other languages have exactly these keys. */
export const en = { ...shell, live, conversation, conversations };

export type Messages = typeof en;
