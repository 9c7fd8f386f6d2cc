import PropertyFilter, { type PropertyFilterProps } from "@cloudscape-design/components/property-filter";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import { useMemo } from "react";
import { PeriodChoice } from "../conversations/PeriodChoice";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { currentRoute, refine, replace } from "../routes/useRoute";
import "./QueueFilters.css";
import { type Condition, PROPERTIES, type Property, type QueueView, type QueuedScorecard, TABS, type Tab, queryOf, withConditions } from "./queueView";

/** What waits for what, of which days, narrowed by agent, team, form and score. All of it stands in the address. */
export function QueueFilters({ view, scorecards }: { view: QueueView; scorecards: readonly QueuedScorecard[] }) {
  const { t } = useWording();
  const options = useMemo(() => optionsOf(scorecards), [scorecards]);
  const properties: PropertyFilterProps.FilteringProperty[] = PROPERTIES.map((key) => ({
    key,
    propertyLabel: t.scorecards.properties[key],
    groupValuesLabel: t.scorecards.properties[key],
    operators: key === "score" ? [">=", "<="] : ["="],
    defaultOperator: key === "score" ? "<=" : "=",
  }));
  const change = (conditions: readonly Condition[]) => {
    const { path, query } = currentRoute();
    replace(`${hrefOf(path)}?${withConditions(query, conditions).toString()}`);
  };
  return (
    <div className="queue-filters">
      <SegmentedControl
        label={t.scorecards.which}
        selectedId={view.tab}
        options={TABS.map((id) => ({ id, text: t.scorecards.tabs[id] }))}
        onChange={({ detail }) => refine(queryOf({ tab: detail.selectedId as Tab }))}
      />
      <PeriodChoice period={view.period} onChange={(period) => refine(queryOf({ period }))} />
      <div className="conditions">
        <PropertyFilter
          query={{ operation: "and", tokens: view.conditions.map(({ property, operator, value }) => ({ propertyKey: property, operator, value })) }}
          hideOperations
          disableFreeTextFiltering
          filteringProperties={properties}
          filteringOptions={options}
          filteringPlaceholder={t.scorecards.narrow}
          filteringAriaLabel={t.scorecards.narrow}
          onChange={({ detail }) => change(detail.tokens.flatMap(conditionOf))}
        />
      </div>
    </div>
  );
}

function conditionOf({ propertyKey, operator, value }: PropertyFilterProps.Token): readonly Condition[] {
  if (propertyKey === undefined || String(value).trim() === "") return [];
  return [{ property: propertyKey as Property, operator: operator as Condition["operator"], value: String(value) }];
}

/** The names in what is listed. */
function optionsOf(scorecards: readonly QueuedScorecard[]): readonly PropertyFilterProps.FilteringOption[] {
  const found = new Map<string, PropertyFilterProps.FilteringOption>();
  for (const { agent, agentName, team, form } of scorecards) {
    if (agent !== null) found.set(`agent/${agent}`, { propertyKey: "agent", value: agent, ...(agentName === null ? {} : { label: `${agentName} (${agent})` }) });
    if (team !== null) found.set(`team/${team}`, { propertyKey: "team", value: team });
    found.set(`form/${form}`, { propertyKey: "form", value: form });
  }
  return [...found.values()].sort((a, b) => a.value.localeCompare(b.value));
}
