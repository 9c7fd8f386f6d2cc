import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { AlertSeverity, MetricsResult } from "@sotto/api";
import { fill } from "@sotto/ui";
import { dimensionText } from "../figures/figureText";
import { useWording } from "../messages";
import type { Metric } from "./alertText";
import { ANOMALY_DIMENSIONS, DRIFT_DIMENSIONS, type Mistakes, NOT_IN_RULES, type RuleDraft } from "./ruleDraft";

interface Props {
  draft: RuleDraft;
  catalogue: MetricsResult["metrics"];
  metric: Metric | undefined;
  mistakes: Mistakes;
  /** A supervisor's rule looks at teams of theirs. */
  needsTeams: boolean;
  onChange: (draft: RuleDraft) => void;
}

/** What must hold, by the kind of the rule. */
export function ConditionFields(props: Props) {
  const { draft } = props;
  return (
    <ColumnLayout columns={2} minColumnWidth={240}>
      {draft.kind !== "ANOMALY" && <SpaceBetween size="m">{FIELDS[draft.kind](props)}</SpaceBetween>}
      <SpaceBetween size="m">
        <ScopeFields {...props} />
      </SpaceBetween>
    </ColumnLayout>
  );
}

const FIELDS = {
  THRESHOLD: (props: Props) => <FigureFields {...props} />,
  CHANGE: (props: Props) => <FigureFields {...props} />,
  DRIFT: (props: Props) => <DaysField {...props} />,
  MOMENT: (props: Props) => <MomentFields {...props} />,
};

function DaysField({ draft, mistakes, onChange }: Props) {
  const { t } = useWording();
  return (
    <FormField label={t.alerts.days} constraintText={t.alerts.daysHint} errorText={mistakes.days} stretch>
      <Input inputMode="numeric" value={draft.days} onChange={({ detail }) => onChange({ ...draft, days: detail.value })} />
    </FormField>
  );
}

function FigureFields({ draft, catalogue, metric, mistakes, onChange }: Props) {
  const { t } = useWording();
  const isChange = draft.kind === "CHANGE";
  const directions = isChange ? [t.alerts.hasRisen, t.alerts.hasFallen] : [t.alerts.isAbove, t.alerts.isBelow];
  const option = (above: boolean) => ({ value: above ? "above" : "below", label: directions[above ? 0 : 1] ?? "" });
  const unit = isChange || metric?.unit === "share" ? t.alerts.percent : metric && metric.unit !== "count" ? fill(t.alerts.levelIn, { unit: metric.unit }) : "";
  const choose = (name: string) => {
    const next = catalogue.metrics.find((each) => each.name === name);
    onChange({ ...draft, metric: name, by: next?.dimensions.includes(draft.by) ? draft.by : "" });
  };
  return (
    <>
      <FormField label={t.alerts.metric} errorText={mistakes.metric} stretch>
        <Select
          selectedOption={metric ? { value: metric.name, label: metric.title } : null}
          placeholder={t.alerts.metric}
          options={catalogue.metrics.map(({ name, title, note }) => ({ value: name, label: title, description: note }))}
          filteringType="auto"
          onChange={({ detail }) => choose(detail.selectedOption.value ?? "")}
        />
      </FormField>
      <FormField label={t.alerts.direction} stretch>
        <Select selectedOption={option(draft.above)} options={[option(true), option(false)]} onChange={({ detail }) => onChange({ ...draft, above: detail.selectedOption.value === "above" })} />
      </FormField>
      <FormField label={t.alerts.level} constraintText={unit} errorText={mistakes.level} stretch>
        <Input inputMode="decimal" value={draft.level} onChange={({ detail }) => onChange({ ...draft, level: detail.value })} />
      </FormField>
      <FormField label={t.alerts.days} constraintText={isChange ? t.alerts.daysOver : t.alerts.daysHint} errorText={mistakes.days} stretch>
        <Input inputMode="numeric" value={draft.days} onChange={({ detail }) => onChange({ ...draft, days: detail.value })} />
      </FormField>
      <FormField label={t.alerts.atLeast} constraintText={t.alerts.atLeastHint} errorText={mistakes.atLeast} stretch>
        <Input inputMode="numeric" value={draft.atLeast} onChange={({ detail }) => onChange({ ...draft, atLeast: detail.value })} />
      </FormField>
    </>
  );
}

const SEVERITIES: readonly AlertSeverity[] = ["HIGH", "MEDIUM", "LOW"];

function MomentFields({ draft, onChange }: Props) {
  const { t } = useWording();
  const option = (value: AlertSeverity) => ({ value, label: t.alerts.severities[value] });
  return (
    <>
      <FormField label={t.alerts.severity} stretch>
        <Select selectedOption={option(draft.severity)} options={SEVERITIES.map(option)} onChange={({ detail }) => onChange({ ...draft, severity: SEVERITIES.find((each) => each === detail.selectedOption.value) ?? draft.severity })} />
      </FormField>
      <FormField label={t.alerts.momentNames} constraintText={t.alerts.momentNamesHint} stretch>
        <Input value={draft.moments} onChange={({ detail }) => onChange({ ...draft, moments: detail.value })} />
      </FormField>
    </>
  );
}

function ScopeFields({ draft, catalogue, metric, needsTeams, onChange }: Props) {
  const { t } = useWording();
  const dimensions = draft.kind === "ANOMALY" ? ANOMALY_DIMENSIONS : draft.kind === "DRIFT" ? DRIFT_DIMENSIONS : (metric?.dimensions ?? []).filter((each) => !NOT_IN_RULES.includes(each));
  const named = (value: string) => ({ value, label: value });
  const known = (dimension: string) => catalogue.values.find((each) => each.dimension === dimension)?.values ?? [];
  const by = (value: string) => ({ value, label: value === "" ? t.alerts.byNothing : dimensionText(value, t) });
  return (
    <>
      <FormField label={t.alerts.teams} {...(needsTeams ? { constraintText: t.alerts.ownTeams } : {})} stretch>
        <Multiselect selectedOptions={draft.teams.map(named)} options={[...new Set([...known("team"), ...draft.teams])].map(named)} placeholder={t.alerts.any} onChange={({ detail }) => onChange({ ...draft, teams: detail.selectedOptions.map(({ value }) => value ?? "") })} />
      </FormField>
      <FormField label={t.alerts.queues} stretch>
        <Multiselect selectedOptions={draft.queues.map(named)} options={[...new Set([...known("queue"), ...draft.queues])].map(named)} placeholder={t.alerts.any} onChange={({ detail }) => onChange({ ...draft, queues: detail.selectedOptions.map(({ value }) => value ?? "") })} />
      </FormField>
      {draft.kind !== "MOMENT" && (
        <FormField label={t.alerts.by} stretch>
          <Select selectedOption={by(draft.by)} options={["", ...dimensions].map(by)} onChange={({ detail }) => onChange({ ...draft, by: detail.selectedOption.value ?? "" })} />
        </FormField>
      )}
    </>
  );
}
