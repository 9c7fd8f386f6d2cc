import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { GraphqlRefused, QuietHours, type QuietHoursParts, SaveQuietHours } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../messages";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";

/** When messages of alerts wait, as the whole company has it. */
export function QuietHoursCard({ graphql, maySet }: { graphql: Requests; maySet: boolean }) {
  const { t } = useWording();
  const [answer, again] = useAnswer(graphql, QuietHours, {});
  const [isEditing, setEditing] = useState(false);
  const hours = answer.state === "loaded" ? answer.data.quietHours : null;
  return (
    <Container
      header={
        <Header variant="h2" description={t.alerts.quietText} actions={maySet && hours !== null && !isEditing && <Button onClick={() => setEditing(true)}>{t.alerts.quietChange}</Button>}>
          {t.alerts.quietTitle}
        </Header>
      }
    >
      <div data-quiet-hours={answer.state}>
        {answer.state !== "loaded" && <NotLoaded answer={answer} onRetry={again} />}
        {hours !== null && !isEditing && <HoursText hours={hours} />}
        {hours !== null && isEditing && (
          <HoursEditor
            graphql={graphql}
            hours={hours}
            onDone={() => {
              setEditing(false);
              again();
            }}
          />
        )}
      </div>
    </Container>
  );
}

function HoursText({ hours }: { hours: QuietHoursParts }) {
  const { t } = useWording();
  if (hours.days.length === 0) return <>{t.alerts.quietNone}</>;
  const days = [...hours.days].sort((a, b) => a - b).map((day) => t.alerts.weekdays[day] ?? "");
  return <>{fill(t.alerts.quietOn, { days: days.join(", "), begins: hours.begins, ends: hours.ends, zone: hours.zone })}</>;
}

const ZONES = Intl.supportedValuesOf("timeZone");

function HoursEditor({ graphql, hours, onDone }: { graphql: Requests; hours: QuietHoursParts; onDone: () => void }) {
  const { t } = useWording();
  const [draft, setDraft] = useState(hours.version === 0 ? { ...hours, zone: Intl.DateTimeFormat().resolvedOptions().timeZone } : hours);
  const [reason, setReason] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const save = () => {
    setSaving(true);
    graphql.request(SaveQuietHours, { hours: draft }).then(onDone, (error: unknown) => {
      setSaving(false);
      setReason(error instanceof GraphqlRefused && error.kind !== "Unavailable" ? error.message : t.alerts.failed);
    });
  };
  const option = (day: number) => ({ value: String(day), label: t.alerts.weekdays[day] ?? "" });
  return (
    <SpaceBetween size="m">
      {reason !== null && <Alert type="error">{reason}</Alert>}
      <ColumnLayout columns={2} minColumnWidth={220}>
        <FormField label={t.alerts.onDays} stretch>
          <Multiselect selectedOptions={[...draft.days].sort((a, b) => a - b).map(option)} options={[0, 1, 2, 3, 4, 5, 6].map(option)} placeholder={t.alerts.quietNone} onChange={({ detail }) => setDraft({ ...draft, days: detail.selectedOptions.map(({ value }) => Number(value)) })} />
        </FormField>
        <FormField label={t.alerts.zone} stretch>
          <Select selectedOption={{ value: draft.zone, label: draft.zone }} options={[...new Set(["UTC", ...ZONES])].map((value) => ({ value, label: value }))} filteringType="auto" onChange={({ detail }) => setDraft({ ...draft, zone: detail.selectedOption.value ?? draft.zone })} />
        </FormField>
        <FormField label={t.alerts.begins}>
          <Input value={draft.begins} onChange={({ detail }) => setDraft({ ...draft, begins: detail.value })} placeholder="HH:MM" />
        </FormField>
        <FormField label={t.alerts.ends}>
          <Input value={draft.ends} onChange={({ detail }) => setDraft({ ...draft, ends: detail.value })} placeholder="HH:MM" />
        </FormField>
      </ColumnLayout>
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="primary" loading={isSaving} onClick={save}>
          {t.alerts.save}
        </Button>
        <Button onClick={onDone}>{t.alerts.cancel}</Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}
