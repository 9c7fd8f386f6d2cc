import { type TokenSource, roleOf } from "@sotto/api";
import { useEffect, useState } from "react";

/** The user's role, for what is offered to whom; null until it is known. The server judges every request by itself. */
export function useRole(token: TokenSource): string | null {
  const [role, setRole] = useState<string | null>(null);
  useEffect(() => {
    let isWanted = true;
    token.current().then(
      (current) => isWanted && setRole(roleOf(current)),
      // Who cannot sign in is told so by what they look at.
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [token]);
  return role;
}
