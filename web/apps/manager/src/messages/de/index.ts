import type { Messages } from "../en";
import { conversation } from "./conversation";
import { conversations } from "./conversations";
import { live } from "./live";
import { shell } from "./shell";

/** Every text of the manager's app in German. */
export const de: Messages = { ...shell, live, conversation, conversations };

