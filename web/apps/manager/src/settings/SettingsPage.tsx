import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Settings, type SettingsResult, type TokenSource } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { plural } from "@sotto/ui";
import { QuietHoursCard } from "../alerts/QuietHoursCard";
import { QUIET_SETTERS } from "../alerts/alertText";
import { useWording } from "../messages";
import { useRole } from "../shell/useRole";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { SettledTable } from "./SettledTable";

export type Settled = SettingsResult["settings"];

/** Who may have no part in alerts has none in their quiet hours. */
const SEES_QUIET_HOURS: readonly string[] = ["supervisor", "coach", "quality", "analyst", "admin"];

/** What the company has settled in its folder, to be read; quiet hours alone are set here. */
export function SettingsPage({ graphql, token }: { graphql: Requests; token: TokenSource }) {
  const { t } = useWording();
  const role = useRole(token);
  const [answer, again] = useAnswer(graphql, Settings, {});
  return (
    <ContentLayout header={<Header variant="h1" description={t.settingsPage.description}>{t.settingsPage.title}</Header>}>
      <div data-settings={answer.state}>
        <SpaceBetween size="l">
          {answer.state !== "loaded" && <NotLoaded answer={answer} onRetry={again} />}
          {answer.state === "loaded" && <Known settled={answer.data.settings} />}
          {role !== null && SEES_QUIET_HOURS.includes(role) && <QuietHoursCard graphql={graphql} maySet={QUIET_SETTERS.includes(role)} />}
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}

function Known({ settled }: { settled: Settled }) {
  const { t, locale } = useWording();
  const texts = t.settingsPage;
  const days = (count: number) => plural(texts.days, count, locale);
  const named = (kind: string, names: Readonly<Record<string, string>>) => names[kind] ?? kind.replaceAll("_", " ");
  const reached = (reach: string) => (row: Settled["roles"][number]) => row.actions.filter((each) => each.reach === reach).map(({ action }) => named(action, texts.actions)).join(", ") || t.none;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{settled.title}</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: texts.version, value: <code>{settled.version}</code> },
            { label: texts.languages, value: settled.languages.join(", ") },
            { label: texts.residency, value: settled.residency ?? texts.anywhere },
            { label: texts.records, value: days(settled.recordDays) },
            { label: texts.audit, value: days(settled.auditDays) },
          ]}
        />
      </Container>
      <SettledTable
        title={texts.teams}
        text={texts.teamsText}
        none={texts.noTeams}
        rows={settled.teams}
        keyOf={({ name }) => name}
        columns={[
          { header: texts.team, value: ({ name }) => name },
          { header: texts.agents, value: ({ agents }) => agents.join(", ") || texts.byConnect },
        ]}
      />
      <SettledTable
        title={texts.retention}
        rows={settled.retention}
        keyOf={({ kind }) => kind}
        columns={[
          { header: texts.kind, value: ({ kind }) => named(kind, texts.kinds) },
          { header: texts.retention, value: (row) => days(row.days) },
        ]}
      />
      <SettledTable
        title={texts.redaction}
        none={texts.noRedaction}
        rows={settled.redaction}
        keyOf={({ kind }) => kind}
        columns={[
          { header: texts.kind, value: ({ kind }) => kind.replaceAll("_", " ") },
          { header: texts.done, value: ({ action }) => action.replaceAll("_", " ") },
        ]}
      />
      <SettledTable
        title={texts.policies}
        text={texts.policiesText}
        none={texts.noPolicies}
        rows={settled.policies}
        keyOf={({ name }) => name}
        columns={[
          { header: texts.policy, value: ({ name }) => name },
          { header: texts.playbooks, value: ({ playbooks }) => playbooks.join(", ") || t.none },
        ]}
      />
      <SettledTable
        title={texts.roles}
        text={texts.rolesText}
        rows={settled.roles}
        keyOf={({ role }) => role}
        columns={[
          { header: texts.role, value: ({ role }) => role.replaceAll("_", " ") },
          { header: texts.own, value: reached("OWN") },
          { header: texts.ofTeams, value: reached("TEAM") },
          { header: texts.ofAll, value: reached("ANY") },
        ]}
      />
    </SpaceBetween>
  );
}
