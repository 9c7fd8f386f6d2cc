import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { AcceptGaps, GraphqlRefused, IgnoreGaps, MergeGaps, ReopenGaps } from "@sotto/api";
import type { Requests } from "@sotto/realtime";
import { useState } from "react";
import { useWording } from "../messages";
import { type Example, type Group, proposedName } from "./gaps";

interface Props {
  graphql: Requests;
  group: Group;
  chosen: readonly Example[];
  /** Groups that wait, of the same kind. */
  others: readonly Group[];
  labels: readonly string[];
  onDone: () => void;
}

/** Accept, merge, ignore; and take up again what was put aside. */
export function Decide({ graphql, group, chosen, others, labels, onDone }: Props) {
  const { t } = useWording();
  const { kind } = group;
  const [name, setName] = useState(() => proposedName(group));
  const [into, setInto] = useState(() => group.nearest ?? "");
  const [other, setOther] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const send = (request: Promise<unknown>) => {
    setSending(true);
    setTrouble(null);
    request
      .then(onDone, (error: unknown) => setTrouble(error instanceof GraphqlRefused && error.kind !== "Unavailable" ? error.message : t.gaps.failed))
      .finally(() => setSending(false));
  };
  const place = { kind, groupId: group.id, version: group.version };
  const places = kind === "INTENT" ? { chosen: chosen.map(({ contactId, id }) => ({ contactId, id })) } : {};
  const mayReopen = group.into === null && (group.state === "IGNORED" || (kind === "ARTICLE" && group.state !== "OPEN"));
  if (group.state !== "OPEN") {
    return mayReopen ? (
      <SpaceBetween size="s">
        {trouble !== null && <Alert type="error">{trouble}</Alert>}
        <Button loading={isSending} onClick={() => send(graphql.request(ReopenGaps, place))}>{t.gaps.reopen}</Button>
      </SpaceBetween>
    ) : null;
  }
  const options = labels.map((value) => ({ value, label: value.replaceAll("_", " ") }));
  const groups = others.filter(({ id }) => id !== group.id).map(({ id, phrases }) => ({ value: id, label: phrases.length > 0 ? phrases.join(", ") : t.gaps.unnamed }));
  const isPlace = kind === "ARTICLE" ? into !== "" : labels.includes(into);
  const isNothing = kind === "INTENT" && chosen.length === 0;
  return (
    <Container header={<Header variant="h2" actions={<Button loading={isSending} onClick={() => send(graphql.request(IgnoreGaps, place))}>{t.gaps.ignore}</Button>} description={t.gaps.ignoreHint}>{t.gaps.decide}</Header>}>
      <SpaceBetween size="l">
        {trouble !== null && <Alert type="error">{trouble}</Alert>}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!isSending) send(graphql.request(AcceptGaps, { ...place, ...places, name }));
          }}
        >
          <FormField label={t.gaps.name[kind]} description={t.gaps.nameHint[kind]} secondaryControl={<Button variant="primary" loading={isSending} disabled={isNothing}>{t.gaps.accept}</Button>}>
            <Input value={name} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
        </form>
        <FormField
          label={t.gaps.into[kind]}
          description={kind === "ARTICLE" ? t.gaps.intoArticleHint : undefined}
          secondaryControl={<Button disabled={!isPlace || isSending || isNothing} ariaLabel={`${t.gaps.into[kind]}: ${t.gaps.merge}`} onClick={() => send(graphql.request(MergeGaps, { ...place, ...places, into }))}>{t.gaps.merge}</Button>}
        >
          {kind === "INTENT" ? (
            <Select filteringType="auto" placeholder={t.gaps.pick} selectedOption={options.find(({ value }) => value === into) ?? null} options={options} onChange={({ detail }) => setInto(detail.selectedOption.value ?? "")} />
          ) : (
            <Input value={into} onChange={({ detail }) => setInto(detail.value)} />
          )}
        </FormField>
        {groups.length > 0 && (
          <FormField label={t.gaps.intoGroup} secondaryControl={<Button disabled={other === null || isSending} ariaLabel={`${t.gaps.intoGroup}: ${t.gaps.merge}`} onClick={() => send(graphql.request(MergeGaps, { ...place, intoGroup: other }))}>{t.gaps.merge}</Button>}>
            <Select placeholder={t.gaps.pick} selectedOption={groups.find(({ value }) => value === other) ?? null} options={groups} onChange={({ detail }) => setOther(detail.selectedOption.value ?? null)} />
          </FormField>
        )}
      </SpaceBetween>
    </Container>
  );
}
