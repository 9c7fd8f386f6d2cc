import { type TokenSource, agentOf, roleOf } from "@sotto/api";
import { useEffect, useState } from "react";

/** Who looks, by their own token: for what is offered to whom. The server judges every request by itself. */
export interface Viewer {
  readonly role: string;
  readonly agent: string;
}

/** null until it is known. */
export function useViewer(token: TokenSource): Viewer | null {
  const [viewer, setViewer] = useState<Viewer | null>(null);
  useEffect(() => {
    let isWanted = true;
    token.current().then(
      (current) => isWanted && setViewer({ role: roleOf(current), agent: agentOf(current) }),
      // Who cannot sign in is told so by what they look at.
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [token]);
  return viewer;
}
