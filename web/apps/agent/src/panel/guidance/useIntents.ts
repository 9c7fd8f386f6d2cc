import { useEffect, useState } from "react";
import type { Session } from "@sotto/call";

/** What a correction can name, fetched when somebody first corrects; empty until then, and where it cannot be had. */
export function useIntents(session: Session, isAsked: boolean): readonly string[] {
  const [intents, setIntents] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!isAsked) return;
    let isCurrent = true;
    session.intents().then(
      (found) => isCurrent && setIntents(found),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [session, isAsked]);
  return intents;
}
