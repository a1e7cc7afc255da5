import type { FC } from "hono/jsx";
import type { PhotoSet } from "../../domain/photo.ts";
import type { PhotoId } from "../../domain/words.ts";
import type { Card, Offered } from "../cards.ts";
import { About, Doubts, KnownWords, NewWords } from "./about.tsx";
import { CorrectDialog } from "./correct.tsx";
import { Icon } from "./icons.tsx";
import { type Frame, Page } from "./layout.tsx";
import { Panel, Versions } from "./panel.tsx";
import { RejectDialog } from "./reject.tsx";

interface ReviewProps {
  readonly frame: Frame;
  readonly set: PhotoSet;
  readonly card: Card;
  readonly cameras: readonly (string | null)[];
  readonly known: Offered;
  /** the photo of the address, if it has one */
  readonly photo: PhotoId | undefined;
  readonly secondLookPercent: number;
  readonly countsSittings: boolean;
  /** what short forms stand for */
  readonly snippets: Readonly<Record<string, string>>;
}

/**
 * The frame of the review: the island fills the grid and the loupe, and keeps the footer and the chip up to date. Without
 * script, the browser goes on to the plain list.
 */
export const Review: FC<ReviewProps> = ({
  frame,
  set,
  card,
  cameras,
  known,
  photo,
  secondLookPercent,
  countsSittings,
  snippets,
}) => (
  <Page
    frame={frame}
    title={`${set.name} · Review`}
    script="review.js"
    here="review"
    main="review"
    plain={`/s/${set.id}/plain${photo === undefined ? "" : `/${photo}`}`}
    trail={
      <>
        <h1 class="trail">
          <bdi>{set.name}</bdi> <span class="hidden">review</span>
        </h1>
        {card.counts.released === 0 && <About frame={frame} card={card} cameras={cameras} back={`/s/${set.id}`} />}
        <span id="proved" class="muted"></span>
        <span class="space" />
        <button type="button" id="chip" class="chip" data-state="saved" hidden>
          Saved
        </button>
        <button type="button" id="help" class="key scripted" data-command="help.sheet" aria-label="Keys">
          <kbd data-key="help.sheet">?</kbd>
        </button>
      </>
    }
    bar={
      <>
        <KnownWords known={known} />
        <ul id="snippets" hidden>
          {Object.entries(snippets).map(([short, text]) => (
            <li data-short={short}>{text}</li>
          ))}
        </ul>
        <section class="noted" aria-label="What is doubtful about this set">
          <NewWords frame={frame} card={card} back={`/s/${set.id}`} />
          <Doubts frame={frame} card={card} back={`/s/${set.id}`} />
        </section>
        <Bar set={set} />
      </>
    }
    footer={<Footer />}
  >
    <div
      id="desk"
      class="desk"
      data-set={set.id}
      data-photo={photo}
      data-count={card.counts.photos}
      data-second-look={secondLookPercent}
      data-counts-sittings={countsSittings ? "yes" : undefined}
      data-by-stage={card.stages.map(({ name }) => name).join(" ")}
      hidden
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a table cannot take its rows from where they went out of sight */}
      <div id="grid" class="grid" role="grid" tabindex={0} aria-label="Photos" aria-multiselectable="true">
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div id="rows" class="rows" role="rowgroup"></div>
      </div>
      <p id="empty" class="empty" hidden></p>
      <section id="loupe" class="loupe" aria-label="Loupe" hidden>
        <figure id="stage">
          <img id="photo" alt="" decoding="async" />
          <figcaption id="photo-missing" hidden></figcaption>
          <span id="zoom-level" hidden></span>
        </figure>
        <Versions />
        <Panel />
      </section>
      <Bulk />
      <Decide />
    </div>
    <BulkDialog />
    <p id="paused" class="paused" role="status" hidden>
      Paused. Any key continues
    </p>
    <dialog id="overrule" aria-labelledby="overrule-title">
      <form id="overrule-form" method="dialog">
        <h2 id="overrule-title">Overrule a rule</h2>
        <p>
          The photo can be approved although the rule is broken. What you say is kept and shown; it is not published.
        </p>
        <fieldset>
          <legend>The rule that does not count for this photo</legend>
          <div id="overrule-rules"></div>
        </fieldset>
        <p>
          <label for="overrule-reason">Why</label>
          <input id="overrule-reason" type="text" maxlength={300} autocomplete="off" required />
        </p>
        <div class="acts">
          <button type="submit" class="main">
            Overrule
          </button>
          <button type="submit" value="cancel" formnovalidate>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
    <RejectDialog />
    <CorrectDialog />
    <dialog id="sheet" aria-labelledby="sheet-title">
      <h2 id="sheet-title">Keys</h2>
      <div id="sheet-body"></div>
      <div class="acts">
        <form method="dialog">
          <button type="submit">Close</button>
        </form>
        <span class="space" />
        <a href={`/s/${set.id}/plain`}>The list without script</a>
      </div>
    </dialog>
  </Page>
);

const SHOWS = [
  ["all", "All"],
  ["undecided", "Undecided"],
  ["wished", "Wished"],
  ["approved", "Approved"],
  ["rejected", "Rejected"],
  ["held", "Held"],
  ["culled", "Left out"],
  ["blocked", "Blocked"],
  ["repaired", "Repaired"],
  ["template", "Template"],
] as const;

const Bar: FC<{ readonly set: PhotoSet }> = ({ set }) => (
  <nav class="bar scripted" aria-label="Photos of this set">
    <div class="chips" id="shows">
      {SHOWS.map(([show, label]) => (
        <button type="button" data-show={show} aria-pressed={show === "all" ? "true" : "false"}>
          {label} <b></b>
        </button>
      ))}
    </div>
    <input
      id="filter"
      type="search"
      data-text="filter"
      placeholder="Filter: heron band:Top -edited"
      aria-label="Filter"
      autocomplete="off"
      spellcheck={false}
    />
    <label class="order">
      <span class="hidden">Order</span>
      <select id="order" title="Order">
        <option value="taken">As taken</option>
        <option value="attention">Attention first</option>
      </select>
      <kbd data-key="attention.order" />
    </label>
    <span id="hides" class="muted"></span>
    <button type="button" id="unhide" class="link" data-command="filter.clear" hidden>
      Clear<span class="hidden"> the filter</span>
    </button>
    <span class="space" />
    <span id="progress" class="muted"></span>
    <button type="button" id="wishes" class="button" data-command="wish.confirm" hidden>
      <span></span> <kbd data-key="wish.confirm" />
    </button>
    <a class="button" href={`/s/${set.id}/groups`}>
      Alike
    </a>
    <button type="button" id="second-look" class="button" data-command="second.look" hidden>
      Second look …
    </button>
    <a id="publish" class="button" href={`/s/${set.id}/publish`}>
      Publish …
    </a>
  </nav>
);

const VERBS = [
  ["approve", "Approve", "approved"],
  ["reject", "Reject", "rejected"],
  ["hold", "Hold", "held"],
  ["clear", "Clear", "undecided"],
] as const;

/** The same four acts for mouse and touch, in grid and loupe. */
const Decide: FC = () => (
  <div class="decide" role="toolbar" aria-label="Decide">
    <button type="button" data-command="step.back" aria-label="Previous image">
      ‹
    </button>
    {VERBS.map(([verb, label, shape]) => (
      <button type="button" data-command={`decide.${verb}`} data-verdict={verb === "clear" ? undefined : shape}>
        <Icon name={shape} /> {label} <kbd data-key={`decide.${verb}`} />
      </button>
    ))}
    <button type="button" data-command="correct.open" class="only-wide">
      Put right … <kbd data-key="correct.open" />
    </button>
    <button type="button" data-command="step.on" aria-label="Next image">
      ›
    </button>
    <button type="button" data-command="crop.open" class="only-wide">
      Crop <kbd data-key="crop.open" />
    </button>
    <button type="button" data-command="loupe.toggle" class="only-wide">
      <span id="toggle-label">Loupe</span> <kbd data-key="loupe.open" />
    </button>
  </div>
);

/** What can be done to a whole selection; the four acts below are about it as well. */
const Bulk: FC = () => (
  <div id="selection" class="bulk" hidden>
    <span id="selected" aria-live="polite"></span>
    <span id="bulk" class="acts">
      <label>
        <span class="hidden">Quality of the selected photos</span>
        <select id="bulk-quality">
          <option value="">Quality …</option>
          {["Top", "Good", "Average", "Low", "Very Low"].map((band) => (
            <option value={band}>{band}</option>
          ))}
          <option value="measured">As measured</option>
        </select>
      </label>
      <button type="button" data-command="bulk.words">
        Change words …
      </button>
    </span>
    <button type="button" class="quiet" data-command="select.none">
      Deselect <kbd data-key="nav.up" />
    </button>
  </div>
);

const BulkDialog: FC = () => (
  <dialog id="bulk-dialog" class="bulk-dialog" aria-labelledby="bulk-title">
    <form id="bulk-form" method="dialog">
      <h2 id="bulk-title">Change words</h2>
      <div class="pair">
        <p>
          <label for="bulk-kind">What</label>
          <select id="bulk-kind">
            <option value="add-keyword">Add a keyword</option>
            <option value="remove-keyword">Remove a keyword</option>
            <option value="replace-caption">Replace in the caption</option>
            <option value="subject">Set the subject</option>
            <option value="location">Set the location</option>
          </select>
        </p>
        <p>
          <label for="bulk-what" id="bulk-what-label">
            Keyword
          </label>
          <input id="bulk-what" type="text" maxlength={300} autocomplete="off" />
        </p>
        <p id="bulk-by-field" hidden>
          <label for="bulk-by">Replace it with</label>
          <input id="bulk-by" type="text" maxlength={300} autocomplete="off" />
        </p>
      </div>
      <p id="bulk-sum" aria-live="polite"></p>
      <ul id="bulk-preview" class="bulk-preview" tabindex={0} aria-label="Each change"></ul>
      <p id="bulk-more" class="muted"></p>
      <div class="acts">
        <button type="submit" id="bulk-apply" class="main" disabled>
          Change
        </button>
        <button type="submit" value="cancel" formnovalidate>
          Cancel
        </button>
      </div>
    </form>
  </dialog>
);

export const Footer: FC = () => (
  <>
    <span id="last" class="last"></span>
    <button type="button" id="undo" class="link" hidden>
      Undo <kbd data-key="undo" />
    </button>
    <span class="space" />
    <span id="where" class="where"></span>
    <span id="left"></span>
    <span id="pace" class="pace"></span>
    <span id="keys" class="keys"></span>
  </>
);
