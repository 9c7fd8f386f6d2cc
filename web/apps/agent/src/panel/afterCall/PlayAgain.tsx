import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { useWording } from "../../messages";
import "./PlayAgain.css";

/** In a demonstration: once the call is over, or before there is one. */
export function PlayAgain({ playAgain }: { playAgain: () => Promise<void> }) {
  const { t } = useWording();
  const [asked, setAsked] = useState(false);
  const ask = () => {
    setAsked(true);
    playAgain().catch(() => setAsked(false));
  };
  return (
    <p className="play-again">
      <Button iconName="refresh" disabled={asked} onClick={ask}>
        {asked ? t.playingAgain : t.playAgain}
      </Button>
    </p>
  );
}
