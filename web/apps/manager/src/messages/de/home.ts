import type { home as english } from "../en/home";

export const home: typeof english = {
  title: "Heute",
  until: "{day}, bis {hour}:00 UTC",
  whole: "{day}, der ganze Tag (UTC)",
  ask: "Nach einer anderen Zahl fragen",
  figures: "Zahlen bisher",
  comparedText: "Neben denselben Stunden desselben Wochentags eine Woche davor. Gespräche werden innerhalb einer Viertelstunde nach ihrem Ende gezählt.",
  before: "{value} eine Woche davor",
  nothingBefore: "Eine Woche davor nichts",
  better: ": besser",
  worse: ": schlechter",
  live: { one: "Ein Anruf läuft", other: "{count} Anrufe laufen" },
  atRisk: { one: "bei einem lohnt ein Blick", other: "bei {count} lohnt ein Blick" },
};
