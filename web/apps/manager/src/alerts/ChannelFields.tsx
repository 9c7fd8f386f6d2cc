import Checkbox from "@cloudscape-design/components/checkbox";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useWording } from "../messages";
import type { RuleDraft } from "./ruleDraft";

const CHANNELS = ["EMAIL", "WEBHOOK"] as const;

/** By what the alert goes out beside this app, and what becomes of it in quiet hours. */
export function ChannelFields({ draft, onChange }: { draft: RuleDraft; onChange: (draft: RuleDraft) => void }) {
  const { t } = useWording();
  const hints = { EMAIL: t.alerts.emailHint, WEBHOOK: t.alerts.webhookHint };
  return (
    <ColumnLayout columns={2} minColumnWidth={240}>
      <FormField label={t.alerts.alsoBy}>
        <SpaceBetween size="xs">
          {CHANNELS.map((channel) => (
            <Checkbox
              key={channel}
              description={hints[channel]}
              checked={draft.channels.includes(channel)}
              onChange={({ detail }) => onChange({ ...draft, channels: CHANNELS.filter((each) => (each === channel ? detail.checked : draft.channels.includes(each))) })}
            >
              {t.alerts.channels[channel]}
            </Checkbox>
          ))}
        </SpaceBetween>
      </FormField>
      <FormField label={t.alerts.inQuiet}>
        <RadioGroup
          value={draft.drops ? "DROP" : "DIGEST"}
          items={[
            { value: "DIGEST", label: t.alerts.inQuiets.DIGEST },
            { value: "DROP", label: t.alerts.inQuiets.DROP },
          ]}
          onChange={({ detail }) => onChange({ ...draft, drops: detail.value === "DROP" })}
        />
      </FormField>
    </ColumnLayout>
  );
}
