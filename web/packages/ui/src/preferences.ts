import { useState } from "react";

/** Kept per browser. A frame in another site's page may be refused storage: then for this visit only. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(`sotto.${key}`);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`sotto.${key}`, value);
  } catch {
    // Nothing depends on it.
  }
}

export function usePreference<T extends string>(key: string, choices: readonly T[], otherwise: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => choices.find((choice) => choice === read(key)) ?? otherwise);
  return [
    value,
    (next) => {
      setValue(next);
      keep(key, next);
    },
  ];
}
