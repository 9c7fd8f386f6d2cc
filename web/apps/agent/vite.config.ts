import { defineConfig } from "vitest/config";
import { site } from "../../site.vite.ts";

export default defineConfig(site);
