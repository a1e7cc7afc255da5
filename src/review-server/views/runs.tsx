import type { FC } from "hono/jsx";
import { type AuditLine, runsOf } from "../../domain/audit.ts";
import type { Passage, StageTimes } from "../../store/figures.ts";
import type { Card } from "../cards.ts";
import { about, count, listed, STAGE_LABELS, STATE_LABELS } from "../client/names.ts";
import { utc } from "./catalogue.tsx";
import { Wide } from "./chart.tsx";
import { type Frame, Page } from "./layout.tsx";

interface RunsProps {
  readonly frame: Frame;
  readonly passages: readonly Passage[];
  readonly cards: readonly Card[];
}

/** Every set on its way through, with how long it took. */
export const Runs: FC<RunsProps> = ({ frame, passages, cards }) => {
  const states = new Map(cards.map(({ id, state }) => [id, state]));
  return (
    <Page frame={frame} title="Runs · Photogate" script="pages.js" here="runs" main="page">
      <h1>Runs</h1>
      {passages.length === 0 ? (
        <div class="empty">
          <p class="big">No set has come in yet.</p>
          <p class="muted">Each set that does has its times and its audit here.</p>
        </div>
      ) : (
        <Wide of="Runs">
          <table id="runs" data-live="all">
            <thead>
              <tr>
                <th scope="col">Set</th>
                <th scope="col">Came in</th>
                <th scope="col">Took</th>
                <th scope="col">Photos</th>
                <th scope="col">Now</th>
              </tr>
            </thead>
            <tbody>
              {passages.map(({ set, name, opened, last, photos, leftOut, published, holds }) => {
                const state = states.get(set);
                return (
                  <tr>
                    <th scope="row">
                      <a href={`/runs/${encodeURIComponent(set)}`}>{name}</a>
                    </th>
                    <td>{utc(opened)}</td>
                    <td>{last === null ? "not begun" : about(last - opened)}</td>
                    <td>
                      {count(photos, "photo")}
                      <span class="muted">
                        {[
                          "",
                          listed([
                            [published, "published"],
                            [leftOut, "left out"],
                          ]),
                        ].join(" ")}
                      </span>
                    </td>
                    <td>
                      {state === undefined ? "" : STATE_LABELS[state]}
                      {holds > 0 && <span class="muted"> held {count(holds, "time")}</span>}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Wide>
      )}
    </Page>
  );
};

interface RunProps {
  readonly frame: Frame;
  readonly set: { readonly id: string; readonly name: string; readonly openedAt: number };
  readonly stages: readonly StageTimes[];
  readonly lines: readonly AuditLine[];
  /** only of this photo */
  readonly photo: { readonly id: number; readonly file: string } | undefined;
  /** where older lines go on; undefined at the end */
  readonly older: string | undefined;
}

/** One set: what each stage took, and everything that happened to it, newest first. */
export const Run: FC<RunProps> = ({ frame, set, stages, lines, photo, older }) => {
  const home = `/runs/${encodeURIComponent(set.id)}`;
  return (
    <Page frame={frame} title={`${set.name} · Runs · Photogate`} script="pages.js" here="runs" main="page">
      <h1>{set.name}</h1>
      <p>
        Came in {utc(set.openedAt)}. <a href={`/s/${encodeURIComponent(set.id)}`}>To its photos</a>
      </p>
      {stages.length > 0 && <Stages stages={stages} />}
      <section id="audit" aria-labelledby="audit-title">
        <h2 id="audit-title">{photo === undefined ? "What happened" : `What happened to ${photo.file}`}</h2>
        <p class="acts">
          {photo !== undefined && (
            <a class="button" href={home}>
              All photos
            </a>
          )}
          <a class="button" href={`${home}/audit.csv`} download>
            Save as CSV
          </a>
          <a class="button" href={`${home}/audit.jsonl`} download>
            Save as JSON lines
          </a>
        </p>
        {lines.length === 0 ? <p class="muted">Nothing yet.</p> : <Lines home={home} set={set.id} lines={lines} />}
        {older !== undefined && (
          <p>
            <a class="button" href={older}>
              Older
            </a>
          </p>
        )}
      </section>
    </Page>
  );
};

const Stages: FC<{ readonly stages: readonly StageTimes[] }> = ({ stages }) => (
  <section id="stages" aria-labelledby="stages-title">
    <h2 id="stages-title">Stages</h2>
    <Wide of="Times of the stages">
      <table>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">Photos</th>
            <th scope="col">First done</th>
            <th scope="col">Last done</th>
            <th scope="col">From first to last</th>
          </tr>
        </thead>
        <tbody>
          {stages.map(({ stage, photos, from, to }) => (
            <tr>
              <th scope="row">{STAGE_LABELS[stage]}</th>
              <td>{photos.toLocaleString("en")}</td>
              <td>{utc(from)}</td>
              <td>{utc(to)}</td>
              <td>{about(to - from)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  </section>
);

/** Characters of what else a line holds; the files have the whole of it. */
const MOST_MORE = 160;

const Lines: FC<{ readonly home: string; readonly set: string; readonly lines: readonly AuditLine[] }> = ({
  home,
  set,
  lines,
}) => (
  <Wide of="Lines of the journal">
    <table class="audit">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">Photo</th>
          <th scope="col">By</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {runsOf(lines).map(({ line: { at, kind, photo, file, by, field, before, after, more }, photos }) => (
          <tr>
            <td>{utc(at)}</td>
            <td>
              <code>{kind}</code>
              {field === null ? "" : ` ${field}`}
            </td>
            <td>
              {photos > 1 && count(photos, "photo")}
              {photo !== null && photos === 1 && (
                <>
                  <a href={`/s/${encodeURIComponent(set)}/i/${photo}`}>{file ?? photo}</a>{" "}
                  <a class="muted" href={`${home}?photo=${photo}`}>
                    only this<span class="hidden"> {file}</span>
                  </a>
                </>
              )}
            </td>
            <td>{by ?? ""}</td>
            <td>{before ?? ""}</td>
            <td>
              {after ?? ""}
              {more !== "" && (
                <span class="muted"> {more.length > MOST_MORE ? `${more.slice(0, MOST_MORE)}…` : more}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </Wide>
);
