import Box from "@cloudscape-design/components/box";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { type FormView, queryOfForm } from "../figures/figureForm";
import { useWording } from "../messages";
import { go } from "../routes/useRoute";
import { keepReports, keptReports, withTile } from "./keptReports";
import { reportHref } from "./reportView";

/** Keeps what was asked as a tile of a report. */
export function SaveTile({ form, title }: { form: FormView; title: string }) {
  const { t } = useWording();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [called, setCalled] = useState("");
  const open = () => {
    setName(keptReports().at(-1)?.name ?? t.reports.mine);
    setCalled(title);
    setOpen(true);
  };
  const save = () => {
    if (name.trim() === "") return;
    keepReports(withTile(keptReports(), name.trim(), { title: called.trim(), query: queryOfForm(form).toString() }));
    setOpen(false);
    go(reportHref({ name: name.trim(), period: form.period, teams: [], tiles: [] }));
  };
  return (
    <>
      <Button iconName="add-plus" onClick={open}>
        {t.reports.saveTile}
      </Button>
      <Modal
        visible={isOpen}
        header={t.reports.saveTile}
        onDismiss={() => setOpen(false)}
        footer={
          <Box float="right">
            <Button variant="primary" onClick={save}>
              {t.conversations.save}
            </Button>
          </Box>
        }
      >
        <SpaceBetween size="m">
          <FormField label={t.reports.tileTitle}>
            <Input value={called} onChange={({ detail }) => setCalled(detail.value)} />
          </FormField>
          <FormField label={t.reports.reportName} description={t.reports.keptHere}>
            <Autosuggest value={name} onChange={({ detail }) => setName(detail.value)} options={keptReports().map((each) => ({ value: each.name }))} enteredTextLabel={(value) => value} ariaLabel={t.reports.reportName} />
          </FormField>
        </SpaceBetween>
      </Modal>
    </>
  );
}
