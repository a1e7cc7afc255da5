import type { FC } from "hono/jsx";
import type { PhotoSet } from "../../domain/photo.ts";
import { lookedText } from "../../domain/screenful.ts";
import type { Plan } from "../../store/releases.ts";
import type { Card } from "../cards.ts";
import { count, croppedText, listed } from "../client/names.ts";
import type { Row } from "../rows.ts";
import { Hold } from "./card.tsx";
import { Icon } from "./icons.tsx";
import { Action, type Frame, Page } from "./layout.tsx";

interface PublishProps {
  readonly frame: Frame;
  readonly set: PhotoSet;
  readonly card: Card;
  readonly plan: Plan;
  readonly rows: readonly Row[];
}

/** What pressing Publish would do, to the letter; below it, what was published before. */
export const Publish: FC<PublishProps> = ({ frame, set, card, plan, rows }) => (
  <Page
    frame={frame}
    title={`Publish ${set.name} · Photogate`}
    script="pages.js"
    here="sets"
    main="page"
    trail={
      <p class="trail">
        <a href={`/s/${set.id}`}>
          <bdi>{set.name}</bdi>
        </a>
      </p>
    }
  >
    <h1>
      Publish <bdi>{set.name}</bdi>
    </h1>
    {(plan.photos.length > 0 || card.counts.released === 0) && (
      <DryRun frame={frame} set={set} plan={plan} rows={rows} />
    )}
    {card.counts.released > 0 && <Released card={card} rows={rows} frame={frame} />}
  </Page>
);

const DryRun: FC<Omit<PublishProps, "card">> = ({ frame, set, plan, rows }) => {
  const shown = new Map(rows.map((row) => [row.id, row]));
  const { undecided, rejected, held, culled, published } = plan.leftOut;
  const leftOut = listed([
    [undecided, "undecided"],
    [rejected, "rejected"],
    [held, "held"],
    [culled, "left out"],
    [published, "released before"],
  ]);
  return (
    <section aria-labelledby="plan-title">
      <h2 id="plan-title">{count(plan.photos.length, "photo")} to publish</h2>
      <p class="muted">{leftOut === "" ? "Nothing is left out." : `Not in it: ${leftOut}.`}</p>
      {plan.photos.length === 0 ? (
        <p class="empty">No photo is approved and unpublished. Approve some first.</p>
      ) : (
        <>
          <p id="looked">{lookedText(plan.looked)}</p>
          <Proved words={plan.words} />
          <ul class="plan">
            {plan.photos.map(({ photo, final, full }) => (
              <li>
                <img src={shown.get(photo)?.previews?.small ?? ""} alt="" loading="lazy" decoding="async" />
                <div>
                  <p>
                    <b class="path">{final.name}</b>
                  </p>
                  <p class="muted path">/{full} + thumbnail</p>
                  <p>{final.caption === "" ? <em class="warn">no caption</em> : final.caption}</p>
                  <Cut row={shown.get(photo)} />
                  <p class="muted">
                    {count(final.keywords.length, "keyword")} · {final.band}
                    {final.partial ? " (partial: published without a figure)" : ` ${final.qr.toFixed(2)}`}
                  </p>
                </div>
              </li>
            ))}
          </ul>
          <div class="acts sticky">
            <a class="button" id="cancel" href={`/s/${set.id}`}>
              Cancel
            </a>
            <Action
              frame={frame}
              to={`/sets/${set.id}/publish`}
              values={{ hash: plan.hash }}
              kind="main"
              label={`Publish ${count(plan.photos.length, "photo")}`}
            />
          </div>
        </>
      )}
    </section>
  );
};

/** The picture beside it is whole: that less of it goes out has to be said. */
const Cut: FC<{ readonly row: Row | undefined }> = ({ row }) =>
  row === undefined || row.crop === null ? null : <p>Cropped to {croppedText(row)}</p>;

/** On what grounds the words would go out. */
const Proved: FC<Pick<Plan, "words">> = ({ words: { summary, blocked, overruled } }) => (
  <>
    <p id="proved">
      Words: {summary}.{blocked > 0 && ` ${count(blocked, "photo")} left out because of blocked words.`}
    </p>
    {overruled.length > 0 && (
      <>
        <p>You overruled:</p>
        <ul>
          {overruled.map(({ file, rule, reason }) => (
            <li>
              <span class="path">{file}</span>: {rule}, because: {reason}
            </li>
          ))}
        </ul>
      </>
    )}
  </>
);

const Released: FC<Pick<PublishProps, "card" | "rows" | "frame">> = ({ card, rows, frame }) => {
  const { released, published, archived } = card.counts;
  const isDone = archived >= released;
  return (
    <section id="released" data-live={`set:${card.id}`} aria-labelledby="released-title">
      <h2 id="released-title">
        <Icon name={isDone ? "approved" : "working"} /> Published {published}/{released}
      </h2>
      <p>
        <progress class="wide" max={released} value={published} aria-label="Published" />
      </p>
      <p>
        {isDone
          ? "Done. Every file was read back and compared after it was written."
          : card.hold === null && "This goes on by itself; you can close the page."}
      </p>
      {card.hold !== null && (
        <>
          <Hold hold={card.hold} />
          <Action
            frame={frame}
            to={`/sets/${card.id}/retry`}
            values={{ back: `/s/${card.id}/publish` }}
            kind="main"
            label="Try again"
          />
        </>
      )}
      <ul class="plan">
        {rows
          .filter((row) => row.released)
          .map((row) => (
            <li>
              <img src={row.previews?.small ?? ""} alt="" loading="lazy" decoding="async" />
              <div>
                <p>
                  <b class="path">{row.name}</b>{" "}
                  <span class="state">
                    <Icon name={row.published === null ? "working" : "published"} />{" "}
                    {row.published === null ? "released, in line" : "published"}
                  </span>
                </p>
                {row.published !== null && (
                  <p class="path">
                    <Address url={row.published.url} />
                  </p>
                )}
                <p>{row.caption}</p>
              </div>
            </li>
          ))}
      </ul>
    </section>
  );
};

const Address: FC<{ readonly url: string }> = ({ url }) =>
  url.startsWith("http") ? (
    <a href={url} rel="noreferrer">
      {url}
    </a>
  ) : (
    <span>{url}</span>
  );
