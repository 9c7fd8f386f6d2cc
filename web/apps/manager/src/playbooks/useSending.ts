import { GraphqlRefused } from "@sotto/api";
import { useState } from "react";
import { useWording } from "../messages";

/** One request at a time that changes something: whether it is under way, and why it was refused. */
export function useSending() {
  const { t } = useWording();
  const [state, setState] = useState<{ readonly isSending: boolean; readonly reason: string | null }>({ isSending: false, reason: null });
  const send = <Result,>(request: Promise<Result>, then: (result: Result) => void) => {
    setState({ isSending: true, reason: null });
    request.then(
      (result) => {
        setState({ isSending: false, reason: null });
        then(result);
      },
      (error: unknown) => setState({ isSending: false, reason: error instanceof GraphqlRefused && error.kind !== "Unavailable" ? error.message : t.playbooks.failed }),
    );
  };
  return { ...state, send };
}
