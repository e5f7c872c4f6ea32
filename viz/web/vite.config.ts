import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Licences of packages whose code or fonts end up in the build; they ask to come along. */
const SHIPPED = [
  "@fontsource/inter/LICENSE", "@fontsource/source-serif-4/LICENSE", "sigma/LICENSE.txt", "graphology/LICENSE.txt",
  "graphology-utils/LICENSE.txt", "graphology-layout-forceatlas2/LICENSE.txt",
  "events/LICENSE", "codemirror/LICENSE", "@codemirror/autocomplete/LICENSE",
  "@codemirror/commands/LICENSE", "@codemirror/language/LICENSE", "@codemirror/lint/LICENSE", "@codemirror/search/LICENSE",
  "@codemirror/state/LICENSE", "@codemirror/view/LICENSE", "@lezer/common/LICENSE", "@lezer/highlight/LICENSE",
  "@lezer/lr/LICENSE", "codemirror-lang-sparql/LICENSE", "crelt/LICENSE", "style-mod/LICENSE", "w3c-keyname/LICENSE",
  "@marijn/find-cluster-break/LICENSE",
];

/** Writes the licences of SHIPPED to licences.txt. */
function licences(): Plugin {
  return {
    name: "licences",
    generateBundle() {
      const texts = SHIPPED.map((path) => {
        const name = path.slice(0, path.lastIndexOf("/"));
        return `${name}\n\n${readFileSync(`node_modules/${path}`, "utf8").trim()}\n`;
      });
      this.emitFile({ type: "asset", fileName: "licences.txt", source: texts.join("\n\n") });
    },
  };
}

/**
 * The build goes to viz/static: file names carry a hash of their contents, and manifest.json tells the server which
 * file stands for which name (viz/assets.py reads it). A new entry is a line in `input`.
 */
export default defineConfig({
  base: "/static/",
  publicDir: false,
  plugins: [licences()],
  build: {
    outDir: "../static",
    emptyOutDir: true,
    manifest: "manifest.json",
    // the Content-Security-Policy allows files of this server alone, so nothing becomes a data: address
    assetsInlineLimit: 0,
    // a chunk asked for late finds its own imports; a copy moves all of them, and the list of addresses would not move along
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { main: "src/styles/main.css", page: "src/page/index.ts", explore: "src/explore/main.ts", draw: "src/explore/draw.ts", query: "src/query/main.ts", explorer: "src/styles/explorer.css" },
    },
  },
  test: { include: ["test/**/*.test.ts"] },
});
