import { useEffect } from "react";

/** Single keys by action. Letters are those of the English words; they need no modifier because a hand is on the headset. */
export const KEYS = {
  copy: "c",
  done: "a",
  dismiss: "x",
  up: "+",
  down: "-",
  search: "/",
  live: "l",
  details: "i",
  help: "?",
} as const;

export type Action = keyof typeof KEYS | { readonly open: number };

function actionFor(event: KeyboardEvent): Action | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return null;
  if (/^[1-9]$/.test(event.key)) return { open: Number(event.key) };
  const key = event.key.toLowerCase();
  const found = Object.entries(KEYS).find(([, wanted]) => wanted === key);
  return found ? (found[0] as keyof typeof KEYS) : null;
}

/** Where typing means typing. */
function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export function useShortcuts(isOn: boolean, act: (action: Action) => void): void {
  useEffect(() => {
    if (!isOn) return;
    const listen = (event: KeyboardEvent) => {
      const action = isField(event.target) ? null : actionFor(event);
      if (action === null) return;
      event.preventDefault();
      act(action);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [isOn, act]);
}
