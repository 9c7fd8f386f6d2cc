import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { GraphqlRefused, TakeReleaseBack } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useState } from "react";
import { useWording } from "../messages";

interface Props {
  graphql: Requests;
  number: number;
  isOpen: boolean;
  onClose: () => void;
  onDone: () => void;
}

/** Asked once more, since it cannot be undone: what is taken back begins anew with the next training. */
export function TakeBack({ graphql, number, isOpen, onClose, onDone }: Props) {
  const { t } = useWording();
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const send = () => {
    setSending(true);
    setTrouble(null);
    graphql
      .request(TakeReleaseBack, { number })
      .then(
        () => {
          onClose();
          onDone();
        },
        (error: unknown) => setTrouble(error instanceof GraphqlRefused && error.kind !== "Unavailable" ? error.message : t.releases.failed),
      )
      .finally(() => setSending(false));
  };
  return (
    <Modal
      visible={isOpen}
      onDismiss={onClose}
      closeAriaLabel={t.releases.cancel}
      header={t.releases.takeBackAsk}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.releases.cancel}
            </Button>
            <Button variant="primary" loading={isSending} onClick={send}>
              {t.releases.takeBack}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="s">
        {t.releases.takeBackText}
        {trouble !== null && <Alert type="error">{trouble}</Alert>}
      </SpaceBetween>
    </Modal>
  );
}
