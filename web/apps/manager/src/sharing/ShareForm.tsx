import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { GraphqlRefused, ShareMoment } from "@sotto/api";
import { type CallState, speakerName } from "@sotto/call";
import type { Requests } from "@sotto/realtime";
import { callTime, fill } from "@sotto/ui";
import { useState } from "react";
import { isNamed } from "../conversation/regions";
import { useWording } from "../messages";
import { type Stretch, stretchOf, timesOf, widened } from "./stretch";

const LONGEST_COMMENT = 1_000;

interface Props {
  graphql: Requests;
  contactId: string;
  call: CallState;
  /** The line that the address leads to: what is shared begins as it. */
  cited: string | null;
  onShared: () => void;
}

type State = { readonly is: "idle" | "sending" | "failed" | "shared" } | { readonly is: "refused"; readonly reason: string };

export function ShareForm({ graphql, contactId, call, cited, onShared }: Props) {
  const { t } = useWording();
  const lines = call.utterances;
  const [stretch, setStretch] = useState<Stretch | null>(() => (cited === null ? null : stretchOf(lines, cited)));
  const [citedBefore, setCitedBefore] = useState(cited);
  const [comment, setComment] = useState("");
  const [state, setState] = useState<State>({ is: "idle" });
  if (cited !== citedBefore) {
    setCitedBefore(cited);
    // What is chosen stays while the address follows what is played.
    if (cited !== null) setStretch(stretchOf(lines, cited));
  }
  if (stretch === null) return <p className="quiet">{t.sharing.choose}</p>;
  const chosen = lines.slice(stretch.from, stretch.until + 1);
  const { fromMs, untilMs } = timesOf(stretch, lines);
  const moment = chosen.flatMap(({ id }) => call.moments.get(id) ?? []).find(isNamed);
  const share = async () => {
    if (comment.trim() === "" || state.is === "sending") return;
    setState({ is: "sending" });
    try {
      await graphql.request(ShareMoment, { contactId, fromMs, untilMs, annotationId: moment?.id ?? null, comment: comment.trim() });
      setComment("");
      setState({ is: "shared" });
      onShared();
    } catch (error) {
      // The comment stays: the same sent again is shared once.
      setState(error instanceof GraphqlRefused && error.kind !== "Unavailable" ? { is: "refused", reason: error.message } : { is: "failed" });
    }
  };
  const trouble = state.is === "failed" ? t.sharing.failed : state.is === "refused" ? fill(t.sharing.refused, { reason: state.reason }) : "";
  return (
    <form
      data-share-form={state.is}
      onSubmit={(event) => {
        event.preventDefault();
        void share();
      }}
    >
      <SpaceBetween size="s">
        <div>
          <h3 className="quiet">{fill(t.sharing.stretch, { from: callTime(fromMs), until: callTime(untilMs) })}</h3>
          <blockquote data-chosen={chosen.length}>
            {chosen.map((line) => (
              <p key={line.id}>
                <span className="quiet">{speakerName(line.speaker, t)}:</span> {line.text}
              </p>
            ))}
          </blockquote>
          {moment && <p className="quiet">{fill(t.sharing.about, { moment: moment.title })}</p>}
        </div>
        <SpaceBetween direction="horizontal" size="xs">
          <Button formAction="none" disabled={stretch.from === 0} onClick={() => setStretch(widened(stretch, lines, "before"))}>
            {t.sharing.before}
          </Button>
          <Button formAction="none" disabled={stretch.until === lines.length - 1} onClick={() => setStretch(widened(stretch, lines, "after"))}>
            {t.sharing.after}
          </Button>
        </SpaceBetween>
        <FormField label={t.sharing.comment} description={t.sharing.commentHint} errorText={trouble} stretch>
          <Textarea
            value={comment}
            rows={3}
            onChange={({ detail }) => {
              setComment(detail.value.slice(0, LONGEST_COMMENT));
              setState({ is: "idle" });
            }}
          />
        </FormField>
        <Button variant="primary" formAction="submit" loading={state.is === "sending"} disabled={comment.trim() === ""}>
          {t.sharing.share}
        </Button>
        <p role="status" className="quiet">
          {state.is === "shared" ? t.sharing.done : ""}
        </p>
      </SpaceBetween>
    </form>
  );
}
