import { GraphqlRefused, type Operation } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useCallback, useEffect, useState } from "react";

/** What came of a question: nothing yet, an answer, a refusal in the server's words, or no answer at all. */
export type Answer<Result> = { readonly state: "loading" } | { readonly state: "loaded"; readonly data: Result } | { readonly state: "refused"; readonly reason: string } | { readonly state: "failed" };

interface Known<Result> {
  readonly asked: string;
  readonly answer: Answer<Result>;
}

const LOADING = { state: "loading" } as const;

/** Asks whenever what is asked changes, and again when it is told to; while it asks again, what is known stays. */
export function useAnswer<Result, Variables>(graphql: Requests, operation: Operation<Result, Variables>, variables: Variables): readonly [Answer<Result>, () => void] {
  const asked = JSON.stringify([operation.name, variables]);
  const [tries, setTries] = useState(0);
  const [known, setKnown] = useState<Known<Result> | null>(null);
  useEffect(() => {
    let isWanted = true;
    const keep = (answer: Answer<Result>) => isWanted && setKnown({ asked, answer });
    graphql.request(operation, variables).then(
      (data) => keep({ state: "loaded", data }),
      (error: unknown) => keep(error instanceof GraphqlRefused && error.kind !== "Unavailable" ? { state: "refused", reason: error.message } : { state: "failed" }),
    );
    return () => {
      isWanted = false;
    };
  }, [graphql, operation, asked, tries]); // eslint-disable-line react-hooks/exhaustive-deps -- `asked` is all of the variables
  const again = useCallback(() => setTries((count) => count + 1), []);
  return [known?.asked === asked ? known.answer : LOADING, again];
}
