import ContentLayout from "@cloudscape-design/components/content-layout";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Coaching } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useMemo, useState } from "react";
import { FigureNotes } from "../figures/FigureNotes";
import { daysOf, periodOf, periodText } from "../figures/figureForm";
import { PeriodField } from "../figures/PeriodField";
import { useCatalogue, valuesOf } from "../figures/useCatalogue";
import { useWording } from "../messages";
import type { Route } from "../routes/route";
import { refine } from "../routes/useRoute";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { AgentTable } from "./AgentTable";
import { BehaviourTable } from "./BehaviourTable";
import { EffectTable } from "./EffectTable";
import { agentsOf } from "./coaching";

/** Agents beside their team, and what guidance goes with. The address holds days, team, agent and the behaviour that is looked into. */
export function CoachingPage({ graphql, route }: { graphql: Requests; route: Route }) {
  const { t } = useWording();
  const [now] = useState(() => Date.now());
  const period = periodOf(route.query.get("period"));
  const team = route.query.get("team");
  const days = daysOf(period, now);
  const [answer, again] = useAnswer(graphql, Coaching, { period: days, team });
  const catalogue = useCatalogue(graphql);
  const coaching = answer.state === "loaded" ? answer.data.coaching : null;
  const agents = useMemo(() => agentsOf(coaching?.standings ?? []), [coaching]);
  const chosen = agents.find(({ agent }) => agent === route.query.get("agent"));
  const option = (value: string) => ({ value, label: value === "" ? t.coaching.allTeams : value });
  return (
    <ContentLayout header={<Header variant="h1" description={t.coaching.description}>{t.coaching.title}</Header>}>
      <div data-coaching={answer.state}>
        <SpaceBetween size="l">
          <SpaceBetween direction="horizontal" size="m">
            <FormField label={t.figures.period}>
              <PeriodField period={period} onChange={(next) => refine({ period: periodText(next), agent: null, gap: null })} />
            </FormField>
            <FormField label={t.coaching.team}>
              <Select selectedOption={option(team ?? "")} options={["", ...valuesOf(catalogue, "team")].map(option)} onChange={({ detail }) => refine({ team: detail.selectedOption.value ?? null, agent: null, gap: null })} />
            </FormField>
          </SpaceBetween>
          {answer.state !== "loaded" && <NotLoaded answer={answer} onRetry={again} />}
          {coaching !== null && (
            <>
              <FigureNotes figure={{ synthetic: coaching.synthetic, missing: coaching.missing, behind: [] }} isTile={false} />
              <AgentTable agents={agents} chosen={chosen?.agent ?? null} />
              {chosen && <BehaviourTable graphql={graphql} coached={chosen} days={days} gap={route.query.get("gap")} />}
              <EffectTable effects={coaching.effects} />
            </>
          )}
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}
