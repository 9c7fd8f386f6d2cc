import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AfterCallWork, Disposition, Utterance } from "@sotto/api";
import { fill, percent } from "@sotto/ui";
import { useWording } from "../messages";
import { LineLinks } from "./LineLinks";

const INDICATOR = { PENDING: "in-progress", DONE: "success", NOTHING: "stopped", FAILED: "error" } as const;

interface Props {
  work: AfterCallWork;
  contactId: string;
  utterances: readonly Utterance[];
}

/** How the call ended, and how far what is made of it has come. */
export function OutcomePanel({ work, contactId, utterances }: Props) {
  const { t } = useWording();
  return (
    <Container header={<Header variant="h2">{t.conversation.afterCall}</Header>}>
      {work.disposition && <Ending disposition={work.disposition} contactId={contactId} utterances={utterances} />}
      <ul className="plain-list" data-after-call>
        {work.steps.map(({ step, outcome }) => (
          <li key={step}>
            <StatusIndicator type={INDICATOR[outcome]}>
              {fill(t.conversation.stepOutcomes[outcome], { step: (t.conversation.steps as Record<string, string | undefined>)[step] ?? step.replaceAll("_", " ") })}
            </StatusIndicator>
          </li>
        ))}
      </ul>
    </Container>
  );
}

function Ending({ disposition, contactId, utterances }: { disposition: Disposition } & Pick<Props, "contactId" | "utterances">) {
  const { t, locale } = useWording();
  const { choice, ranked } = disposition;
  const suggested = ranked.find((each) => each.code === disposition.suggested);
  return (
    <div data-disposition>
      {choice && (
        <p>
          <strong>{choice.title}</strong> <span className="quiet">{t.conversation.written[choice.written]}</span>
        </p>
      )}
      {suggested && (
        <p className="quiet">
          {fill(t.conversation.suggested, { title: suggested.title, percent: percent(suggested.confidence, locale) })}
          <LineLinks contactId={contactId} ids={suggested.utteranceIds} utterances={utterances} />
        </p>
      )}
      {!choice && !suggested && <p className="quiet">{t.conversation.noEnding}</p>}
    </div>
  );
}
