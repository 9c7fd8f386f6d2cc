import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { Requests } from "@sotto/realtime";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Behind } from "../figures/Behind";
import { FigureAnswer } from "../figures/FigureAnswer";
import { type FormView, formHref, formViewOf, inputOf } from "../figures/figureForm";
import { useCatalogue } from "../figures/useCatalogue";
import { useFigure } from "../figures/useFigure";
import { useWording } from "../messages";
import { SaveTile } from "../reports/SaveTile";
import { type Route, hrefOf } from "../routes/route";
import { go, replace } from "../routes/useRoute";
import { Asking } from "./asking";
import { AnalystEmpty } from "./AnalystEmpty";
import { FormEditor } from "./FormEditor";
import { QuestionField } from "./QuestionField";
import { Refusal } from "./Refusal";

/** A question in words becomes a form, which is shown, can be changed, and is what the address holds. */
export function AnalystPage({ graphql, route }: { graphql: Requests; route: Route }) {
  const { t } = useWording();
  const [now] = useState(() => Date.now());
  const question = route.query.get("q") ?? "";
  const form = useMemo(() => formViewOf(route.query), [route]);
  const input = useMemo(() => (form === null ? null : inputOf(form, now)), [form, now]);
  const catalogue = useCatalogue(graphql);
  const found = useFigure(graphql, input);
  const [asking] = useState(() => new Asking(graphql));
  const { isAsking, reply } = useSyncExternalStore(asking.watch, asking.snapshot);
  const ask = async (text: string, leave: (href: string) => void) => {
    const next = await asking.ask(text, input);
    if (next !== null) leave(formHref("analyst", next, { q: text }));
  };
  // An address with a question alone is asked when it is opened, and dropped when it is left.
  const isUnanswered = question !== "" && form === null;
  useEffect(() => {
    if (!isUnanswered) return;
    void ask(question, replace);
    return () => asking.forget();
  }, [isUnanswered, question]); // eslint-disable-line react-hooks/exhaustive-deps -- asked once for an address
  const submit = (text: string) => {
    if (form !== null || text === question) void ask(text, go);
    else go(hrefOf(["analyst"], { q: text }));
  };
  const change = (next: FormView) => go(formHref("analyst", next));
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={t.analyst.description}
          actions={
            form !== null && (
              <SpaceBetween direction="horizontal" size="xs">
                <Button href={hrefOf(["analyst"])} onClick={() => asking.forget()}>
                  {t.analyst.anew}
                </Button>
                <SaveTile form={form} title={found.state === "loaded" ? found.figure.metric.title : form.metric} />
              </SpaceBetween>
            )
          }
        >
          {t.analyst.title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container>
          <SpaceBetween size="m">
            <QuestionField key={question} asked={question} isAsking={isAsking} followsOn={form !== null} onAsk={submit} />
            {reply !== null && <Refusal reply={reply} onAsk={submit} />}
            {form !== null && catalogue.state === "loaded" && (
              <ExpandableSection headerText={t.analyst.form} headerDescription={t.analyst.formHint} defaultExpanded>
                <FormEditor form={form} catalogue={catalogue.catalogue} onChange={change} />
              </ExpandableSection>
            )}
          </SpaceBetween>
        </Container>
        {form === null && !isAsking && <AnalystEmpty catalogue={catalogue} onAsk={submit} />}
        {form !== null && input !== null && (
          <>
            <div aria-live="polite" data-figure={found.state}>
              <Container header={<Header variant="h2">{found.state === "loaded" ? found.figure.metric.title : t.analyst.answer}</Header>}>
                {found.state === "loading" && (
                  <Box textAlign="center" padding="l">
                    <Spinner /> {t.figures.counting}
                  </Box>
                )}
                {found.state === "loaded" && <FigureAnswer figure={found.figure} />}
                {found.state === "refused" && <Alert type="error" header={t.figures.refused}>{found.reason}</Alert>}
                {found.state === "failed" && (
                  <Alert type="error" header={t.figures.failed} action={<Button onClick={found.again}>{t.conversations.retry}</Button>}>
                    {t.conversations.failedText}
                  </Alert>
                )}
              </Container>
            </div>
            {found.state === "loaded" && (
              <Container>
                <Behind key={JSON.stringify(input)} graphql={graphql} form={input} />
              </Container>
            )}
          </>
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}
