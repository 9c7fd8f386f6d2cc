import "@cloudscape-design/global-styles/index.css";
import "@sotto/ui/base.css";
import "./page.css";
import { fill } from "@sotto/ui";
import { createRoot } from "react-dom/client";
import { chooseHost } from "./host/choose";
import { loadConfig } from "@sotto/client";
import { LANGUAGES, browserLanguage } from "./messages";
import { App } from "./panel/App";
import { startSession } from "./start";

async function main(place: HTMLElement): Promise<void> {
  const page = new URL(location.href);
  const config = await loadConfig((url, init) => fetch(url, init), page);
  const started = await startSession(config, await chooseHost(config, page));
  createRoot(place).render(<App {...started} />);
}

const place = document.getElementById("panel");
if (place) {
  main(place).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    place.textContent = fill(LANGUAGES[browserLanguage()].configFailed, { reason });
    place.className = "failed";
  });
}
