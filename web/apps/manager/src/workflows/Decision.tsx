import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import type { WorkflowRunParts } from "@sotto/api";
import { fill } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../messages";
import { labelOf, wordsOf } from "./workflowText";

interface Props {
  waiting: NonNullable<WorkflowRunParts["waiting"]>;
  mayDecide: boolean;
  isSending: boolean;
  onDecide: (step: string, choice: string, reason: string) => void;
}

/** What a person is asked, what they are shown for it, and a button for each thing that they may decide. */
export function Decision({ waiting, mayDecide, isSending, onDecide }: Props) {
  const { t, locale } = useWording();
  const [reason, setReason] = useState("");
  const until = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(waiting.untilMs);
  return (
    <Container
      header={
        <Header variant="h2" description={fill(t.workflows.until, { when: until })}>
          {wordsOf(waiting.title, locale)}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {waiting.shown.map(({ name, texts }) => (
          <div key={name}>
            <Box variant="awsui-key-label">{labelOf(name, t)}</Box>
            {texts.map((text, place) => (
              <Box key={place} variant="p">
                {text}
              </Box>
            ))}
          </div>
        ))}
        {mayDecide ? (
          <>
            <FormField label={t.workflows.reason} description={t.workflows.reasonHint} stretch>
              <Textarea value={reason} rows={2} onChange={({ detail }) => setReason(detail.value.slice(0, 500))} />
            </FormField>
            <SpaceBetween direction="horizontal" size="xs">
              {waiting.choices.map(({ id, title }, place) => (
                <Button key={id} variant={place === 0 ? "primary" : "normal"} disabled={isSending} onClick={() => onDecide(waiting.step, id, reason)}>
                  {wordsOf(title, locale)}
                </Button>
              ))}
            </SpaceBetween>
          </>
        ) : (
          <Box color="text-body-secondary">{t.workflows.notYours}</Box>
        )}
      </SpaceBetween>
    </Container>
  );
}
