import type { ChecklistItem } from "@sotto/api";
import "./ChecklistProgress.css";

/** A mark for each item in its order: how far the call has come, without reading. */
export function ChecklistProgress({ items }: { items: readonly ChecklistItem[] }) {
  return (
    <span className="progress" aria-hidden="true">
      {items.map((item) => (
        <span key={`${item.checklist}/${item.name}`} className={item.state.toLowerCase()} />
      ))}
    </span>
  );
}
