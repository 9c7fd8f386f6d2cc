import { type Theme, generateThemeStylesheet } from "@cloudscape-design/components/theming";

/**
 * Wears the workspace's theme. As a constructed style sheet, because the page's Content-Security-Policy rightly refuses
 * the <style> element that the SDK's applyConnectTheme would add.
 */
export function applyWorkspaceTheme({ theme }: { theme?: Theme }): void {
  if (!theme) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(generateThemeStylesheet({ theme }));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
