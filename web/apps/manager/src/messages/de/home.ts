import type { home as english } from "../en/home";

export const home: typeof english = {
  title: "Heute",
  until: "{day}, bis {hour}:00 UTC",
  whole: "{day}, der ganze Tag (UTC)",
  ask: "Nach einer anderen Zahl fragen",
  figures: "Zahlen bisher",
  comparedText: "Neben denselben Stunden desselben Wochentags eine Woche davor. Gespräche werden innerhalb einer Viertelstunde nach ihrem Ende gezählt.",
  unusual: "Außergewöhnliches",
  unusualText: "Gespräche nach Warteschlange, Team und Ausgang in den letzten 24 Stunden, neben denselben Stunden von bis zu acht Wochen davor.",
  cannotTell: "Was üblich ist, weiß man nach drei Wochen mit Gesprächen.",
  allUsual: { one: "Nichts: Eine Reihe wurde angesehen", other: "Nichts: {count} Reihen wurden angesehen" },
  more: "hatte {count} Gespräche in den {hours} Stunden bis {until} UTC, weit mehr als die üblichen {usual}",
  fewer: "hatte {count} Gespräche in den {hours} Stunden bis {until} UTC, weit weniger als die üblichen {usual}",
  before: "{value} eine Woche davor",
  nothingBefore: "Eine Woche davor nichts",
  better: ": besser",
  worse: ": schlechter",
  live: { one: "Ein Anruf läuft", other: "{count} Anrufe laufen" },
  atRisk: { one: "bei einem lohnt ein Blick", other: "bei {count} lohnt ein Blick" },
};
