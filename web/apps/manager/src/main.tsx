import "@cloudscape-design/global-styles/index.css";
import "@sotto/ui/base.css";
import "./page.css";
import { fill } from "@sotto/ui";
import { loadConfig } from "@sotto/client";
import { createRoot } from "react-dom/client";
import { LANGUAGES, browserLanguage } from "./messages";
import { App } from "./shell/App";
import { startManager } from "./start";

async function main(place: HTMLElement): Promise<void> {
  const config = await loadConfig((url, init) => fetch(url, init), new URL(location.href));
  createRoot(place).render(<App started={startManager(config)} />);
}

const place = document.getElementById("manager");
if (place) {
  main(place).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    place.textContent = fill(LANGUAGES[browserLanguage()].configFailed, { reason });
    place.className = "failed";
  });
}
