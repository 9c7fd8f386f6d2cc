import type { health as english } from "../en/health";

export const health: typeof english = {
  title: "Zustand und Kosten",
  description: "Wie gut Sotto selbst arbeitet, in den letzten sieben Tagen neben der Woche davor. Drücken Sie auf eine Zahl, um zu sehen, was dahinter steht.",
  groups: { understood: "Verstanden", guided: "Hinweise", after: "Nach dem Gespräch", cost: "Kosten" },
  texts: {
    understood: "Wie sicher die Spracherkennung und das Modell für Anliegen waren.",
    guided: "Vom vorliegenden Wortlaut bis zum Hinweis auf dem Bildschirm.",
    after: "Schritte der Nachverarbeitung, die fehlgeschlagen sind, und wie spät sie zu Ende waren.",
    cost: "Was Gespräche kosten, wo das bekannt ist. Ein Strich: Niemand hat gesagt, was sie kosten.",
  },
  elsewhere: "Alarme der Maschinen, Warteschlangen und Budgets sind keine Gespräche: Ihre Administratoren finden sie in den Übersichten der Installation und in der API. Eigene Zahlen:",
};
