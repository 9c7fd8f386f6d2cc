import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type DraftParts, ReplayPlaybookDraft } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { fill } from "@sotto/ui";
import { useState } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { go } from "../routes/useRoute";
import { useSending } from "./useSending";

const DAYS = [1, 7, 30, 90] as const;
const DAY_MS = 86_400_000;

/** Over which days, before anybody's call is guided by it. */
export function ReplayForm({ graphql, draft, mayReplay }: { graphql: Requests; draft: DraftParts; mayReplay: boolean }) {
  const { t } = useWording();
  const [days, setDays] = useState<number>(7);
  const { isSending, reason, send } = useSending();
  const begin = () => {
    const now = Date.now();
    send(graphql.request(ReplayPlaybookDraft, { draftId: draft.id, version: draft.version, sinceMs: now - days * DAY_MS, untilMs: now, most: 500 }), ({ replayPlaybookDraft: replay }) => go(hrefOf(["playbook", "replays", replay.id])));
  };
  return (
    <SpaceBetween size="m">
      {reason !== null && <Alert type="error">{reason}</Alert>}
      <Box variant="p">{t.playbooks.replayText}</Box>
      <FormField label={t.playbooks.period}>
        <SegmentedControl
          label={t.playbooks.period}
          selectedId={String(days)}
          options={DAYS.map((each) => ({ id: String(each), text: fill(t.conversations.lastDays, { count: each }) }))}
          onChange={({ detail }) => setDays(Number(detail.selectedId))}
        />
      </FormField>
      <Button variant="primary" disabled={!mayReplay} loading={isSending} onClick={begin}>
        {t.playbooks.replayNow}
      </Button>
      {!mayReplay && <Box color="text-body-secondary">{t.playbooks.replayNeeds}</Box>}
    </SpaceBetween>
  );
}
