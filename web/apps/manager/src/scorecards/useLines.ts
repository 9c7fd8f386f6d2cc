import { SpokenLines } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useEffect, useState } from "react";
import type { SpokenLine } from "./scorecard";

/** As the server pages them. */
const FULL_PAGE = 500;

/** Everything that was said, in the order of the call: what an answer is shown by. Empty until it has come. */
export function useLines(graphql: Requests, contactId: string): readonly SpokenLine[] {
  const [lines, setLines] = useState<readonly SpokenLine[]>([]);
  useEffect(() => {
    let isWanted = true;
    const read = async () => {
      const found: SpokenLine[] = [];
      for (let afterSeq = 0, isFull = true; isFull && isWanted; ) {
        const { utterances } = await graphql.request(SpokenLines, { contactId, afterSeq, limit: FULL_PAGE });
        found.push(...utterances);
        afterSeq = utterances.at(-1)?.seq ?? afterSeq;
        isFull = utterances.length === FULL_PAGE;
      }
      if (isWanted) setLines([...found].sort((a, b) => a.startMs - b.startMs));
    };
    // Without the lines an answer still says what it is; its evidence has no words then.
    read().catch(() => undefined);
    return () => {
      isWanted = false;
    };
  }, [graphql, contactId]);
  return lines;
}
