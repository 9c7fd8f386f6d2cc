import { alerts } from "./alerts";
import { analyst } from "./analyst";
import { audit } from "./audit";
import { calibration } from "./calibration";
import { coaching } from "./coaching";
import { conversation } from "./conversation";
import { conversations } from "./conversations";
import { drift } from "./drift";
import { examples } from "./examples";
import { figures } from "./figures";
import { forms } from "./forms";
import { gaps } from "./gaps";
import { health } from "./health";
import { home } from "./home";
import { live } from "./live";
import { playbooks } from "./playbooks";
import { recording } from "./recording";
import { releases } from "./releases";
import { reports } from "./reports";
import { scorecards } from "./scorecards";
import { settingsPage } from "./settings";
import { sharing } from "./sharing";
import { shell } from "./shell";
import { workflows } from "./workflows";

/** Every text of the manager's app in English, by page; the other languages have exactly these keys. */
export const en = {
  ...shell,
  alerts,
  live,
  conversation,
  conversations,
  recording,
  figures,
  analyst,
  reports,
  health,
  home,
  audit,
  calibration,
  coaching,
  forms,
  scorecards,
  settingsPage,
  sharing,
  drift,
  gaps,
  examples,
  releases,
  workflows,
  playbooks,
};

export type Messages = typeof en;
