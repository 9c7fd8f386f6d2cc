import Button from "@cloudscape-design/components/button";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { type AlertRuleParts, AlertRules, type TokenSource } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useMemo } from "react";
import { dimensionText } from "../figures/figureText";
import { type CatalogueState, useCatalogue } from "../figures/useCatalogue";
import { useWording } from "../messages";
import type { Messages } from "../messages/en";
import { hrefOf } from "../routes/route";
import { useRole } from "../shell/useRole";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { QuietHoursCard } from "./QuietHoursCard";
import { MANAGERS, QUIET_SETTERS, conditionText } from "./alertText";

const NEW = hrefOf(["alerts", "rules", "new"]);

/** The rules that look at what the user sees, and when their messages wait. */
export function RulesPage({ graphql, token }: { graphql: Requests; token: TokenSource }) {
  const { t, locale } = useWording();
  const role = useRole(token);
  const isManager = role !== null && MANAGERS.includes(role);
  const [answer, again] = useAnswer(graphql, AlertRules, {});
  const catalogue = useCatalogue(graphql);
  const columns = useMemo(() => columnsOf(catalogue, t, locale), [catalogue, t, locale]);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t.alerts.rulesDescription} actions={isManager && <Button variant="primary" href={NEW}>{t.alerts.newRule}</Button>}>
          {t.alerts.rules}
        </Header>
      }
    >
      <div data-rules={answer.state}>
        <SpaceBetween size="l">
          {answer.state !== "loaded" && <NotLoaded answer={answer} onRetry={again} />}
          {answer.state === "loaded" && (
            <Table
              wrapLines
              trackBy="id"
              items={answer.data.alertRules}
              columnDefinitions={columns}
              ariaLabels={{ tableLabel: t.alerts.rules }}
              header={<Header variant="h2" counter={`(${answer.data.alertRules.length})`}>{t.alerts.rules}</Header>}
              empty={<Empty title={t.alerts.noRules} text={t.alerts.noRulesText} {...(isManager ? { action: t.alerts.newRule, href: NEW } : {})} />}
            />
          )}
          <QuietHoursCard graphql={graphql} maySet={role !== null && QUIET_SETTERS.includes(role)} />
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}

function columnsOf(catalogue: CatalogueState, t: Messages, locale: string): readonly TableProps.ColumnDefinition<AlertRuleParts>[] {
  const metricOf = (name: string | null) => (catalogue.state === "loaded" ? catalogue.catalogue.metrics.find((each) => each.name === name) : undefined);
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "short" });
  const about = (rule: AlertRuleParts) => rule.filters.map(({ dimension, values }) => `${dimensionText(dimension, t)}: ${values.join(", ")}`).join("; ") || t.alerts.everything;
  return [
    { id: "name", header: t.alerts.name, isRowHeader: true, minWidth: 180, cell: (rule) => <Link href={hrefOf(["alerts", "rules", rule.id])}>{rule.name}</Link> },
    { id: "condition", header: t.alerts.condition, minWidth: 220, cell: (rule) => conditionText(rule, metricOf(rule.metric), t, locale) },
    { id: "about", header: t.alerts.about, minWidth: 150, cell: about },
    { id: "by", header: t.alerts.by, cell: (rule) => (rule.by === null ? t.none : dimensionText(rule.by, t)) },
    { id: "on", header: t.alerts.state, cell: (rule) => <StatusIndicator type={rule.isOn ? "success" : "stopped"}>{rule.isOn ? t.alerts.on : t.alerts.off}</StatusIndicator> },
    { id: "changed", header: t.alerts.changedBy, minWidth: 130, cell: (rule) => `${rule.changedBy}, ${date.format(rule.changedAtMs)}` },
  ];
}
