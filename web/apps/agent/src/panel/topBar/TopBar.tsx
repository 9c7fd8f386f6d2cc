import Button from "@cloudscape-design/components/button";
import { CallClock } from "@sotto/ui";
import { moodOf, type View } from "@sotto/call";
import { useWording } from "../../messages";
import { BackButton } from "./BackButton";
import { CallFacts } from "./CallFacts";
import { CustomerFacts } from "./CustomerFacts";
import { CustomerMood } from "./CustomerMood";
import { SpokenFacts } from "./SpokenFacts";
import { StatusLabel } from "./StatusLabel";
import { WaitMark } from "./WaitMark";
import "./TopBar.css";

interface Props {
  view: View;
  /** Back to the last calls, once this one has ended. */
  onBack: (() => void) | null;
  /** Whether the call was opened from the list: the focus, which was there, comes to the way back. */
  isFromList: boolean;
  optionsOpen: boolean;
  onOptions: () => void;
}

/** How things stand, in a line; below it who calls and how the talking goes. */
export function TopBar({ view, onBack, isFromList, optionsOpen, onOptions }: Props) {
  const { t } = useWording();
  const { call, status } = view;
  return (
    <header className="top">
      <div className="topbar">
        <h1 className="offscreen">{t.appName}</h1>
        {onBack && <BackButton key={String(isFromList)} onBack={onBack} takesFocus={isFromList} />}
        <StatusLabel status={status} />
        {Number.isFinite(call.zeroAt) && <CallClock label={t.callClock} since={call.zeroAt} stoppedAtMs={status.state === "ended" ? call.latestMs : null} />}
        {Number.isFinite(call.zeroAt) && <WaitMark waits={status.state === "ended" ? [] : (call.contact?.waits ?? [])} zeroAt={call.zeroAt} />}
        <span className="spring" />
        <CustomerMood mood={call.contact?.unavailable?.includes("sentiment") ? null : moodOf(call)} />
        <Button variant="icon" iconName="settings" ariaLabel={t.options} ariaExpanded={optionsOpen} onClick={onOptions} />
      </div>
      {view.contactId !== null && <CallFacts view={view} />}
      {call.contact?.customer && <CustomerFacts customer={call.contact.customer} />}
      {view.contactId !== null && <SpokenFacts call={call} />}
    </header>
  );
}
