import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { callTime } from "@sotto/ui";
import { useMemo } from "react";
import { useWording } from "../messages";
import type { Question, SpokenLine, Written } from "./scorecard";

interface Props {
  question: Question;
  written: Written;
  lines: readonly SpokenLine[];
  onChange: (written: Written) => void;
}

/** An id that no option has: options are names of the form's file. */
const NOT_APPLICABLE = " n/a";

/** What a person answers, the words that show it, and a remark. */
export function AnswerField({ question, written, lines, onChange }: Props) {
  const { t } = useWording();
  const options = useMemo(() => lines.map(({ id, startMs, text }) => ({ value: id, label: `${callTime(startMs)} ${text}` })), [lines]);
  const chosen = options.filter(({ value }) => written.utteranceIds.includes(value));
  return (
    <SpaceBetween size="xs">
      <FormField label={t.scorecards.answer}>
        <ValueField question={question} value={written.value} onChange={(value) => onChange({ ...written, value })} />
      </FormField>
      <FormField label={t.scorecards.evidence} stretch>
        <Multiselect
          selectedOptions={chosen}
          options={options}
          filteringType="auto"
          virtualScroll
          placeholder={t.scorecards.evidenceHint}
          ariaLabel={`${t.scorecards.evidence}: ${question.title}`}
          onChange={({ detail }) => onChange({ ...written, utteranceIds: detail.selectedOptions.map(({ value = "" }) => value) })}
        />
      </FormField>
      <FormField label={t.scorecards.comment} stretch>
        <Input value={written.comment} ariaLabel={`${t.scorecards.comment}: ${question.title}`} nativeInputAttributes={{ maxLength: 1_000 }} onChange={({ detail }) => onChange({ ...written, comment: detail.value })} />
      </FormField>
    </SpaceBetween>
  );
}

function ValueField({ question, value, onChange }: { question: Question; value: Written["value"]; onChange: (value: Written["value"]) => void }) {
  const { t } = useWording();
  const label = `${t.scorecards.answer}: ${question.title}`;
  if (question.type !== "SINGLESELECT") {
    return <Input value={value ?? ""} type={question.type === "NUMERIC" ? "number" : "text"} ariaLabel={label} onChange={({ detail }) => onChange(detail.value === "" ? undefined : detail.value)} />;
  }
  const options: SelectProps.Option[] = [...question.options.map(({ id, text }) => ({ value: id, label: text })), ...(question.mayNotApply ? [{ value: NOT_APPLICABLE, label: t.scorecards.standing.NOT_APPLICABLE }] : [])];
  const id = value === null ? NOT_APPLICABLE : value;
  return (
    <Select
      selectedOption={options.find((option) => option.value === id) ?? null}
      options={options}
      placeholder={t.scorecards.choose}
      ariaLabel={label}
      onChange={({ detail }) => onChange(detail.selectedOption.value === NOT_APPLICABLE ? null : detail.selectedOption.value)}
    />
  );
}
