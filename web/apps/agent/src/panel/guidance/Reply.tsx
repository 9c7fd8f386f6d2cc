import { useWording } from "../../messages";
import type { CopyResult } from "./cardActions";
import "./Reply.css";

/** A sentence that the agent may say, or paste into a chat. */
export function Reply({ text, isChat, copied }: { text: string; isChat: boolean; copied: CopyResult }) {
  const { t } = useWording();
  return (
    <div className="reply">
      <span className="caption">{isChat ? t.write : t.say}</span>
      <blockquote>{text}</blockquote>
      {copied === "failed" && <p className="quiet">{t.copyFailed}</p>}
    </div>
  );
}
