import PropertyFilter from "@cloudscape-design/components/property-filter";
import type { MetricsResult } from "@sotto/api";
import { useWording } from "../messages";
import { dimensionText } from "../figures/figureText";
import type { FormView } from "../figures/figureForm";
import { filtersOf, tokensOf } from "./filterTokens";

interface Props {
  form: FormView;
  known: readonly string[];
  catalogue: MetricsResult["metrics"];
  onChange: (form: FormView) => void;
}

export function FilterField({ form, known, catalogue, onChange }: Props) {
  const { t } = useWording();
  return (
    <PropertyFilter
      query={{ tokens: tokensOf(form.filters), operation: "and" }}
      filteringProperties={known.map((key) => ({ key, operators: ["=", "!="], propertyLabel: dimensionText(key, t), groupValuesLabel: dimensionText(key, t) }))}
      filteringOptions={catalogue.values.flatMap(({ dimension, values }) => (known.includes(dimension) ? values.map((value) => ({ propertyKey: dimension, value })) : []))}
      filteringPlaceholder={t.figures.narrow}
      filteringAriaLabel={t.figures.filters}
      hideOperations
      disableFreeTextFiltering
      onChange={({ detail }) => onChange({ ...form, filters: filtersOf(detail.tokens) })}
    />
  );
}
