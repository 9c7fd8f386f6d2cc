import Button from "@cloudscape-design/components/button";
import { fill } from "@sotto/ui";
import { useWording } from "../../messages";
import { KEYS } from "../keys";
import "./Undo.css";

export interface Undoable {
  readonly id: string;
  readonly title: string;
  readonly was: "acknowledged" | "dismissed";
}

/** A wrong key costs one more key. The region is always there: a screen reader announces only what changes in one. */
export function Undo({ undoable, onUndo }: { undoable: Undoable | null; onUndo: () => void }) {
  const { t } = useWording();
  return (
    <div className="undo" role="status">
      {undoable && (
        <>
          <span className="quiet">{fill(t.undoable[undoable.was], { title: undoable.title })}</span>
          <Button variant="inline-link" onClick={onUndo} nativeButtonAttributes={{ "aria-keyshortcuts": KEYS.undo }}>
            {t.undo} <kbd aria-hidden="true">{KEYS.undo}</kbd>
          </Button>
        </>
      )}
    </div>
  );
}
