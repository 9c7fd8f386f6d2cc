import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { Contact } from "@sotto/api";
import { type ServiceStatus, type View, moodOf } from "@sotto/call";
import { CallClock, CopyButton, MoodLine, MoodWord } from "@sotto/ui";
import { useWording } from "../messages";

const INDICATOR: Record<ServiceStatus["state"], StatusIndicatorProps.Type> = { connecting: "loading", waiting: "pending", live: "success", offline: "error", delayed: "warning", off: "stopped", ended: "info" };

/** Whose conversation it is and how it stands. */
export function CallHeader({ view, contact }: { view: View; contact: Contact }) {
  const { t } = useWording();
  const { call, status } = view;
  const mood = moodOf(call);
  const hasEnded = contact.status === "ENDED";
  const word = mood && t.moodWords[mood.tone];
  return (
    <Header
      variant="h1"
      description={[contact.caller, contact.reason].filter(Boolean).join(" · ")}
      actions={
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          {mood && word && (
            <>
              <MoodWord tone={mood.tone} trend={mood.trend} word={word} spoken={`${t.mood}: ${word}`} />
              <MoodLine points={mood.points} tone={mood.tone} />
            </>
          )}
          {Number.isFinite(call.zeroAt) && <CallClock label={t.live.clock} since={call.zeroAt} stoppedAtMs={hasEnded ? call.latestMs : null} />}
          <StatusIndicator type={INDICATOR[status.state]}>{t.conversation.status[status.state]}</StatusIndicator>
          <CopyButton label={t.conversation.copyLink} copiedLabel={t.conversation.copied} text={() => location.href} />
        </SpaceBetween>
      }
    >
      {contact.agentName ?? contact.agent ?? t.conversation.noAgent}
    </Header>
  );
}
