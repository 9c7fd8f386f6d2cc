import { useWording } from "../../messages";
import type { CopyResult } from "./cardActions";
import "./Reply.css";

/** A sentence that the agent may say or paste. */
export function Reply({ text, copied }: { text: string; copied: CopyResult }) {
  const { t } = useWording();
  return (
    <div className="reply">
      <span className="caption">{t.say}</span>
      <blockquote>{text}</blockquote>
      {copied === "failed" && <p className="quiet">{t.copyFailed}</p>}
    </div>
  );
}
