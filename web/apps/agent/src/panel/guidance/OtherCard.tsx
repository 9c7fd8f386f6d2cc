import { callTime } from "@sotto/ui";
import type { ShownAnnotation } from "@sotto/call";
import { useWording } from "../../messages";

/** One line, one press away. */
export function OtherCard({ annotation, shortcut, onOpen }: { annotation: ShownAnnotation; shortcut: number; onOpen: () => void }) {
  const { t } = useWording();
  const hasKey = shortcut <= 9;
  return (
    <button
      type="button"
      className={`other ${annotation.severity.toLowerCase()}`}
      onClick={onOpen}
      data-annotation={annotation.id}
      aria-keyshortcuts={hasKey ? String(shortcut) : undefined}
    >
      {hasKey && <kbd aria-hidden="true">{shortcut}</kbd>}
      {annotation.severity === "HIGH" && <span className="offscreen">{t.important}: </span>}
      <span className="title">{annotation.title || annotation.name}</span>
      <time>{callTime(annotation.atMs)}</time>
    </button>
  );
}
