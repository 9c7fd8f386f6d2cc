import type { Messages } from "../en";
import { audit } from "./audit";
import { calibration } from "./calibration";
import { forms } from "./forms";
import { scorecards } from "./scorecards";
import { conversation } from "./conversation";
import { conversations } from "./conversations";
import { live } from "./live";
import { recording } from "./recording";
import { shell } from "./shell";

/** Every text of the manager's app in German. */
export const de: Messages = { ...shell, live, conversation, conversations, recording, audit, calibration, forms, scorecards };

