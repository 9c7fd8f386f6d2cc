import { useEffect } from "react";

/** Single keys by action. */
export type Keys = Readonly<Record<string, string>>;

/** What a key asks for: an action by its name, or the item of a list by its number. */
export type Shortcut<Bindings extends Keys> = keyof Bindings | { readonly open: number };

function shortcutFor<Bindings extends Keys>(keys: Bindings, event: KeyboardEvent): Shortcut<Bindings> | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return null;
  if (/^[1-9]$/.test(event.key)) return { open: Number(event.key) };
  const pressed = event.key.toLowerCase();
  return Object.keys(keys).find((action) => keys[action] === pressed) ?? null;
}

/** Where typing means typing. */
function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** `keys` is a constant: a new object at each render would listen anew each time. */
export function useShortcuts<Bindings extends Keys>(keys: Bindings, isOn: boolean, act: (shortcut: Shortcut<Bindings>) => void): void {
  useEffect(() => {
    if (!isOn) return;
    const listen = (event: KeyboardEvent) => {
      const shortcut = isField(event.target) ? null : shortcutFor(keys, event);
      if (shortcut === null) return;
      event.preventDefault();
      act(shortcut);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [keys, isOn, act]);
}
