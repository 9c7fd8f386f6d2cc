import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { MetricsResult } from "@sotto/api";
import { useWording } from "../messages";
import { dimensionText } from "../figures/figureText";
import { type FormView, MOST_DIMENSIONS } from "../figures/figureForm";
import { PeriodField } from "../figures/PeriodField";
import { FilterField } from "./FilterField";

interface Props {
  form: FormView;
  catalogue: MetricsResult["metrics"];
  onChange: (form: FormView) => void;
}

const COMPARES = ["NOTHING", "PREVIOUS", "WEEK", "YEAR"] as const;
const ORDERS = ["dimensions", "highest", "lowest"] as const;

/** What was computed, to be changed: the answer follows each change. */
export function FormEditor({ form, catalogue, onChange }: Props) {
  const { t } = useWording();
  const metric = catalogue.metrics.find((each) => each.name === form.metric);
  const known = metric?.dimensions ?? [];
  const option = (value: string) => ({ value, label: dimensionText(value, t) });
  const choose = (name: string) => {
    const next = catalogue.metrics.find((each) => each.name === name);
    const fits = (dimension: string) => next?.dimensions.includes(dimension) ?? false;
    onChange({ ...form, metric: name, dimensions: form.dimensions.filter(fits), filters: form.filters.filter((each) => fits(each.dimension)) });
  };
  return (
    <SpaceBetween size="m">
      <ColumnLayout columns={2} minColumnWidth={260}>
        <FormField label={t.figures.metric} stretch>
          <Select
            selectedOption={{ value: form.metric, label: metric?.title ?? form.metric }}
            options={catalogue.metrics.map(({ name, title, note }) => ({ value: name, label: title, description: note }))}
            filteringType="auto"
            onChange={({ detail }) => choose(detail.selectedOption.value ?? form.metric)}
          />
        </FormField>
        <FormField label={t.figures.period} stretch>
          <PeriodField period={form.period} onChange={(period) => onChange({ ...form, period })} />
        </FormField>
        <FormField label={t.figures.by} constraintText={t.figures.mostDimensions} stretch>
          <Multiselect
            selectedOptions={form.dimensions.map(option)}
            options={known.map((name) => ({ ...option(name), disabled: form.dimensions.length >= MOST_DIMENSIONS && !form.dimensions.includes(name) }))}
            placeholder={t.figures.byNothing}
            onChange={({ detail }) => onChange({ ...form, dimensions: detail.selectedOptions.map(({ value }) => value ?? "").slice(0, MOST_DIMENSIONS) })}
          />
        </FormField>
        <FormField label={t.figures.compare} stretch>
          <Select
            selectedOption={{ value: form.compare, label: t.figures.compares[form.compare] }}
            options={COMPARES.map((value) => ({ value, label: t.figures.compares[value] }))}
            onChange={({ detail }) => onChange({ ...form, compare: COMPARES.find((each) => each === detail.selectedOption.value) ?? "NOTHING" })}
          />
        </FormField>
        <FormField label={t.figures.filters} stretch>
          <FilterField form={form} known={known} catalogue={catalogue} onChange={onChange} />
        </FormField>
        <FormField label={t.figures.order} stretch>
          <Select
            selectedOption={{ value: form.order ?? "dimensions", label: t.figures.orders[form.order ?? "dimensions"] }}
            options={ORDERS.map((value) => ({ value, label: t.figures.orders[value] }))}
            onChange={({ detail }) => onChange({ ...form, order: detail.selectedOption.value === "highest" || detail.selectedOption.value === "lowest" ? detail.selectedOption.value : null })}
          />
        </FormField>
      </ColumnLayout>
    </SpaceBetween>
  );
}
