import type { Messages } from "../en";
import { conversation } from "./conversation";
import { conversations } from "./conversations";
import { live } from "./live";
import { recording } from "./recording";
import { shell } from "./shell";

/** Every text of the manager's app in German. */
export const de: Messages = { ...shell, live, conversation, conversations, recording };

