import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import type { ViteUserConfig } from "vitest/config";

/** Cloudscape's global styles carry eight cuts of Open Sans inside the CSS; our pages write in two of them. */
function twoFonts(): Plugin {
  return {
    name: "two-fonts",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("global-styles/index.css")) return null;
      return code.replace(/@font-face \{[^}]*\}/g, (face) => (/font-weight: (400|700)/.test(face) && /font-style: normal/.test(face) ? face : ""));
    },
  };
}

/** How each of our pages is built and tested. */
export const site: ViteUserConfig = {
  plugins: [react(), twoFonts()],
  // Served from the root of the demo, from a folder beside it, from CloudFront and inside an iframe: addresses stay relative.
  base: "./",
  build: { target: "es2022", sourcemap: false, reportCompressedSize: false, chunkSizeWarningLimit: 1200, modulePreload: { polyfill: false } },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
};
