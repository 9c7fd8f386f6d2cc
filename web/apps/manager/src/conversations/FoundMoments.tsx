import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { GraphqlRefused, SearchConversations, type SearchConversationsResult } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { plural } from "@sotto/ui";
import { useEffect, useMemo, useState } from "react";
import { useWording } from "../messages";
import type { Route } from "../routes/route";
import { Empty } from "../table/Empty";
import { ConversationFilters } from "./ConversationFilters";
import { type ConversationView, searchFilterOf } from "./conversationView";
import { foundColumns } from "./foundColumns";
import { SavedViews } from "./SavedViews";

interface Props {
  graphql: Requests;
  route: Route;
  view: ConversationView;
}

type Found = SearchConversationsResult["search"];
type Answer = { readonly asked: string } & ({ readonly found: Found } | { readonly refused: string } | { readonly failed: true });
const MOST = 100;

/** The moments in which the words were said or meant, best first. */
export function FoundMoments({ graphql, route, view }: Props) {
  const { t, locale } = useWording();
  const asked = JSON.stringify([view.words, view.conditions, view.period]);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    let isWanted = true;
    const keep = (next: Answer) => isWanted && setAnswer(next);
    graphql.request(SearchConversations, { text: view.words, filter: searchFilterOf(view, Date.now()), first: MOST }).then(
      ({ search }) => keep({ asked, found: search }),
      (error: unknown) => keep(error instanceof GraphqlRefused ? { asked, refused: error.message } : { asked, failed: true }),
    );
    return () => {
      isWanted = false;
    };
  }, [graphql, asked]); // eslint-disable-line react-hooks/exhaustive-deps -- `asked` is all of the view that is asked for
  const isHere = answer?.asked === asked;
  const found = isHere && "found" in answer ? answer.found : null;
  const columns = useMemo(() => foundColumns(t, locale), [t, locale]);
  return (
    <div data-found={isHere}>
      <Table
        variant="full-page"
        stickyHeader
        wrapLines
        trackBy={(moment) => `${moment.contactId}/${moment.kind}/${moment.utteranceId ?? moment.text}`}
        items={found?.moments ?? []}
        columnDefinitions={columns}
        loading={!isHere}
        loadingText={t.conversations.searching}
        ariaLabels={{ tableLabel: t.conversations.found }}
        empty={isHere && <NothingFound answer={answer} />}
        header={
          <Header variant="awsui-h1-sticky" counter={found ? `(${found.moments.length})` : ""} description={found ? noteOf(found, t.conversations, locale) : ""} actions={<SavedViews route={route} />}>
            {t.conversations.found}
          </Header>
        }
        filter={<ConversationFilters view={view} rows={NO_ROWS} />}
      />
    </div>
  );
}

const NO_ROWS = [] as const;

/** What the answer is worth: how much was looked at, and whether more may be there. */
function noteOf(found: Found, t: ReturnType<typeof useWording>["t"]["conversations"], locale: string): string {
  return [plural(t.looked, found.candidates, locale), found.mayMiss ? t.mayMiss : "", found.byMeaning ? "" : t.wordsAlone].filter(Boolean).join(" ");
}

function NothingFound({ answer }: { answer: Answer }) {
  const { t } = useWording();
  if ("refused" in answer) return <Empty title={t.conversations.notUnderstood} text={answer.refused} />;
  if ("failed" in answer) return <Empty title={t.conversations.failed} text={t.conversations.failedText} />;
  return <Empty title={t.conversations.nothingFound} text={t.conversations.nothingFoundText} />;
}
