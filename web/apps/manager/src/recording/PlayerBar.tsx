import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Select from "@cloudscape-design/components/select";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { callTime, fill } from "@sotto/ui";
import { useWording } from "../messages";
import "./PlayerBar.css";
import { RATES, type RecordingPlayer, SKIP_MS } from "./player";
import { usePlayerView } from "./usePlayerView";

interface Props {
  player: RecordingPlayer;
  keysOn: boolean;
  onKeys: (isOn: boolean) => void;
}

/** Play, skip, speed, and whether keys do the same. */
export function PlayerBar({ player, keysOn, onKeys }: Props) {
  const { t, locale } = useWording();
  const { state, atMs, rate } = usePlayerView(player);
  const isOn = state === "playing" || state === "waiting";
  const nameOf = (each: number) => fill(t.recording.times, { rate: new Intl.NumberFormat(locale).format(each) });
  return (
    <div className="player-bar" data-player={state}>
      <Button variant="primary" iconName={isOn ? "pause" : "play"} ariaLabel={isOn ? t.recording.pause : t.recording.play} onClick={() => player.toggle()}>
        {isOn ? t.recording.pause : t.recording.play}
      </Button>
      <Button iconName="undo" variant="icon" ariaLabel={t.recording.back} onClick={() => player.skip(-SKIP_MS)} />
      <Button iconName="redo" variant="icon" ariaLabel={t.recording.onward} onClick={() => player.skip(SKIP_MS)} />
      <span className="player-time">{fill(t.recording.placeOf, { at: callTime(atMs), length: callTime(player.endMs) })}</span>
      <div className="player-speed">
        <Select
          ariaLabel={t.recording.speed}
          selectedOption={{ value: String(rate), label: nameOf(rate) }}
          options={RATES.map((each) => ({ value: String(each), label: nameOf(each) }))}
          onChange={({ detail }) => player.setRate(Number(detail.selectedOption.value))}
        />
      </div>
      <Checkbox checked={keysOn} description={keysOn ? t.recording.keysHint : undefined} onChange={({ detail }) => onKeys(detail.checked)}>
        {t.recording.keysOn}
      </Checkbox>
      <span role="status" className="player-state">
        {state === "waiting" && <StatusIndicator type="loading">{t.recording.waiting}</StatusIndicator>}
        {state === "failed" && <StatusIndicator type="error">{t.recording.stopped}</StatusIndicator>}
      </span>
    </div>
  );
}
