// Draws Mermaid files with mermaid.js in headless Chromium, as a person would see them, and writes PNG files.
//
//     npm install --no-save --prefix FOLDER mermaid@11 playwright-core
//     node tests/render/mermaid_js.mjs FOLDER OUT FILE.mmd...
//
// FOLDER holds the packages (another one for mermaid@12), OUT takes the pictures. CHROMIUM names the browser, by default
// `chromium`. Exit status 1 where a chart is refused; a line per file with the number of nodes, links and texts drawn.
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

const [folder, out, ...files] = process.argv.slice(2);
const require = createRequire(join(resolve(folder), "package.json"));
const { chromium } = require("playwright-core");
const library = join(resolve(folder), "node_modules", "mermaid", "dist", "mermaid.min.js");
const executablePath = execFileSync("which", [process.env.CHROMIUM ?? "chromium"], { encoding: "utf8" }).trim();

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 2400, height: 1600 } });
let refused = 0;
for (const file of files) {
  await page.setContent('<body style="margin:16px;background:white"><div id="chart"></div></body>');
  await page.addScriptTag({ path: library });
  const found = await page.evaluate(async (text) => {
    mermaid.initialize({ startOnLoad: false });
    try {
      const { svg } = await mermaid.render("drawn", text);
      document.getElementById("chart").innerHTML = svg;
      const count = (selector) => document.querySelectorAll(`#chart ${selector}`).length;
      const links = [...document.querySelectorAll("#chart .edgePaths path")].map((p) => p.getAttribute("style"));
      return { nodes: count("g.node"), frames: count("g.cluster"), links, foreign: count("script, a, image") };
    } catch (error) {
      return { error: String(error) };
    }
  }, readFileSync(file, "utf8"));
  refused += "error" in found;
  console.log(basename(file), JSON.stringify(found));
  if (!("error" in found)) {
    const target = await page.$("#chart svg");
    await target.screenshot({ path: join(out, basename(file).replace(/\.mmd$/, ".png")) });
  }
}
await browser.close();
process.exit(refused ? 1 : 0);
