import { useWording } from "../messages";
import "./NoCall.css";

export function NoCall() {
  const { t } = useWording();
  return (
    <main className="no-call">
      <h2>{t.waitingTitle}</h2>
      <p>{t.waitingText}</p>
    </main>
  );
}
