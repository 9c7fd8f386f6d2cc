// By path, past the package's exports: the tokens' names end in a hash of the components' own version, and the separately
// published design-tokens package carries that of another version, so that dark mode would silently not apply.
import * as tokens from "../../../node_modules/@cloudscape-design/components/internal/generated/styles/tokens";
import { Mode, applyMode } from "@cloudscape-design/global-styles";
import type { CSSProperties } from "react";

export type Appearance = "system" | "light" | "dark";

/** Cloudscape's tokens under the panel's own short names. They are references, so they follow light and dark. */
export const palette = {
  "--ink": tokens.colorTextBodyDefault,
  "--ink-soft": tokens.colorTextBodySecondary,
  "--ink-strong": tokens.colorTextHeadingDefault,
  "--surface": tokens.colorBackgroundContainerContent,
  "--ground": tokens.colorBackgroundLayoutMain,
  "--line": tokens.colorBorderDividerDefault,
  "--accent": tokens.colorTextLinkDefault,
  "--accent-soft": tokens.colorBackgroundItemSelected,
  "--good": tokens.colorTextStatusSuccess,
  "--warn": tokens.colorTextStatusWarning,
  "--bad": tokens.colorTextStatusError,
  "--focus": tokens.colorBorderItemFocused,
  "--font": tokens.fontFamilyBase,
  "--mono": tokens.fontFamilyMonospace,
} as CSSProperties;

/** Applies an appearance and keeps it; `system` follows the operating system. Returns how to stop following. */
export function applyAppearance(appearance: Appearance): () => void {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const isDark = appearance === "dark" || (appearance === "system" && system.matches);
    applyMode(isDark ? Mode.Dark : Mode.Light);
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  };
  apply();
  system.addEventListener("change", apply);
  return () => system.removeEventListener("change", apply);
}
