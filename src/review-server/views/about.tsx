import type { FC } from "hono/jsx";
import { spokenSeconds } from "../../domain/captured.ts";
import { EVERY_OTHER, MOST } from "../../domain/context.ts";
import type { ClockFix } from "../../domain/photo.ts";
import { capitalised } from "../../domain/wording-text.ts";
import type { Card, Offered } from "../cards.ts";
import { count, voidedText } from "../client/names.ts";
import { Action, type Frame } from "./layout.tsx";

interface AboutProps {
  readonly frame: Frame;
  readonly card: Card;
  /** null stands for photos without one */
  readonly cameras: readonly (string | null)[];
  /** where a person goes on after saving */
  readonly back: string;
}

export const SUBJECTS = "known-subjects";
export const LOCATIONS = "known-locations";
export const CATEGORIES = "known-categories";
export const KINDS = "known-kinds";

/** What is said about a set, to be changed for all of its photos at once. */
export const About: FC<AboutProps> = ({ frame, card, cameras, back }) => {
  const { id, name, context, shows } = card;
  return (
    <>
      <button type="button" class="quiet" command="show-modal" commandfor={`about-${id}`}>
        About …<span class="hidden"> {name}</span>
      </button>
      <dialog id={`about-${id}`} aria-labelledby={`about-${id}-title`}>
        <h2 id={`about-${id}-title`}>
          About <bdi>{name}</bdi>
        </h2>
        <form method="post" action={`/forms/sets/${id}/describe`} class="fields">
          <input type="hidden" name="csrf" value={frame.csrf} />
          <input type="hidden" name="back" value={back} />
          <Line set={id} name="subject" label="Subject" value={context.subject} most={MOST.subject} />
          <Suggested card={card} />
          <Line
            set={id}
            name="kind"
            label="Kind"
            value={context.kind}
            most={MOST.kind}
            list={KINDS}
            hint="what a model is told such photos are, which words belong to them, how long a burst pauses"
          />
          <Line
            set={id}
            name="location"
            label="Location"
            value={context.location}
            most={MOST.location}
            list={LOCATIONS}
          />
          <Line
            set={id}
            name="category"
            label="Category"
            value={context.folder}
            most={MOST.category}
            list={CATEGORIES}
            hint="a directory on the site, a part of the file name"
            required
          />
          <Line
            set={id}
            name="date"
            label="Date"
            value={context.date}
            most={10}
            hint="2026, 2026-10 or 2026-10-14; for photos that do not know their own"
            pattern="[0-9]{4}(-[0-9]{2}){0,2}"
          />
          <Line
            set={id}
            name="event"
            label="Event"
            value={context.event}
            most={MOST.event}
            hint="a name words may use: no model makes one up"
          />
          <Line
            set={id}
            name="copyright"
            label="Copyright"
            value={context.copyright}
            most={MOST.copyright}
            hint="kept with the set, not published yet"
          />
          <fieldset>
            <legend>Camera clocks</legend>
            {clockLines(cameras, context.clock ?? []).map((line, i) => (
              <ClockLine set={id} line={line} i={i} />
            ))}
          </fieldset>
          <p class="consequence">
            Saving proposes words and file names anew. <Voided card={card} /> What you wrote yourself stays, except for
            file names. A change of the copyright alone changes nothing else.
          </p>
          <div class="acts">
            <button type="submit" class="main">
              Save<span class="hidden"> what is said about {name}</span>
            </button>
            {/* After Save: Enter presses the first, and what the photographer typed is what counts. */}
            {shows.suggestion !== null && (
              <button type="submit" name="suggested" value={shows.suggestion}>
                Save with “{shows.suggestion}”
              </button>
            )}
            <button type="button" command="close" commandfor={`about-${id}`}>
              Cancel
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
};

/** Beside the photographer's own word, and never in its place. */
const Suggested: FC<{ readonly card: Card }> = ({ card: { shows } }) =>
  shows.suggestion === null ? null : (
    <p class="hint">
      A model that was told nothing saw “<bdi>{shows.suggestion}</bdi>” in {shows.by}.
    </p>
  );

/** Nobody loses an approval without having read it first; the review page keeps the number true while it is open. */
const Voided: FC<{ readonly card: Card }> = ({ card: { counts } }) => <b data-voids>{voidedText(counts.approved)}</b>;

interface LineProps {
  readonly set: string;
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly most: number;
  readonly list?: string;
  readonly hint?: string;
  readonly pattern?: string;
  readonly required?: boolean;
}

const Line: FC<LineProps> = ({ set, name, label, value = "", most, list, hint, pattern, required }) => {
  const id = `about-${set}-${name}`;
  return (
    <>
      <label for={id}>{label}</label>
      <div>
        <input
          id={id}
          type="text"
          name={name}
          value={value}
          maxlength={most}
          list={list}
          pattern={pattern}
          required={required}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          autocomplete="off"
        />
        {hint !== undefined && (
          <p id={`${id}-hint`} class="hint">
            {hint}
          </p>
        )}
      </div>
    </>
  );
};

interface Clock {
  readonly camera: string;
  readonly label: string;
  /** above zero: ahead */
  readonly seconds: number;
}

/** A line for each camera found or corrected, and one for all others where there are such. */
function clockLines(found: readonly (string | null)[], fixes: readonly ClockFix[]): Clock[] {
  const offOf = (camera: string | null): number => fixes.find((fix) => fix.camera === camera)?.aheadSeconds ?? 0;
  const named = [...new Set([...fixes.map(({ camera }) => camera), ...found])].filter((camera) => camera !== null);
  const others = { camera: EVERY_OTHER, label: named.length === 0 ? "Every camera" : "Every other camera" };
  const needsOthers = named.length === 0 || found.includes(null) || offOf(null) !== 0;
  return [
    ...named.map((camera) => ({ camera, label: camera, seconds: offOf(camera) })),
    ...(needsOthers ? [{ ...others, seconds: offOf(null) }] : []),
  ];
}

const ClockLine: FC<{ readonly set: string; readonly line: Clock; readonly i: number }> = ({ set, line, i }) => {
  const id = `about-${set}-off-${i}`;
  return (
    <div class="clock">
      <input type="hidden" name={`camera-${i}`} value={line.camera} />
      <label for={id}>
        <bdi>{line.label}</bdi> was
      </label>
      <input
        id={id}
        type="text"
        name={`off-${i}`}
        value={line.seconds === 0 ? "" : spokenSeconds(line.seconds)}
        placeholder="1 h 2 min"
        maxlength={40}
        pattern="(\s*[0-9]+\s*(d|h|min|s)\s*)+"
        title="days, hours, minutes and seconds: 1 d 2 h 3 min 4 s"
        autocomplete="off"
      />
      <select name={`way-${i}`} aria-label={`${line.label}: ahead or behind`}>
        <option value="ahead" selected={line.seconds >= 0}>
          ahead
        </option>
        <option value="behind" selected={line.seconds < 0}>
          behind
        </option>
      </select>
    </div>
  );
};

/** The words that are offered in the fields of every dialog on the page. */
export const KnownWords: FC<{ readonly known: Offered }> = ({ known }) => (
  <>
    <Known id={SUBJECTS} words={known.subjects} />
    <Known id={LOCATIONS} words={known.locations} />
    <Known id={CATEGORIES} words={known.categories} />
    <Known id={KINDS} words={known.kinds} />
  </>
);

/** More than these no list shows in a useful way. */
const MOST_LISTED = 500;

const Known: FC<{ readonly id: string; readonly words: readonly string[] }> = ({ id, words }) => (
  <datalist id={id}>
    {words.slice(0, MOST_LISTED).map((word) => (
      <option value={word} />
    ))}
  </datalist>
);

/** A place or category nobody used before: taken as it is, and asked about. Where positions say more, that is offered. */
export const NewWords: FC<{ readonly frame: Frame; readonly card: Card; readonly back: string }> = ({
  frame,
  card,
  back,
}) =>
  card.newWords.length + card.takenNear.length === 0 ? null : (
    <ul class="news">
      {card.takenNear.map(({ place, photos }) => (
        <li>
          <span>
            {photos} {photos === 1 ? "photo was" : "photos were"} taken near
          </span>
          <span class="offer">
            <b>
              <bdi>{place}</bdi>
            </b>
            <Action
              frame={frame}
              to={`/sets/${card.id}/describe`}
              values={{ location: place, back }}
              label="Use it"
              of={`(${place}) as the location of ${card.name}`}
            />
          </span>
          <Voided card={card} />
        </li>
      ))}
      {card.newWords.map(({ field, value, near }) => (
        <li>
          <span>
            New {field} “<bdi>{value}</bdi>”{near.length > 0 && ": did you mean"}
          </span>
          {near.map((word) => (
            <span class="offer">
              <b>
                <bdi>{word}</bdi>?
              </b>
              <Action
                frame={frame}
                to={`/sets/${card.id}/describe`}
                values={{ [field]: word, back }}
                label="Use it"
                of={`(${word}) in ${card.name}`}
              />
            </span>
          ))}
          {near.length > 0 && <Voided card={card} />}
        </li>
      ))}
    </ul>
  );

/** What speaks against the subject of a set, and what a model saw in its place. It holds up no photo. */
export const Doubts: FC<{ readonly frame: Frame; readonly card: Card; readonly back: string }> = ({
  frame,
  card,
  back,
}) => {
  const { suggestion, by, flaws, parts } = card.shows;
  const isOffered = suggestion !== null && flaws.some(({ rule }) => rule.startsWith("SUBJ"));
  if (flaws.length === 0 && parts.length === 0 && card.unusual === null) return null;
  return (
    <ul class="news">
      {card.unusual !== null && (
        <li>
          <span>
            {capitalised(card.unusual)} <span class="muted">BATCH-RATE</span>
          </span>
        </li>
      )}
      {flaws.map(({ rule, why }) => (
        <li>
          <span>
            {capitalised(why)} <span class="muted">{rule}</span>
          </span>
        </li>
      ))}
      {isOffered && (
        <li>
          <span>
            Seen in {by}: “<bdi>{suggestion}</bdi>”
          </span>
          <Action
            frame={frame}
            to={`/sets/${card.id}/describe`}
            values={{ subject: suggestion, back }}
            label="Use it"
            of={`(${suggestion}) in ${card.name}`}
          />
          <Voided card={card} />
        </li>
      )}
      {parts.length > 0 && (
        <li>
          <span>It seems to show different things: {parts.map(partText).join(", ")}</span>
          {parts.map((part, i) => (
            <SplitOff frame={frame} card={card} part={part} id={`split-${i}`} />
          ))}
        </li>
      )}
    </ul>
  );
};

const partText = ({ subject, photos }: Card["shows"]["parts"][number]): string =>
  `${subject} (${count(photos.length, "photo")})`;

interface SplitOffProps {
  readonly frame: Frame;
  readonly card: Card;
  readonly part: Card["shows"]["parts"][number];
  readonly id: string;
}

/** Says what becomes of it, then asks: which photo belongs where is a guess. */
const SplitOff: FC<SplitOffProps> = ({ frame, card: { id: set, name }, part, id }) => (
  <>
    <button type="button" command="show-modal" commandfor={id}>
      <span>
        Split off “<bdi>{part.subject}</bdi>” …
      </span>
    </button>
    <dialog id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        Make “<bdi>{part.subject}</bdi>” a set of its own?
      </h2>
      <p>
        {count(part.photos.length, "photo goes", "photos go")} from <bdi>{name}</bdi> into a set that follows it, with “
        <bdi>{part.subject}</bdi>” as its subject. Words and file names are made anew there, and approvals are taken
        back; what you wrote yourself stays, except for file names. The other photos keep theirs.
      </p>
      <p>Which photo belongs where is a guess from how they look. Undo does not put the two together again.</p>
      <div class="acts">
        <form method="dialog">
          <button type="submit" autofocus>
            Cancel
          </button>
        </form>
        <Action
          frame={frame}
          to={`/sets/${set}/split`}
          values={{ part: part.subject, back: `/s/${set}` }}
          kind="main"
          label="Split off"
          of={`“${part.subject}” of ${name}`}
        />
      </div>
    </dialog>
  </>
);
