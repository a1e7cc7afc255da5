import type { FC } from "hono/jsx";
import type { Arrival } from "../../domain/arrival.ts";
import type { Card, Offered } from "../cards.ts";
import { count, STAGE_LABELS } from "../client/names.ts";
import type { InboxView } from "../deps.ts";
import { KnownWords } from "./about.tsx";
import { SetCard } from "./card.tsx";
import { Icon } from "./icons.tsx";
import { Arriving, Inbox } from "./inbox.tsx";
import { type Frame, Page } from "./layout.tsx";

interface HomeProps {
  readonly frame: Frame;
  readonly cards: readonly Card[];
  readonly inboxes: readonly InboxView[];
  /** small pictures of a set, by its id */
  readonly covers: (card: Card) => readonly string[];
  /** the folder originals can be moved to; null if there is none */
  readonly archive: string | null;
  readonly cameras: (card: Card) => readonly (string | null)[];
  readonly known: Offered;
}

/** The order in which sets ask for attention. */
const SECTIONS = [
  { id: "needs-you", title: "Needs you", states: ["ready", "in_review"] },
  { id: "working", title: "Working", states: ["queued", "processing", "publishing"] },
  { id: "problem", title: "Problem", states: ["held"] },
  { id: "done", title: "Done", states: ["done"] },
] as const satisfies readonly { id: string; title: string; states: readonly Card["state"][] }[];

export const Home: FC<HomeProps> = ({ frame, cards, inboxes, covers, cameras, known, archive }) => {
  const waiting = cards.filter(({ state }) => state === "ready" || state === "in_review").length;
  const arrivals = inboxes.flatMap((inbox) => inbox.arrivals);
  const isIdle = cards.every(({ state }) => state === "done") && arrivals.length === 0;
  return (
    <Page
      frame={frame}
      title={`${waiting > 0 ? `(${waiting}) ` : ""}Sets · Photogate`}
      script="pages.js"
      here="sets"
      main="page"
    >
      <h1>Sets</h1>
      <KnownWords known={known} />
      <div id="inboxes" data-live="all">
        <Resumed cards={cards} />
        {inboxes.length === 0 && <p class="empty">No folder is being watched. Add one.</p>}
        <ul class="inboxes">
          {inboxes.map((inbox) => (
            <Inbox frame={frame} inbox={inbox} />
          ))}
        </ul>
      </div>
      <div id="sets" data-live="all">
        {waiting === 0 && isIdle && <Nothing cards={cards} inboxes={inboxes} />}
        {SECTIONS.map(({ id, title, states }) => (
          <Section
            frame={frame}
            id={id}
            title={title}
            covers={covers}
            archive={archive}
            cameras={cameras}
            arrivals={id === "working" ? arrivals : []}
            isOnlyInbox={inboxes.length === 1}
            cards={cards.filter(({ state }) => states.some((one) => one === state))}
          />
        ))}
      </div>
    </Page>
  );
};

interface SectionProps extends Pick<HomeProps, "frame" | "cards" | "covers" | "cameras" | "archive"> {
  readonly id: string;
  readonly title: string;
  readonly arrivals: readonly Arrival[];
  readonly isOnlyInbox: boolean;
}

const Section: FC<SectionProps> = ({ frame, id, title, arrivals, isOnlyInbox, cards, covers, cameras, archive }) =>
  cards.length + arrivals.length === 0 ? null : (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        {title} <span class="muted">({cards.length + arrivals.length})</span>
      </h2>
      {arrivals.map((arrival) => (
        <Arriving frame={frame} arrival={arrival} isOnly={isOnlyInbox} />
      ))}
      {cards.toReversed().map((card) => (
        <SetCard frame={frame} card={card} covers={covers(card)} cameras={cameras} archive={archive} />
      ))}
    </section>
  );

/** After an unclean end: which sets were taken up, and where. */
const Resumed: FC<{ readonly cards: readonly Card[] }> = ({ cards }) => {
  const resumed = cards.flatMap(({ id, name, resumedFrom }) =>
    resumedFrom === null ? [] : [{ id, name, resumedFrom }],
  );
  return resumed.length === 0 ? null : (
    <div class="banner" role="note">
      <p>
        <Icon name="working" /> The last run was cut off. Nothing was lost;{" "}
        {count(resumed.length, "set was", "sets were")} taken up again:
      </p>
      <ul>
        {resumed.map(({ id, name, resumedFrom }) => (
          <li>
            <a href={`/s/${id}`}>
              <bdi>{name}</bdi>
            </a>{" "}
            at {STAGE_LABELS[resumedFrom]}
          </li>
        ))}
      </ul>
    </div>
  );
};

const Nothing: FC<Pick<HomeProps, "cards" | "inboxes">> = ({ cards, inboxes }) => {
  const [inbox] = inboxes;
  const last = cards.filter(({ state }) => state === "done").at(-1);
  return (
    <div class="empty">
      <p class="big">Nothing to review.</p>
      {inbox !== undefined && (
        <p>
          Drop photos into <bdi class="path">{inbox.path}</bdi>.
        </p>
      )}
      {last !== undefined && (
        <p class="muted">
          Last set: <bdi>{last.name}</bdi>, {last.counts.published} published.
        </p>
      )}
    </div>
  );
};
