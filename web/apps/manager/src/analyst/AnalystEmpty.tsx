import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { formHref } from "../figures/figureForm";
import type { CatalogueState } from "../figures/useCatalogue";
import { useWording } from "../messages";

interface Props {
  catalogue: CatalogueState;
  onAsk: (question: string) => void;
}

/** What can be asked, as questions to press and as the list of all metrics. */
export function AnalystEmpty({ catalogue, onAsk }: Props) {
  const { t } = useWording();
  if (catalogue.state === "refused") return <Alert type="error" header={t.figures.refused}>{catalogue.reason}</Alert>;
  return (
    <Container header={<Header variant="h2" description={t.analyst.emptyText}>{t.analyst.empty}</Header>}>
      <SpaceBetween size="m">
        <SpaceBetween direction="horizontal" size="xs">
          {t.analyst.examples.map((question) => (
            <Button key={question} onClick={() => onAsk(question)}>
              {question}
            </Button>
          ))}
        </SpaceBetween>
        {catalogue.state === "loaded" && (
          <ExpandableSection headerText={t.analyst.all} headerCounter={`(${catalogue.catalogue.metrics.length})`}>
            <ul className="plain-list metric-list">
              {catalogue.catalogue.metrics.map(({ name, title, note }) => (
                <li key={name}>
                  <Link href={formHref("analyst", { metric: name, period: { days: 28 }, dimensions: [], filters: [], compare: "PREVIOUS", order: null, limit: null })}>{title}</Link> <span className="quiet">{note}</span>
                </li>
              ))}
            </ul>
          </ExpandableSection>
        )}
      </SpaceBetween>
    </Container>
  );
}
