import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ScorecardForms, type ScorecardFormsResult } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { plural } from "@sotto/ui";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";

export type Form = ScorecardFormsResult["scorecardForms"][number];

/** The tenant's quality forms, as they are published now. */
export function FormsPage({ graphql }: { graphql: Requests }) {
  const { t } = useWording();
  const [answer, again] = useAnswer(graphql, ScorecardForms, {});
  const forms = answer.state === "loaded" ? answer.data.scorecardForms : [];
  return (
    <ContentLayout header={<Header variant="h1" description={t.forms.description}>{t.forms.title}</Header>}>
      <div data-forms={answer.state}>
        {answer.state !== "loaded" && <NotLoaded answer={answer} onRetry={again} />}
        {answer.state === "loaded" && forms.length === 0 && <Empty title={t.forms.none} text={t.forms.noneText} />}
        <SpaceBetween size="l">
          {forms.map((form) => (
            <FormCard key={form.form} form={form} />
          ))}
        </SpaceBetween>
      </div>
    </ContentLayout>
  );
}

function FormCard({ form }: { form: Form }) {
  const { t, locale } = useWording();
  const fails = form.questions.filter(({ options }) => options.some((option) => option.failsForm || option.failsSection !== null)).length;
  return (
    <Container
      header={
        <Header variant="h2" actions={<Link href={hrefOf(["calibration", form.form])}>{t.forms.toAgreement}</Link>}>
          <Link href={hrefOf(["forms", form.form])} fontSize="inherit">
            {form.title}
          </Link>
        </Header>
      }
    >
      {form.description !== "" && <Box variant="p">{form.description}</Box>}
      <KeyValuePairs
        columns={4}
        items={[
          { label: t.forms.version, value: <code>{form.version}</code> },
          { label: t.language, value: form.language ?? t.forms.allLanguages },
          { label: t.forms.questions, value: `${form.questions.length}${fails === 0 ? "" : `, ${plural(t.forms.failing, fails, locale)}`}` },
          { label: t.forms.scoring, value: form.scoring === null ? t.forms.unscored : t.forms.modes[form.scoring] },
        ]}
      />
    </Container>
  );
}
