import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Names end in 12 hexadecimal digits of the content: the file server may then let browsers keep them for ever.
export default defineConfig({
  base: "/static/build/",
  publicDir: false,
  build: {
    outDir: here("../src/wangge/static/build"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    cssTarget: ["chrome120", "firefox121", "safari17"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      checks: { eval: false }, // htmx holds an eval that allowEval=false keeps from running
      input: {
        desk: here("src/desk.ts"),
        public: here("src/public.ts"),
        gridmap: here("src/gridmap.ts"),
        screen: here("src/screen.ts"),
        grids: here("src/grids.ts"),
        icons: here("src/icons/sprite.svg"),
      },
      output: {
        hashCharacters: "hex",
        entryFileNames: "[name].[hash:12].js",
        chunkFileNames: "[name].[hash:12].js",
        assetFileNames: "[name].[hash:12][extname]",
      },
    },
  },
});
