import Button from "@cloudscape-design/components/button";
import type { ShownAnnotation } from "@sotto/call";
import { useWording } from "../../messages";
import { KEYS } from "../keys";
import type { CardActions, CopyResult } from "./cardActions";
import "./CardButtons.css";

export function CardButtons({ annotation, copied, actions }: { annotation: ShownAnnotation; copied: CopyResult; actions: CardActions }) {
  const { t } = useWording();
  return (
    <footer>
      {annotation.reply && (
        <Button
          variant="primary"
          iconName={copied === "yes" ? "check" : "copy"}
          onClick={() => actions.copy(annotation)}
          nativeButtonAttributes={{ "aria-keyshortcuts": KEYS.copy }}
        >
          {copied === "yes" ? t.copied : t.copy} <kbd aria-hidden="true">{KEYS.copy}</kbd>
        </Button>
      )}
      <Button onClick={() => actions.acknowledge(annotation.id)} nativeButtonAttributes={{ "aria-keyshortcuts": KEYS.done }}>
        {t.done} <kbd aria-hidden="true">{KEYS.done}</kbd>
      </Button>
    </footer>
  );
}
