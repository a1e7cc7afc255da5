import type { FC } from "hono/jsx";
import { type CatalogueFigures, UNKNOWN_CAMERA } from "../../domain/catalogue-figures.ts";
import type { Pace } from "../../domain/pace.ts";
import { isVerdict } from "../../domain/review.ts";
import type { Figures, Trouble } from "../../store/figures.ts";
import { count, STAGE_LABELS, VERDICT_LABELS } from "../client/names.ts";
import { Bars, Stack, Wide } from "./chart.tsx";
import { type Frame, Page } from "./layout.tsx";

interface CatalogueProps {
  readonly frame: Frame;
  readonly figures: CatalogueFigures;
  readonly decisions: ReturnType<Figures["decisions"]>;
  readonly proved: ReturnType<Figures["proved"]>;
  readonly edited: ReturnType<Figures["edited"]>;
  readonly troubles: readonly Trouble[];
  readonly pace: Pace;
}

/** All that was published, by any hand, and how the work went. Drawn on the server; it needs no script and no network. */
export const Catalogue: FC<CatalogueProps> = (props) => {
  const { frame, figures } = props;
  return (
    <Page frame={frame} title="Catalogue · Photogate" script="pages.js" here="catalogue" main="page">
      <h1>Catalogue</h1>
      <p class="muted">
        From the local copy of the site's catalogue and from this daemon's own records, as of {utc(frame.now)}.
      </p>
      {figures.images === 0 ? (
        <div class="empty">
          <p class="big">Nothing is published yet.</p>
          <p class="muted">What you publish is counted here, by camera, year and quality.</p>
        </div>
      ) : (
        <Published figures={figures} />
      )}
      <Work {...props} />
    </Page>
  );
};

const Published: FC<{ readonly figures: CatalogueFigures }> = ({ figures }) => {
  const { images, ours, bands, cameras, years, first, last } = figures;
  const [band] = bands.toSorted((a, b) => b.images - a.images);
  const camera = cameras.find(({ word }) => word !== UNKNOWN_CAMERA);
  return (
    <>
      <dl class="tiles">
        <Tile of="Images" said={images.toLocaleString("en")} more={span(first, last)} />
        <Tile
          of="By Photogate"
          said={ours.toLocaleString("en")}
          more={`${(images - ours).toLocaleString("en")} by hand or by another program`}
        />
        {band !== undefined && (
          <Tile
            of="Largest band"
            said={band.word}
            more={`${percent(band.share)} of all, ${count(band.images, "image")}`}
          />
        )}
        {camera !== undefined && (
          <Tile
            of="Top camera"
            said={camera.word}
            more={`${percent(camera.share)} of all, ${count(camera.images, "image")}`}
          />
        )}
      </dl>
      <Stack
        id="years"
        title="Images by year and camera"
        parts={cameras.map(({ word }) => word)}
        head="Year"
        bars={years.map(({ year, byCamera }) => ({ word: year, values: byCamera }))}
      />
      <Bars
        id="bands"
        title="Quality bands"
        heads={["Band", "Images"]}
        bars={bands.map(({ word, images: n, share }) => ({
          word,
          value: n,
          said: `${n.toLocaleString("en")} (${percent(share)})`,
        }))}
      />
    </>
  );
};

const Tile: FC<{ readonly of: string; readonly said: string; readonly more: string }> = ({ of, said, more }) => (
  <div>
    <dt>{of}</dt>
    <dd>
      <b>{said}</b>
      <span class="muted">{more}</span>
    </dd>
  </div>
);

/** How deciding, writing and the stages went, over all sets that are still known. */
const Work: FC<CatalogueProps> = ({ decisions, proved, edited, troubles, pace }) => {
  const months = [...Map.groupBy(decisions, ({ month }) => month)];
  const kinds = ["approved", "rejected", "held"].filter((kind) => decisions.some(({ verdict }) => verdict === kind));
  return (
    <>
      {months.length > 0 && (
        <Stack
          id="decisions"
          title="Decisions by month"
          parts={kinds.map((kind) => (isVerdict(kind) ? VERDICT_LABELS[kind] : kind))}
          head="Month"
          bars={months.map(([word, of]) => ({
            word,
            values: kinds.map((kind) => of.find(({ verdict }) => verdict === kind)?.photos ?? 0),
          }))}
        />
      )}
      {pace.median !== null && <Deciding pace={pace} />}
      {proved.length > 0 && (
        <Stack
          id="proved"
          title="What the proof of words said, by model"
          parts={["passed", "repaired", "repaired in part", "blocked"]}
          head="Model"
          bars={proved.map(({ model, passed, repaired, repairedInPart, blocked }) => ({
            word: model,
            values: [passed, repaired, repairedInPart, blocked],
          }))}
        />
      )}
      {edited.fields.length > 0 && (
        <Bars
          id="edited"
          title="What was changed by hand"
          heads={["Field", "Photos"]}
          bars={edited.fields.map(({ field, photos }) => ({
            word: FIELDS[field] ?? field,
            value: photos,
            said: `${photos.toLocaleString("en")} (${percent(photos / Math.max(1, edited.photos))})`,
          }))}
          note={`Of ${count(edited.photos, "photo")} with words.`}
        />
      )}
      {troubles.length > 0 && <Troubles troubles={troubles} />}
    </>
  );
};

const FIELDS: Readonly<Record<string, string>> = {
  caption: "Caption",
  altText: "Alt text",
  keywords: "Keywords",
  name: "File name",
  subject: "Subject",
  location: "Location",
  qr: "Quality",
  crop: "Crop",
  overruled: "Rules overruled",
};

const Deciding: FC<{ readonly pace: Pace }> = ({ pace: { photos, median, p90, perHour } }) => (
  <section id="pace" aria-labelledby="pace-title">
    <h2 id="pace-title">Deciding</h2>
    <dl class="tiles">
      <Tile of="Decided" said={photos.toLocaleString("en")} more="photos, without what was undone" />
      <Tile of="Time a photo" said={`${seconds(median)} s`} more={`median; nine in ten within ${seconds(p90)} s`} />
      <Tile
        of="Pace"
        said={`${Math.round(perHour ?? 0).toLocaleString("en")} an hour`}
        more="pauses over 10 min left out"
      />
    </dl>
  </section>
);

/** Where sets wait and photos are left out, most often first. */
const Troubles: FC<{ readonly troubles: readonly Trouble[] }> = ({ troubles }) => (
  <section id="troubles" aria-labelledby="troubles-title">
    <h2 id="troubles-title">Where it went wrong, most often first</h2>
    <Wide of="What went wrong at which stage">
      <table>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">What</th>
            <th scope="col">Code</th>
            <th scope="col">Times</th>
            <th scope="col">Sets</th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          {troubles.map(({ stage, kind, code, times, sets, last }) => (
            <tr>
              <th scope="row">{STAGE_LABELS[stage]}</th>
              <td>{kind === "held" ? "set held" : "photo left out"}</td>
              <td>
                <code>{code}</code>
              </td>
              <td>{times.toLocaleString("en")}</td>
              <td>{sets.toLocaleString("en")}</td>
              <td>{utc(last)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  </section>
);

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const seconds = (value: number | null): string => (value ?? 0).toFixed(1);
const span = (first: string | null, last: string | null): string =>
  first === null || last === null ? "undated" : first === last ? first : `${first} to ${last}`;
/** Like every time the server writes: minutes of UTC, so that no reader guesses the zone. */
export const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
