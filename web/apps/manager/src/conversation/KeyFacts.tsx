import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import type { Contact } from "@sotto/api";
import { type View, factsOf, talkOf } from "@sotto/call";
import { callTime, percent } from "@sotto/ui";
import { useWording } from "../messages";

/** When, where and how the talking went, and what the company knows of who called. */
export function KeyFacts({ view, contact }: { view: View; contact: Contact }) {
  const { t, locale } = useWording();
  const { call } = view;
  const talk = talkOf(call.utterances, contact.waits);
  const began = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(contact.mediaStartedAtMs);
  const waitedMs = contact.waits.reduce((sum, wait) => sum + Math.max(0, (wait.untilMs ?? call.latestMs) - wait.fromMs), 0);
  // Of what is written nobody measures how long it took, or who spoke over whom.
  const spoken = [
    { label: t.conversation.agentShare, value: talk ? percent(talk.agentShare, locale) : t.none },
    { label: t.conversation.silence, value: talk ? percent(talk.silenceShare, locale) : t.none },
    { label: t.conversation.interruptions, value: talk ? String(talk.interruptions) : t.none },
    { label: t.conversation.waited, value: callTime(waitedMs) },
  ];
  const facts = [
    { label: t.conversation.began, value: began },
    { label: t.team, value: contact.team ?? t.none },
    { label: t.queue, value: contact.queue ?? t.none },
    { label: t.language, value: new Intl.DisplayNames([locale], { type: "language" }).of(contact.language) ?? contact.language },
    { label: t.conversations.channel, value: t.conversations.channels[contact.channel] },
    ...(contact.channel === "CHAT" ? [] : spoken),
    ...(contact.customer?.fields ?? []).map((field) => ({ label: field.title, value: field.value })),
    ...factsOf(call).map(({ title, values }) => ({ label: title, value: values.join(" · ") })),
  ];
  return (
    <Container header={<Header variant="h2">{t.conversation.facts}</Header>}>
      <KeyValuePairs columns={2} items={facts} />
    </Container>
  );
}
