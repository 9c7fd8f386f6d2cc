import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { BeginPlaybookDraft } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useState } from "react";
import { useWording } from "../messages";
import { hrefOf } from "../routes/route";
import { go } from "../routes/useRoute";
import { useSending } from "./useSending";

const EMPTY = "version: 1\nsets: {}\n";

/** Begins with what is live, where its text is kept. */
export function NewDraft({ graphql, hasText, isOpen, onClose }: { graphql: Requests; hasText: boolean; isOpen: boolean; onClose: () => void }) {
  const { t } = useWording();
  const [title, setTitle] = useState("");
  const { isSending, reason, send } = useSending();
  const begin = () => send(graphql.request(BeginPlaybookDraft, { title, text: hasText ? null : EMPTY }), ({ beginPlaybookDraft: draft }) => go(hrefOf(["playbook", "drafts", draft.id])));
  return (
    <Modal
      visible={isOpen}
      onDismiss={onClose}
      closeAriaLabel={t.playbooks.cancel}
      header={t.playbooks.newDraft}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.playbooks.cancel}
            </Button>
            <Button variant="primary" loading={isSending} disabled={title.trim() === ""} onClick={begin}>
              {t.playbooks.begin}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim() !== "") begin();
        }}
      >
        <SpaceBetween size="m">
          {reason !== null && <Alert type="error">{reason}</Alert>}
          <FormField label={t.playbooks.name} description={hasText ? t.playbooks.beginsLive : t.playbooks.beginsEmpty}>
            <Input value={title} autoFocus onChange={({ detail }) => setTitle(detail.value)} />
          </FormField>
        </SpaceBetween>
      </form>
    </Modal>
  );
}
