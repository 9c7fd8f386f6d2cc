import Button from "@cloudscape-design/components/button";
import Textarea from "@cloudscape-design/components/textarea";
import { GraphqlRefused, type SharedMoment } from "@sotto/api";
import { marksOf, piecesOf, speakerName } from "@sotto/call";
import { SpokenText, callTime, fill } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../../messages";
import type { SharedMoments } from "../../sharedMoments";
import { ListenButton } from "./ListenButton";

const LONGEST_ANSWER = 500;

/** One moment of a call of the agent's: what the coach says, the words, the audio, and what the agent makes of it. */
export function SharedMomentCard({ moment, shared }: { moment: SharedMoment; shared: SharedMoments }) {
  const { t, locale } = useWording();
  const [answer, setAnswer] = useState("");
  const [state, setState] = useState<"idle" | "sending" | "failed" | "refused">("idle");
  const isNew = moment.acknowledgedAtMs === null;
  const time = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
  const call = moment.callStartedAtMs === null ? "" : time.format(moment.callStartedAtMs);
  const send = async () => {
    setState("sending");
    try {
      await shared.acknowledge(moment, answer.trim());
      setState("idle");
    } catch (error) {
      // What is typed stays; sent again, nothing is doubled.
      setState(error instanceof GraphqlRefused && error.kind !== "Unavailable" ? "refused" : "failed");
    }
  };
  return (
    <article className={isNew ? "shared-moment new" : "shared-moment"} data-shared={moment.acknowledgedAtMs === null ? "waiting" : "acknowledged"}>
      <h4 className="quiet fine-print">{fill(t.coach.from, { name: moment.sharerName, call, time: callTime(moment.fromMs) })}</h4>
      <p className="comment">{moment.comment}</p>
      {moment.utterances.length > 0 ? (
        <blockquote className="words" tabIndex={0} aria-label={t.coach.words}>
          {moment.utterances.map((utterance) => (
            <p key={utterance.id}>
              <span className="quiet">{speakerName(utterance.speaker, t)}: </span>
              <SpokenText pieces={piecesOf(utterance.text, marksOf(utterance, []))} hidden={t.private} doubtful={t.doubtful} />
            </p>
          ))}
        </blockquote>
      ) : (
        <p className="quiet fine-print">{t.coach.noWords}</p>
      )}
      <ListenButton moment={moment} shared={shared} />
      {moment.answer === null && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <Textarea value={answer} rows={2} ariaLabel={t.coach.answer} placeholder={t.coach.answer} onChange={({ detail }) => setAnswer(detail.value.slice(0, LONGEST_ANSWER))} />
          <div className="buttons">
            <Button formAction="submit" loading={state === "sending"} disabled={!isNew && answer.trim() === ""}>
              {isNew ? t.coach.acknowledge : t.coach.sendAnswer}
            </Button>
          </div>
        </form>
      )}
      <p role="status" className="quiet fine-print">
        {state === "failed" ? t.coach.failed : state === "refused" ? t.coach.refused : isNew ? "" : moment.answer === null ? t.coach.seen : fill(t.coach.answered, { answer: moment.answer })}
      </p>
    </article>
  );
}
