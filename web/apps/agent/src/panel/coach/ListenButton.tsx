import Button from "@cloudscape-design/components/button";
import type { SharedMoment } from "@sotto/api";
import { useEffect, useRef, useState } from "react";
import { useWording } from "../../messages";
import type { SharedMoments } from "../../sharedMoments";

type State = "idle" | "waiting" | "playing" | "none" | "failed";

/** Plays the stretch that was shared, and nothing after it. Nothing is fetched before it is pressed. */
export function ListenButton({ moment, shared }: { moment: SharedMoment; shared: SharedMoments }) {
  const { t } = useWording();
  const [state, setState] = useState<State>("idle");
  const audio = useRef<HTMLAudioElement>(null);
  const untilS = useRef(0);
  const stop = () => {
    audio.current?.pause();
    setState("idle");
  };
  useEffect(() => {
    const element = audio.current;
    return () => element?.pause();
  }, []);
  const listen = async () => {
    setState("waiting");
    try {
      const stretch = await shared.stretch(moment);
      const element = audio.current;
      if (stretch === null || element === null) return setState("none");
      untilS.current = stretch.untilS;
      element.src = `${stretch.url}#t=${String(stretch.fromS)},${String(stretch.untilS)}`;
      element.currentTime = stretch.fromS;
      await element.play();
      setState("playing");
    } catch {
      setState("failed");
    }
  };
  const isOn = state === "playing" || state === "waiting";
  return (
    <div className="buttons" data-listen={state}>
      <Button iconName={isOn ? "pause" : "play"} loading={state === "waiting"} loadingText={t.coach.loading} disabled={state === "none"} onClick={() => (isOn ? stop() : void listen())}>
        {isOn ? t.coach.stop : t.coach.listen}
      </Button>
      <audio
        ref={audio}
        preload="none"
        onTimeUpdate={({ currentTarget }) => {
          if (currentTarget.currentTime >= untilS.current) stop();
        }}
        onEnded={stop}
      />
      <span role="status" className="quiet fine-print">
        {state === "none" ? t.coach.noAudio : state === "failed" ? t.coach.audioFailed : ""}
      </span>
    </div>
  );
}
