import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { Requests } from "@sotto/realtime";
import { FigureAnswer } from "../figures/FigureAnswer";
import { type FormView, formHref, inputOf } from "../figures/figureForm";
import { useFigure } from "../figures/useFigure";
import { useWording } from "../messages";

interface Props {
  graphql: Requests;
  form: FormView;
  /** Empty: the metric's own. */
  title: string;
  now: number;
  onRemove?: (() => void) | undefined;
}

export function TileBox({ graphql, form, title, now, onRemove }: Props) {
  const { t } = useWording();
  const found = useFigure(graphql, inputOf(form, now));
  const named = title !== "" ? title : found.state === "loaded" ? found.figure.metric.title : form.metric.replaceAll("_", " ");
  return (
    <div className="tile" data-tile={found.state}>
      <Container
        fitHeight
        header={
          <Header variant="h2" actions={onRemove && <span className="no-print"><Button iconName="close" variant="icon" ariaLabel={`${t.reports.removeTile}: ${named}`} onClick={onRemove} /></span>}>
            <Link href={formHref("analyst", form)} fontSize="inherit">
              {named}
            </Link>
          </Header>
        }
      >
        <SpaceBetween size="s">
          {found.state === "loading" && <Spinner />}
          {found.state === "loaded" && <FigureAnswer figure={found.figure} isTile />}
          {found.state === "refused" && <Alert type="warning">{found.reason}</Alert>}
          {found.state === "failed" && (
            <Alert type="error" action={<Button onClick={found.again}>{t.conversations.retry}</Button>}>
              {t.figures.failed}
            </Alert>
          )}
        </SpaceBetween>
      </Container>
    </div>
  );
}
