// Renders the page's icon, www/icon.svg, into the PNG files that a manifest needs: `node build/icons.mjs`, after a change of the icon.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const ICON = new URL("../www/icon.svg", import.meta.url);
const TO = new URL("../www/icons/", import.meta.url);
/** `scale`: how much of the side the icon takes. A mask leaves at least a circle of 80 % of the side; iOS rounds the corners itself. */
const PICTURES = [
  { name: "icon-192.png", side: 192, scale: 1 },
  { name: "icon-512.png", side: 512, scale: 1 },
  { name: "icon-maskable-512.png", side: 512, scale: 0.7, filled: true },
  { name: "apple-touch-icon.png", side: 180, scale: 0.85, filled: true },
];

const svg = await readFile(ICON, "utf8");
const background = /<rect[^>]*fill="([^"]+)"/.exec(svg)[1];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage();
await mkdir(TO, { recursive: true });
for (const { name, side, scale, filled } of PICTURES) {
  await page.setViewportSize({ width: side, height: side });
  const middle = (side * (1 - scale)) / 2;
  const style = `position: absolute; inset: ${middle}px; width: ${side * scale}px; height: ${side * scale}px`;
  const icon = svg.replace("<svg", `<svg style="${style}"`);
  await page.setContent(
    `<body style="margin: 0; background: ${filled ? background : "transparent"}">${icon}`,
  );
  await writeFile(new URL(name, TO), await page.screenshot({ omitBackground: true }));
}
await browser.close();
