import Alert from "@cloudscape-design/components/alert";
import type { FigureParts } from "@sotto/api";
import { useWording } from "../messages";
import { notesOf } from "./figureText";

/** What a figure must not be read without. */
export function FigureNotes({ figure, isTile }: { figure: Pick<FigureParts, "synthetic" | "missing" | "behind">; isTile: boolean }) {
  const { t, locale } = useWording();
  const notes = notesOf(figure, t, locale);
  if (notes.length === 0) return null;
  if (isTile) return <div className="quiet">{notes.join(" ")}</div>;
  return (
    <Alert type={figure.synthetic ? "info" : "warning"}>
      {notes.map((note) => (
        <div key={note}>{note}</div>
      ))}
    </Alert>
  );
}
