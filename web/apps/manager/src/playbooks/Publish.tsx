import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type DraftParts, PublishPlaybookDraft } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useState } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { go } from "../routes/useRoute";
import { ChangeList } from "./ChangeList";
import { useSending } from "./useSending";

/** Asked once more, with what changes: it guides every call from the next utterance on. */
export function Publish({ graphql, draft, isOpen, onClose }: { graphql: Requests; draft: DraftParts; isOpen: boolean; onClose: () => void }) {
  const { t } = useWording();
  const [note, setNote] = useState("");
  const { isSending, reason, send } = useSending();
  const publish = () =>
    send(graphql.request(PublishPlaybookDraft, { draftId: draft.id, version: draft.version, note: note === "" ? null : note }), ({ makePlaybookLive: version }) => go(hrefOf(["playbook", "versions", version.id])));
  return (
    <Modal
      visible={isOpen}
      onDismiss={onClose}
      closeAriaLabel={t.playbooks.cancel}
      header={t.playbooks.publishAsk}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.playbooks.cancel}
            </Button>
            <Button variant="primary" loading={isSending} onClick={publish}>
              {t.playbooks.publishNow}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {reason !== null && <Alert type="error">{reason}</Alert>}
        <Box variant="p">{t.playbooks.publishText}</Box>
        <ChangeList changes={draft.changes} />
        <FormField label={t.playbooks.note} description={t.playbooks.noteText}>
          <Input value={note} onChange={({ detail }) => setNote(detail.value)} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
