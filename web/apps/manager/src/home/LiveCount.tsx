import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import { type LiveContactsFeed, isAtRisk } from "@sotto/realtime";
import { plural } from "@sotto/ui";
import { useEffect, useSyncExternalStore } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";

/** How many calls are under way; nothing for those who may not list them. */
export function LiveCount({ feed }: { feed: LiveContactsFeed }) {
  const { t, locale } = useWording();
  const { contacts, state } = useSyncExternalStore(feed.watch, feed.snapshot);
  useEffect(() => {
    feed.want({ withLastWords: false });
    feed.open();
    return () => feed.close();
  }, [feed]);
  if (state === "refused") return null;
  const atRisk = contacts.filter(isAtRisk).length;
  return (
    <div data-live-count={state}>
      <Container header={<Header variant="h2">{t.liveCalls}</Header>}>
        {state === "connecting" ? (
          <Box color="text-body-secondary">{t.live.state.connecting}</Box>
        ) : (
          <Link href={hrefOf(["live"])}>
            {plural(t.home.live, contacts.length, locale, { count: new Intl.NumberFormat(locale).format(contacts.length) })}
            {atRisk > 0 && `, ${plural(t.home.atRisk, atRisk, locale)}`}
          </Link>
        )}
      </Container>
    </div>
  );
}
