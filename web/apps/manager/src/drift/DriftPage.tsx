import Alert from "@cloudscape-design/components/alert";
import ContentLayout from "@cloudscape-design/components/content-layout";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Drift } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { plural } from "@sotto/ui";
import { useWording } from "../messages";
import type { Route } from "../routes/route";
import { refine } from "../routes/useRoute";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { LookTable } from "./LookTable";
import { MovedTable } from "./MovedTable";
import { SegmentTable } from "./SegmentTable";
import { Outcome } from "./Outcome";
import { DAYS, USUAL_DAYS, daysOf } from "./drift";

/** Whether what customers say is unlike the weeks before: in what, where, and what to do. The address holds the days. */
export function DriftPage({ graphql, route }: { graphql: Requests; route: Route }) {
  const { t, locale } = useWording();
  const days = daysOf(route.query.get("days"));
  const [answer, again] = useAnswer(graphql, Drift, { days });
  const option = (count: number) => ({ value: String(count), label: plural(t.drift.days, count, locale) });
  const found = answer.state === "loaded" ? answer.data.drift : null;
  return (
    <ContentLayout header={<Header variant="h1" description={t.drift.description}>{t.drift.title}</Header>}>
      <div data-drift={answer.state}>
        <SpaceBetween size="l">
          <FormField label={t.drift.latest}>
            <Select selectedOption={option(days)} options={DAYS.map(option)} onChange={({ detail }) => refine({ days: detail.selectedOption.value === String(USUAL_DAYS) ? null : (detail.selectedOption.value ?? null) })} />
          </FormField>
          {answer.state !== "loaded" && <NotLoaded answer={answer} onRetry={again} />}
          {found && found.isAlarm === null && <Empty title={t.drift.tooLittle} text={t.drift.tooLittleText} />}
          {found && found.isAlarm !== null && (
            <>
              {found.synthetic && <Alert type="info">{t.drift.synthetic}</Alert>}
              <Outcome found={found} />
              <LookTable looked={found.looked} />
              <MovedTable moved={found.moved} />
              <SegmentTable segments={found.segments} />
            </>
          )}
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}
