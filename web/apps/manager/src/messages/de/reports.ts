import type { reports as english } from "../en/reports";

export const reports: typeof english = {
  title: "Berichte",
  description: "Übersichten aus Zahlen über dieselben Tage und Teams. Die Adresse enthält, was Sie sehen; jede Kachel führt zum Analysten.",
  overview: "Überblick",
  reports: "Öffnen",
  mine: "Mein Bericht",
  forget: "Diesen Bericht entfernen",
  print: "Drucken oder PDF",
  allTeams: "Alle Teams, die Sie sehen dürfen",
  noTeams: "Noch ist kein Team bekannt",
  saveTile: "Als Kachel speichern",
  tileTitle: "Titel der Kachel",
  reportName: "Bericht",
  keptHere: "Bleibt in diesem Browser. Zum Teilen senden Sie den Link: Er enthält die Kacheln.",
  removeTile: "Kachel entfernen",
  empty: "Dieser Bericht hat keine Kacheln",
  emptyText: "Fragen Sie den Analysten nach einer Zahl und speichern Sie sie als Kachel: Sie erscheint hier, mit den Tagen und Teams, die Sie wählen.",
  toAnalyst: "Zum Analysten",
};
