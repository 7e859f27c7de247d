import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const web = fileURLToPath(new URL("web", import.meta.url));

/** Files that as many pages' files import come together. */
const SHARED_BY = 16;

/** The panel. Built by scripts/build-panel.ts, which sets where to. */
export default defineConfig({
  root: web,
  publicDir: `${web}/public`,
  build: {
    target: "es2023",
    // An inlined asset would be a data: address in a style, and one cache entry less.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rolldownOptions: {
      // What many pages share comes in a few files: each small one would cost a request of its own.
      output: {
        codeSplitting: { groups: [{ name: "shared", minShareCount: SHARED_BY, minSize: 0 }] },
      },
      // "use client" is for servers that render; there is none here.
      onwarn: (warning, warn) => {
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
  server: { proxy: { "/v1": "http://127.0.0.1:7700", "/branding.json": "http://127.0.0.1:7700" } },
});
