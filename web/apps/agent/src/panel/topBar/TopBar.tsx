import Button from "@cloudscape-design/components/button";
import { sentimentOf } from "../../call/sentiment";
import type { View } from "../../call/session";
import { useWording } from "../../messages";
import { BackButton } from "./BackButton";
import { SentimentLine } from "./SentimentLine";
import { StatusLabel } from "./StatusLabel";
import { TalkShare } from "./TalkShare";
import "./TopBar.css";

interface Props {
  view: View;
  /** Back to the list: for a supervisor who follows a call, and for an agent whose call has ended. */
  onBack: (() => void) | null;
  /** Whether the call was opened from the list: the focus, which was there, comes to the way back. */
  isFromList: boolean;
  optionsOpen: boolean;
  onOptions: () => void;
}

/** How things stand, in one line. */
export function TopBar({ view, onBack, isFromList, optionsOpen, onOptions }: Props) {
  const { t } = useWording();
  return (
    <header className="topbar">
      <h1 className="offscreen">{t.appName}</h1>
      {onBack && <BackButton key={String(isFromList)} onBack={onBack} takesFocus={isFromList} />}
      <StatusLabel status={view.status} />
      {onBack && <span className="queue">{view.call.contact?.agent}</span>}
      {view.call.contact?.queue && <span className="queue">{view.call.contact.queue}</span>}
      <span className="spring" />
      <SentimentLine points={sentimentOf(view.call)} />
      <TalkShare utterances={view.call.utterances} />
      <Button variant="icon" iconName="settings" ariaLabel={t.options} ariaExpanded={optionsOpen} onClick={onOptions} />
    </header>
  );
}
