/** In what photos that are alike differ: only that is printed beside them, on the server and in the browser. */
import type { Row } from "../rows.ts";
import { scoreLines, technicalText } from "./quality.ts";

type Line = readonly [term: string, value: string];

/** @returns for each photo, in their order, the figures of which at least two of them differ */
export function differencesOf(rows: readonly Row[]): Line[][] {
  const found = rows.map((row) => new Map(figuresOf(row)));
  const terms = [...new Set(found.flatMap((lines) => [...lines.keys()]))];
  const differing = terms.filter((term) => new Set(found.map((lines) => lines.get(term))).size > 1);
  const isOneDay = new Set(rows.map(({ takenAt }) => takenAt?.split(" ")[0])).size === 1;
  return found.map((lines) =>
    differing.map((term): Line => {
      const value = lines.get(term) ?? "not known";
      return [term, term === TAKEN && isOneDay ? (value.split(" ")[1] ?? value) : value];
    }),
  );
}

const TAKEN = "Taken";

function figuresOf(row: Row): Line[] {
  const { takenAt, width, height, camera, lens, exposure, aperture, iso, focalLength, qr, band } = row;
  const said: (readonly [string, string | null])[] = [
    [TAKEN, takenAt],
    ["Size", width === null || height === null ? null : `${width} × ${height} px`],
    ["Camera", camera],
    ["Lens", lens],
    ["Exposure", exposure],
    ["Aperture", aperture],
    ["ISO", iso === null ? null : String(iso)],
    ["Focal length", focalLength === null ? null : `${focalLength} mm`],
    ["Quality", qr === null ? null : `${band} ${qr.toFixed(2)}`],
    ["Technical", technicalText(row)],
    ...scoreLines(row).map(([term, value]) => [term, value] as const),
    ...row.written.map(({ what, value }) => [what, value] as const),
  ];
  return said.filter((line): line is Line => line[1] !== null);
}
