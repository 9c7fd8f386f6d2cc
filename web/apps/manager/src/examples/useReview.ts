import { GraphqlRefused, JudgeExample, type LearningExample, WithdrawJudgement } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useCallback, useRef, useState } from "react";
import { type ExampleQueue, answered, dropped, skipped, undone } from "./exampleQueue";

export type Trouble = { readonly state: "none" | "failed" } | { readonly state: "refused"; readonly reason: string };

export interface Review {
  readonly queue: ExampleQueue;
  readonly trouble: Trouble;
  readonly isSending: boolean;
  readonly answer: (label: string | null) => void;
  readonly skip: () => void;
  readonly undo: () => void;
}

/** One answer at a time: the next example is shown once the server has this one's. */
export function useReview(graphql: Requests, loaded: readonly LearningExample[]): Review {
  const [queue, setQueue] = useState<ExampleQueue>({ waiting: loaded, answered: [] });
  const [trouble, setTrouble] = useState<Trouble>({ state: "none" });
  const [isSending, setSending] = useState(false);
  // A key that is pressed twice is faster than the page is drawn.
  const isBusy = useRef(false);
  const send = useCallback((request: () => Promise<unknown>, then: (queue: ExampleQueue) => ExampleQueue, refused: (queue: ExampleQueue) => ExampleQueue) => {
    if (isBusy.current) return;
    isBusy.current = true;
    setSending(true);
    setTrouble({ state: "none" });
    request()
      .then(
        () => setQueue(then),
        (error: unknown) => {
          const isRefused = error instanceof GraphqlRefused && error.kind !== "Unavailable";
          setTrouble(isRefused ? { state: "refused", reason: error.message } : { state: "failed" });
          if (isRefused) setQueue(refused);
        },
      )
      .finally(() => {
        isBusy.current = false;
        setSending(false);
      });
  }, []);
  const first = queue.waiting[0];
  const last = queue.answered[0];
  return {
    queue,
    trouble,
    isSending,
    answer: (label) => first && send(() => graphql.request(JudgeExample, { ...placeOf(first), label }), (now) => answered(now, first, label), (now) => dropped(now, first)),
    skip: () => setQueue(skipped),
    undo: () => last && send(() => graphql.request(WithdrawJudgement, placeOf(last.example)), undone, (now) => now),
  };
}

const placeOf = ({ contactId, utteranceId }: LearningExample) => ({ contactId, utteranceId });
