import type { Messages } from "../en";
import { conversation } from "./conversation";
import { conversations } from "./conversations";
import { analyst } from "./analyst";
import { figures } from "./figures";
import { home } from "./home";
import { live } from "./live";
import { recording } from "./recording";
import { reports } from "./reports";
import { shell } from "./shell";

/** Every text of the manager's app in German. */
export const de: Messages = { ...shell, live, conversation, conversations, recording, figures, analyst, reports, home };

