/** The console as files for the browser, in dist/web. Everything comes from the same origin; nothing is inlined. */
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));

// Also where it is built for tests: what is tested is what is shipped.
process.env["NODE_ENV"] = "production";

// oxlint-disable-next-line import/no-default-export -- vite asks for it
export default defineConfig({
  root: here,
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  logLevel: "warn",
  build: {
    outDir: fileURLToPath(new URL("../dist/web", import.meta.url)),
    emptyOutDir: true,
    assetsDir: "assets",
    // The content security policy allows no data: and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
