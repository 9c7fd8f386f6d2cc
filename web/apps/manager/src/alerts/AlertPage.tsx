import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Flashbar from "@cloudscape-design/components/flashbar";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { AcknowledgeAlert, type AlertParts, OneAlert, type TokenSource } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill, plural } from "@sotto/ui";
import { useMemo, useState } from "react";
import { Behind } from "../figures/Behind";
import { formHref, inputOf } from "../figures/figureForm";
import { useCatalogue } from "../figures/useCatalogue";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { useRole } from "../shell/useRole";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { MomentsOfAlert } from "./MomentsOfAlert";
import { StateOfAlert } from "./StateOfAlert";
import { MANAGERS, foundText, formOfAlert, subjectText } from "./alertText";

interface Props {
  graphql: Requests;
  token: TokenSource;
  id: string;
}

/** One alert: what was found, who has it in hand, and the conversations behind it. */
export function AlertPage({ graphql, token, id }: Props) {
  const { t } = useWording();
  const role = useRole(token);
  const [answer, again] = useAnswer(graphql, OneAlert, { alertId: id });
  const [state, setState] = useState<"idle" | "sending" | "failed">("idle");
  const acknowledge = () => {
    setState("sending");
    graphql.request(AcknowledgeAlert, { alertId: id }).then(
      () => {
        setState("idle");
        again();
      },
      () => setState("failed"),
    );
  };
  if (answer.state === "refused") return <Empty level="h1" title={t.alerts.noAlert} text={answer.reason} action={t.alerts.homeMore} href={hrefOf(["alerts"])} />;
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  const { alert } = answer.data;
  const form = formOfAlert(alert);
  const mayAcknowledge = role !== null && MANAGERS.includes(role) && alert.acknowledgedBy === null;
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={t.alerts.kindTexts[alert.kind]}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {form !== null && <Button href={formHref("analyst", form)}>{t.alerts.inAnalyst}</Button>}
              {mayAcknowledge && (
                <Button variant="primary" loading={state === "sending"} onClick={acknowledge}>
                  {t.alerts.acknowledge}
                </Button>
              )}
            </SpaceBetween>
          }
        >
          {alert.ruleName}
        </Header>
      }
    >
      <div data-alert={alert.acknowledgedBy === null ? "waiting" : "acknowledged"}>
        <SpaceBetween size="l">
          {state === "failed" && <Flashbar items={[{ type: "error", content: t.alerts.failed }]} />}
          <Facts graphql={graphql} alert={alert} />
          <Container>{form === null ? <MomentsOfAlert alert={alert} /> : <BehindAlert graphql={graphql} form={form} />}</Container>
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}

function BehindAlert({ graphql, form }: { graphql: Requests; form: NonNullable<ReturnType<typeof formOfAlert>> }) {
  // All of its days are named: the time makes no difference.
  const asked = JSON.stringify(inputOf(form, 0));
  const input = useMemo(() => JSON.parse(asked) as ReturnType<typeof inputOf>, [asked]);
  return <Behind key={asked} graphql={graphql} form={input} />;
}

function Facts({ graphql, alert }: { graphql: Requests; alert: AlertParts }) {
  const { t, locale } = useWording();
  const catalogue = useCatalogue(graphql);
  const metric = catalogue.state === "loaded" ? catalogue.catalogue.metrics.find((each) => each.name === alert.metric) : undefined;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const updated = plural(t.alerts.updatesOf, alert.updates, locale, { count: alert.updates, when: date.format(alert.lookedAtMs) });
  return (
    <Container header={<Header variant="h2">{foundText(alert, metric, t, locale)}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          ...(metric ? [{ label: t.alerts.metric, value: metric.title }] : []),
          { label: t.alerts.about, value: subjectText(alert, t) },
          { label: t.alerts.state, value: <StateOfAlert alert={alert} /> },
          { label: t.alerts.raised, value: date.format(alert.raisedAtMs) },
          { label: t.alerts.updates, value: alert.updates === 0 ? t.alerts.neverUpdated : updated },
          { label: t.alerts.over, value: alert.overAtMs === null ? t.alerts.lasting : date.format(alert.overAtMs) },
          { label: t.alerts.acknowledged, value: alert.acknowledgedBy === null ? t.none : fill(t.alerts.acknowledgedBy, { who: alert.acknowledgedBy, when: date.format(alert.acknowledgedAtMs ?? 0) }) },
          { label: t.alerts.sent, value: <Messages alert={alert} /> },
        ]}
      />
    </Container>
  );
}

function Messages({ alert }: { alert: AlertParts }) {
  const { t } = useWording();
  if (alert.sent.length === 0) return <Box color="text-body-secondary">{t.alerts.appOnly}</Box>;
  return <>{alert.sent.map(({ channel, outcome }) => `${t.alerts.channels[channel]}: ${t.alerts.outcomes[outcome]}`).join("; ")}</>;
}
