import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState, useSyncExternalStore } from "react";
import { useWording } from "../messages";
import type { Route } from "../routes/route";
import { csvOf, saveText } from "../table/csv";
import { conversationCsv } from "./columns";
import type { ConversationList } from "./conversationList";
import { SavedViews } from "./SavedViews";

/** More is the analyst's to ask for, by day. */
const MOST_EXPORTED = 3_000;

export function ConversationHeader({ route, list }: { route: Route; list: ConversationList }) {
  const { t, locale } = useWording();
  const { rows, hasMore, state } = useSyncExternalStore(list.watch, list.snapshot);
  const [isExporting, setExporting] = useState(false);
  const save = async () => {
    setExporting(true);
    await list.readTo(MOST_EXPORTED);
    setExporting(false);
    const all = list.snapshot();
    // Half a table that looks like a whole one is worse than none.
    if (all.state === "loaded") saveText(`${t.conversations.csvName}.csv`, csvOf(conversationCsv(t), all.rows.slice(0, MOST_EXPORTED)));
  };
  const isCutShort = rows.length > 0 && (state === "failed" || state === "refused");
  return (
    <Header
      variant="awsui-h1-sticky"
      counter={`(${new Intl.NumberFormat(locale).format(rows.length)}${hasMore ? "+" : ""})`}
      description={t.conversations.description}
      info={isCutShort && <StatusIndicator type="warning">{t.conversations.cutShort}</StatusIndicator>}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <SavedViews route={route} />
          <Button iconName="download" loading={isExporting} disabled={rows.length === 0} onClick={() => void save()}>
            {t.exportCsv}
          </Button>
        </SpaceBetween>
      }
    >
      {t.conversationsTitle}
    </Header>
  );
}
