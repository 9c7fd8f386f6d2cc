import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { GraphqlRefused, type MetricsResult, RemoveAlertRule, SaveAlertRule } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useState } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { go } from "../routes/useRoute";
import type { Viewer } from "../shell/useViewer";
import { ConditionFields } from "./ConditionFields";
import { ChannelFields } from "./ChannelFields";
import { MANAGERS } from "./alertText";
import { type RuleDraft, inputOfRule, mistakesOf } from "./ruleDraft";

const KINDS = ["THRESHOLD", "CHANGE", "ANOMALY", "DRIFT", "MOMENT"] as const;

interface Props {
  graphql: Requests;
  catalogue: MetricsResult["metrics"];
  viewer: Viewer;
  begun: RuleDraft;
}

export function RuleEditor({ graphql, catalogue, viewer, begun }: Props) {
  const { t } = useWording();
  const [draft, setDraft] = useState(begun);
  const [wasTried, setTried] = useState(false);
  const [state, setState] = useState<{ sending: boolean; reason: string | null }>({ sending: false, reason: null });
  const isNew = begun.version === 0;
  const isManager = MANAGERS.includes(viewer.role);
  const metric = catalogue.metrics.find((each) => each.name === draft.metric);
  const mistakes = mistakesOf(draft, t);
  const send = (request: Promise<unknown>) => {
    setState({ sending: true, reason: null });
    request.then(
      () => go(hrefOf(["alerts", "rules"])),
      (error: unknown) => setState({ sending: false, reason: error instanceof GraphqlRefused && error.kind !== "Unavailable" ? error.message : t.alerts.failed }),
    );
  };
  const save = () => {
    setTried(true);
    if (Object.keys(mistakes).length === 0) send(graphql.request(SaveAlertRule, { rule: inputOfRule(draft, metric?.unit ?? "") }));
  };
  const shown = wasTried ? mistakes : {};
  return (
    <ContentLayout header={<Header variant="h1">{isNew ? t.alerts.newRule : begun.name}</Header>}>
      <form
        data-rule={isNew ? "new" : "known"}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" href={hrefOf(["alerts", "rules"])}>
                {t.alerts.cancel}
              </Button>
              {isManager && (
                <Button variant="primary" loading={state.sending} loadingText={t.alerts.saving}>
                  {t.alerts.save}
                </Button>
              )}
            </SpaceBetween>
          }
          {...(!isNew && isManager
            ? {
                secondaryActions: (
                  <Button formAction="none" disabled={state.sending} onClick={() => send(graphql.request(RemoveAlertRule, { ruleId: begun.id }))}>
                    {t.alerts.remove}
                  </Button>
                ),
              }
            : {})}
        >
          <SpaceBetween size="l">
            {state.reason !== null && <Alert type="error">{state.reason}</Alert>}
            <Container header={<Header variant="h2">{t.alerts.what}</Header>}>
              <SpaceBetween size="m">
                <FormField label={t.alerts.name} constraintText={t.alerts.nameHint} errorText={shown.name} stretch>
                  <Input value={draft.name} onChange={({ detail }) => setDraft({ ...draft, name: detail.value })} />
                </FormField>
                <FormField label={t.alerts.kind} stretch>
                  <RadioGroup
                    value={draft.kind}
                    items={KINDS.map((value) => ({ value, label: t.alerts.kinds[value], description: t.alerts.kindTexts[value] }))}
                    onChange={({ detail }) => setDraft({ ...draft, kind: KINDS.find((each) => each === detail.value) ?? draft.kind, by: "" })}
                  />
                </FormField>
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2">{t.alerts.condition}</Header>}>
              <ConditionFields draft={draft} catalogue={catalogue} metric={metric} mistakes={shown} needsTeams={viewer.role === "supervisor"} onChange={setDraft} />
            </Container>
            <Container header={<Header variant="h2">{t.alerts.sent}</Header>}>
              <SpaceBetween size="m">
                <ChannelFields draft={draft} onChange={setDraft} />
                <Checkbox checked={draft.isOn} onChange={({ detail }) => setDraft({ ...draft, isOn: detail.checked })}>
                  {t.alerts.isOn}
                </Checkbox>
              </SpaceBetween>
            </Container>
          </SpaceBetween>
        </Form>
      </form>
    </ContentLayout>
  );
}
