import PropertyFilter, { type PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import type { ConversationRow } from "@sotto/api";
import { useMemo } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { currentRoute, refine, replace } from "../routes/useRoute";
import "./ConversationFilters.css";
import { type Condition, type ConversationView, NUMERIC, type Operator, PROPERTIES, type Property, queryOf, withConditions } from "./conversationView";
import { PeriodChoice } from "./PeriodChoice";
import { WordField } from "./WordField";
import { optionsOf } from "./options";

interface Props {
  view: ConversationView;
  /** What is known of names so far; they are offered. */
  rows: readonly ConversationRow[];
}

/** Words, what they are narrowed by, and the days. All of it stands in the address. */
export function ConversationFilters({ view, rows }: Props) {
  const { t } = useWording();
  const options = useMemo(() => optionsOf(rows), [rows]);
  const change = (conditions: readonly Condition[]) => {
    const { path, query } = currentRoute();
    replace(`${hrefOf(path)}?${withConditions(query, conditions).toString()}`);
  };
  const properties: PropertyFilterProps.FilteringProperty[] = PROPERTIES.map((key) => ({
    key,
    propertyLabel: t.conversations.properties[key],
    groupValuesLabel: t.conversations.properties[key],
    operators: NUMERIC.includes(key) ? [">=", "<="] : ["="],
    defaultOperator: NUMERIC.includes(key) ? ">=" : "=",
  }));
  return (
    <div className="conversation-filters">
      <WordField key={view.words} words={view.words} onSearch={(words) => refine(queryOf({ words }))} />
      <PeriodChoice period={view.period} onChange={(period) => refine(queryOf({ period }))} />
      <div className="conditions">
        <PropertyFilter
          query={{ operation: "and", tokens: view.conditions.map(({ property, operator, value }) => ({ propertyKey: property, operator, value })) }}
          hideOperations
          disableFreeTextFiltering
          filteringProperties={properties}
          filteringOptions={options}
          filteringPlaceholder={t.conversations.narrow}
          filteringAriaLabel={t.conversations.narrow}
          onChange={({ detail }) => change(detail.tokens.flatMap(conditionOf))}
        />
      </div>
    </div>
  );
}

function conditionOf({ propertyKey, operator, value }: PropertyFilterProps.Token): readonly Condition[] {
  if (propertyKey === undefined || String(value).trim() === "") return [];
  return [{ property: propertyKey as Property, operator: operator as Operator, value: String(value) }];
}
