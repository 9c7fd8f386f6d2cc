import type { Utterance } from "@sotto/api";
import { useEffect } from "react";
import { type RecordingPlayer, SKIP_MS } from "./player";
import { neighbour } from "./recordings";

/** What uses these keys itself. */
const OWN_KEYS = "input, textarea, select, [contenteditable], [role=slider], [role=combobox], [role=listbox], [role=menu], [role=dialog], [role=tablist], [role=radiogroup]";
const PRESSED_BY_SPACE = "button, a, summary, [role=button], [role=checkbox]";

type KeyAction = (player: RecordingPlayer, utterances: readonly Utterance[]) => void;

function goTo(player: RecordingPlayer, utterances: readonly Utterance[], direction: "next" | "previous"): void {
  const startMs = neighbour(utterances, player.snapshot().atMs, direction);
  if (startMs !== null) player.seek(startMs);
}

const ACTIONS: Readonly<Record<string, KeyAction | undefined>> = {
  " ": (player) => player.toggle(),
  ArrowLeft: (player) => player.skip(-SKIP_MS),
  ArrowRight: (player) => player.skip(SKIP_MS),
  j: (player, utterances) => goTo(player, utterances, "next"),
  k: (player, utterances) => goTo(player, utterances, "previous"),
};

/** Keys of the player, wherever the page has the focus, and nothing there needs them itself. */
export function usePlayerKeys(player: RecordingPlayer | null, utterances: readonly Utterance[], isOn: boolean): void {
  useEffect(() => {
    if (player === null || !isOn) return undefined;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing || event.defaultPrevented) return;
      const act = ACTIONS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      const target = event.target instanceof Element ? event.target : document.body;
      if (!act || target.closest(OWN_KEYS) || (event.key === " " && target.closest(PRESSED_BY_SPACE))) return;
      event.preventDefault();
      act(player, utterances);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [player, utterances, isOn]);
}
