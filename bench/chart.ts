/** The CPU a photo costs, ours and theirs, as bars: an SVG file that follows the reader's light or dark page. */
import type { Figure } from "./figures.ts";

const BARS: Readonly<Record<string, string>> = {
  look: "Photogate, measures and crops too",
  "pillow-expert": "Pillow, one shared decode",
  graphicsmagick: "GraphicsMagick, pictures only",
  imagemagick: "ImageMagick, pictures only",
  vipsthumbnail: "vipsthumbnail, pictures only",
  apart: "sharp, one pipeline a picture",
  "pillow-pool": "Pillow, each step from the file",
};

const WIDTH = 760;
const LABELS = 330;
const VALUES = 70;
const ROW = 30;
const BAR = 18;
const TOP = 44;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; }
  .ours { fill: #1a7f5a; }
  .theirs { fill: #8c959f; }
  @media (prefers-color-scheme: dark) {
    text { fill: #d7dde3; }
    .ours { fill: #3fb98a; }
    .theirs { fill: #6e7781; }
  }`;

/** @param figures with those of `peers` among them @throws without them */
export function chart(figures: readonly Figure[]): string {
  const bars = Object.entries(BARS)
    .flatMap(([peer, label]) => {
      const cpu = figures.find(({ name }) => name === `peers.${peer}.cpu`);
      return cpu === undefined ? [] : [{ label, ms: cpu.value, isOurs: peer === "look" }];
    })
    .toSorted((a, b) => a.ms - b.ms);
  if (bars.length === 0) throw new Error("a chart needs the figures of `peers`");
  const most = Math.max(...bars.map(({ ms }) => ms));
  const rows = bars.map(({ label, ms, isOurs }, i) => {
    const y = TOP + i * ROW;
    const width = Math.max(1, Math.round((ms / most) * (WIDTH - LABELS - VALUES)));
    return `  <text x="0" y="${y + 14}"${isOurs ? ' class="title"' : ""}>${label}</text>
  <rect class="${isOurs ? "ours" : "theirs"}" x="${LABELS}" y="${y}" width="${width}" height="${BAR}" rx="3"/>
  <text x="${LABELS + width + 6}" y="${y + 14}">${Math.round(ms)} ms</text>`;
  });
  const height = TOP + bars.length * ROW;
  const said = bars.map(({ label, ms }) => `${label} ${Math.round(ms)} ms`).join("; ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="CPU time a photo of 24 megapixels: ${said}">
  <style>${STYLE}
  </style>
  <text class="title" x="0" y="18">CPU time a photo of 24 megapixels, less is better</text>
${rows.join("\n")}
</svg>
`;
}
