import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { ScorecardAgreement, type ScorecardAgreementResult, ScorecardForms } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { useMemo } from "react";
import { Gate } from "../calibration/Gate";
import { useWording } from "../messages";
import type { Messages } from "../messages/en";
import { hrefOf } from "../routes/route";
import { Empty } from "../table/Empty";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";
import type { Form } from "./FormsPage";

type Question = Form["questions"][number];
type Agreement = ScorecardAgreementResult["scorecardAgreement"]["questions"][number];

/** One form: what each question weighs, what fails, when it is asked, who answers it, and whether the machine may alone. */
export function FormPage({ graphql, name }: { graphql: Requests; name: string }) {
  const { t, locale } = useWording();
  const [answer, again] = useAnswer(graphql, ScorecardForms, {});
  const [agreed] = useAnswer(graphql, ScorecardAgreement, { form: name });
  const gates = useMemo(() => new Map(agreed.state === "loaded" ? agreed.data.scorecardAgreement.questions.map((each) => [each.question, each]) : []), [agreed]);
  const columns = useMemo(() => columnsOf(t, locale, gates), [t, locale, gates]);
  if (answer.state !== "loaded") return <NotLoaded answer={answer} onRetry={again} />;
  const form = answer.data.scorecardForms.find((each) => each.form === name);
  if (!form) return <Empty level="h1" title={t.forms.unknown} text={t.forms.unknownText} action={t.forms.toForms} href={hrefOf(["forms"])} />;
  const description = [fill(t.forms.versionOf, { version: form.version }), form.scoring === null ? t.forms.unscored : t.forms.modes[form.scoring], fill(t.forms.appeals, { days: form.appealDays })].join(" · ");
  return (
    <ContentLayout header={<Header variant="h1" description={description} actions={<Link href={hrefOf(["calibration", name])}>{t.forms.toAgreement}</Link>}>{form.title}</Header>}>
      <div data-form={form.form}>
        <Table wrapLines trackBy="id" items={form.questions} columnDefinitions={columns} ariaLabels={{ tableLabel: form.title }} header={<Header variant="h2" counter={`(${form.questions.length})`}>{t.forms.questions}</Header>} />
      </div>
    </ContentLayout>
  );
}

function columnsOf(t: Messages, locale: string, gates: ReadonlyMap<string, Agreement>): readonly TableProps.ColumnDefinition<Question>[] {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return [
    {
      id: "title",
      header: t.forms.question,
      isRowHeader: true,
      minWidth: 260,
      cell: ({ title, section, instructions }) => (
        <>
          <span className="quiet">{section}: </span>
          {title}
          {instructions !== "" && <div className="quiet">{instructions}</div>}
        </>
      ),
    },
    { id: "weight", header: t.forms.weight, cell: ({ weight }) => (weight === null ? t.none : number.format(weight)) },
    {
      id: "options",
      header: t.forms.options,
      minWidth: 180,
      cell: ({ options, type, mayNotApply }) => (
        <ul className="plain-list">
          {options.map((option) => (
            <li key={option.id}>
              {option.text} <span className="quiet">{number.format(option.score ?? option.points ?? 0)}</span>{" "}
              {(option.failsForm || option.failsSection !== null) && <StatusIndicator type="error">{option.failsForm ? t.forms.failsForm : fill(t.forms.failsSection, { section: option.failsSection ?? "" })}</StatusIndicator>}
            </li>
          ))}
          {options.length === 0 && <li>{t.forms.types[type]}</li>}
          {mayNotApply && <li className="quiet">{t.scorecards.standing.NOT_APPLICABLE}</li>}
        </ul>
      ),
    },
    { id: "conditions", header: t.forms.asked, minWidth: 140, cell: ({ conditions }) => (conditions.length === 0 ? t.forms.always : conditions.map(({ isUnless, text }) => fill(isUnless ? t.forms.unless : t.forms.onlyIf, { condition: text })).join("; ")) },
    { id: "answeredBy", header: t.forms.answeredBy, cell: ({ answeredBy }) => answeredBy.map((each) => t.scorecards.how[each]).join(", ") },
    { id: "gate", header: t.forms.gate, minWidth: 210, cell: ({ id }) => <Gate agreement={gates.get(id) ?? null} /> },
  ];
}
