import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { ConversationsBehind } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { type FormView, inputOf } from "../figures/figureForm";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { refine } from "../routes/useRoute";
import { NotLoaded } from "../table/NotLoaded";
import { useAnswer } from "../table/useAnswer";

const SHOWN = 3;

/** The latest calls that show a gap. */
export function CallsBehind({ graphql, form, title }: { graphql: Requests; form: FormView; title: string }) {
  const { t, locale } = useWording();
  // Its days are named: the time makes no difference.
  const [answer, again] = useAnswer(graphql, ConversationsBehind, { form: inputOf(form, 0), first: SHOWN, after: null });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const calls = answer.state === "loaded" ? answer.data.conversationsBehind.conversations : [];
  return (
    <div data-calls={answer.state}>
      <Container header={<Header variant="h2" description={t.coaching.callsText} actions={<Button onClick={() => refine({ gap: null })}>{t.coaching.close}</Button>}>{title}</Header>}>
        {answer.state !== "loaded" && <NotLoaded answer={answer} onRetry={again} />}
        {answer.state === "loaded" && calls.length === 0 && t.figures.noConversations}
        <ul className="plain-list">
          {calls.map((each) => (
            <li key={each.conversationId}>
              {each.isReadable ? <Link href={hrefOf(["conversations", each.conversationId])}>{date.format(each.latestMs)}</Link> : date.format(each.latestMs)}
              {each.queue !== null && ` · ${each.queue}`} {each.synthetic ? <StatusIndicator type="info">{t.figures.madeUp}</StatusIndicator> : !each.isReadable && <StatusIndicator type="stopped">{t.figures.notKept}</StatusIndicator>}
            </li>
          ))}
        </ul>
      </Container>
    </div>
  );
}
