import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import { useState } from "react";
import { useWording } from "../messages";
import type { Route } from "../routes/route";
import { go } from "../routes/useRoute";
import { keepViews, keptViews } from "./keptViews";

/** Views that the user has given a name. Each is an address, so that it can be sent to a colleague as well. */
export function SavedViews({ route }: { route: Route }) {
  const { t } = useWording();
  const [views, setViews] = useState(keptViews);
  const [isNaming, setNaming] = useState(false);
  const [name, setName] = useState("");
  const keep = (next: typeof views) => {
    setViews(next);
    keepViews(next);
  };
  const save = () => {
    if (name.trim() === "") return;
    keep([...views.filter((view) => view.name !== name.trim()), { name: name.trim(), query: route.query.toString() }]);
    setName("");
    setNaming(false);
  };
  return (
    <>
      <ButtonDropdown
        items={[
          ...views.map((view) => ({ id: `open/${view.name}`, text: view.name })),
          { id: "save", text: t.conversations.saveView, iconName: "add-plus" },
          ...(views.length > 0 ? [{ id: "forget", text: t.conversations.forgetViews, items: views.map((view) => ({ id: `forget/${view.name}`, text: view.name })) }] : []),
        ]}
        onItemClick={({ detail: { id } }) => {
          const view = views.find((each) => id === `open/${each.name}`);
          if (view) return go(`#/conversations?${view.query}`);
          if (id === "save") return setNaming(true);
          keep(views.filter((each) => id !== `forget/${each.name}`));
        }}
      >
        {t.conversations.views}
      </ButtonDropdown>
      <Modal
        visible={isNaming}
        header={t.conversations.saveView}
        onDismiss={() => setNaming(false)}
        footer={
          <Box float="right">
            <Button variant="primary" onClick={save}>
              {t.conversations.save}
            </Button>
          </Box>
        }
      >
        <FormField label={t.conversations.viewName} description={t.conversations.viewHint}>
          <Input value={name} onChange={({ detail }) => setName(detail.value)} onKeyDown={({ detail }) => detail.key === "Enter" && save()} />
        </FormField>
      </Modal>
    </>
  );
}
