import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import type { CallState } from "@sotto/call";
import { fill, useStickToEnd } from "@sotto/ui";
import { useLayoutEffect, useState } from "react";
import { useWording } from "../messages";
import { TranscriptLine } from "./TranscriptLine";
import "./TranscriptPanel.css";
import { type Extra, MORE, windowOf } from "./windowOf";

interface Props {
  call: CallState;
  contactId: string;
  /** The utterance that the address leads to. */
  cited: string | null;
  isLive: boolean;
}

const NONE: Extra = { before: 0, after: 0 };
const NO_MOMENTS = [] as const;

/** What was said, redacted, with what was noticed beside the words; it follows a call that goes on. */
export function TranscriptPanel({ call, contactId, cited, isLive }: Props) {
  const { t } = useWording();
  const { utterances } = call;
  const [extra, setExtra] = useState(NONE);
  const place = cited === null ? -1 : utterances.findIndex((utterance) => utterance.id === cited);
  const shown = windowOf(utterances.length, { cited: place < 0 ? null : place, isLive, extra });
  const lines = utterances.slice(shown.from, shown.until);
  const { box, isLive: isAtEnd, toLive, leave, onScroll } = useStickToEnd(utterances, isLive && cited === null);
  const isFound = place >= 0;
  useLayoutEffect(() => {
    if (!isFound || cited === null) return;
    leave();
    const line = box.current?.querySelector<HTMLElement>(`[data-utterance="${CSS.escape(cited)}"]`);
    line?.scrollIntoView({ block: "center" });
    line?.focus({ preventScroll: true });
  }, [cited, isFound, box, leave]);
  return (
    <Container header={<Header variant="h2">{t.conversation.transcript}</Header>}>
      <div className="transcript-box" ref={box} onScroll={onScroll} tabIndex={0} role="group" aria-label={t.conversation.transcript}>
        {utterances.length === 0 && <p className="quiet">{t.conversation.transcriptQuiet}</p>}
        {shown.from > 0 && <Button variant="inline-link" onClick={() => setExtra({ ...extra, before: extra.before + MORE })}>{fill(t.conversation.showEarlier, { count: shown.from })}</Button>}
        <ol className="plain-list">
          {lines.map((utterance, index) => (
            <TranscriptLine
              key={utterance.id}
              utterance={utterance}
              contactId={contactId}
              isTurn={lines[index - 1]?.speaker !== utterance.speaker}
              moments={call.moments.get(utterance.id) ?? NO_MOMENTS}
              isCited={utterance.id === cited}
            />
          ))}
        </ol>
        {shown.until < utterances.length && (
          <Button variant="inline-link" onClick={() => setExtra({ ...extra, after: extra.after + MORE })}>
            {fill(t.conversation.showLater, { count: utterances.length - shown.until })}
          </Button>
        )}
      </div>
      {isLive && !isAtEnd && (
        <Button iconName="angle-down" onClick={toLive}>
          {t.conversation.toLive}
        </Button>
      )}
    </Container>
  );
}
