import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ScorecardAgreement, ScorecardForms } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { go } from "../routes/useRoute";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import { AgreementTable } from "./AgreementTable";
import { SideBySide } from "./SideBySide";

interface Props {
  graphql: Requests;
  /** null: the first form. */
  name: string | null;
  query: URLSearchParams;
}

/** How well raters agree by a form, with each other and with the machine, and where two of them do not. */
export function CalibrationPage({ graphql, name, query }: Props) {
  const { t } = useWording();
  const [answer, again] = useAnswer(graphql, ScorecardForms, {});
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  const forms = answer.data.scorecardForms;
  const form = forms.find((each) => each.form === name) ?? (name === null ? forms[0] : undefined);
  if (!form) return <Empty level="h1" title={t.forms.none} text={t.forms.noneText} action={t.forms.toForms} href={hrefOf(["forms"])} />;
  const options = forms.map((each) => ({ value: each.form, label: each.title }));
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={t.calibration.description}
          actions={<Select ariaLabel={t.scorecards.form} selectedOption={options.find(({ value }) => value === form.form) ?? null} options={options} onChange={({ detail }) => go(hrefOf(["calibration", detail.selectedOption.value ?? ""]))} />}
        >
          {t.calibration.title}
        </Header>
      }
    >
      <FormAgreed key={form.form} graphql={graphql} name={form.form} query={query} />
    </ContentLayout>
  );
}

function FormAgreed({ graphql, name, query }: { graphql: Requests; name: string; query: URLSearchParams }) {
  const { t } = useWording();
  const [answer, again] = useAnswer(graphql, ScorecardAgreement, { form: name });
  return (
    <div data-calibration={answer.state}>
      {answer.state !== "loaded" && <NotLoaded answer={answer} onRetry={again} />}
      {answer.state === "loaded" && (
        <SpaceBetween size="l">
          <AgreementTable agreement={answer.data.scorecardAgreement} />
          {answer.data.scorecardAgreement.calls.length === 0 ? (
            <Container>
              <Empty title={t.calibration.none} text={t.calibration.noneText} action={t.calibration.toQueue} href={hrefOf(["scorecards"])} />
            </Container>
          ) : (
            <SideBySide agreement={answer.data.scorecardAgreement} query={query} />
          )}
        </SpaceBetween>
      )}
    </div>
  );
}
