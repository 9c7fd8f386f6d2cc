import { conversation } from "./conversation";
import { conversations } from "./conversations";
import { analyst } from "./analyst";
import { figures } from "./figures";
import { home } from "./home";
import { live } from "./live";
import { recording } from "./recording";
import { reports } from "./reports";
import { shell } from "./shell";

/** Every text of the manager's app in English, by page; the other languages have exactly these keys. */
export const en = { ...shell, live, conversation, conversations, recording, figures, analyst, reports, home };

export type Messages = typeof en;
