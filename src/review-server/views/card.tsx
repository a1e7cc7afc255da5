import type { FC } from "hono/jsx";
import { MOST } from "../../domain/context.ts";
import { CAPTIONERS } from "../../domain/photo.ts";
import { type Tally, tallyLine } from "../../domain/proof-tally.ts";
import { type Millis, SECOND, sizeText } from "../../domain/words.ts";
import type { Card } from "../cards.ts";
import { about, count, listed, STAGE_LABELS, STATE_LABELS } from "../client/names.ts";
import { About, NewWords } from "./about.tsx";
import { Icon, type Shape } from "./icons.tsx";
import { Action, type Frame } from "./layout.tsx";

interface CardProps {
  readonly frame: Frame;
  readonly card: Card;
  readonly covers: readonly string[];
  readonly cameras: (card: Card) => readonly (string | null)[];
  /** the folder originals can be moved to; null if there is none */
  readonly archive: string | null;
}

/** One set: what happened to it in words, how far it is, and the next act. */
export const SetCard: FC<CardProps> = ({ frame, card, covers, cameras, archive }) => (
  <article id={`set-${card.id}`} class={`card ${card.state}`} aria-labelledby={`name-${card.id}`}>
    <div class="covers">
      {covers.length === 0 ? (
        <span class="tile" />
      ) : (
        covers.map((src) => <img src={src} alt="" loading="lazy" decoding="async" />)
      )}
    </div>
    <div class="about">
      <h3 id={`name-${card.id}`}>
        <a href={`/s/${card.id}`}>
          <bdi>{card.name}</bdi>
        </a>
        <span class="state">
          <Icon name={SHAPE_OF[card.state]} /> {STATE_LABELS[card.state]}
        </span>
      </h3>
      <p class="muted">{summary(card)}</p>
      <Proof tally={card.proof} />
      {card.unusual !== null && <p class="note">{unusualText(card.unusual)}</p>}
      {card.counts.partial > 0 && <p class="muted">{figures(card)}</p>}
      {card.follows !== null && (
        <p class="note">
          {card.splitOff ? "Was split off " : "Came after the review of "}
          <a href={`/s/${card.follows.id}`}>
            <bdi>{card.follows.name}</bdi>
          </a>
          {card.splitOff ? "." : " had begun; follows it."}
        </p>
      )}
      {card.rewritten.photos > 0 && <p class="note">{rewrittenText(card.rewritten)}</p>}
      {card.resumedFrom !== null && card.state !== "done" && (
        <p class="note">The last run was cut off; taken up at {STAGE_LABELS[card.resumedFrom]}.</p>
      )}
      {card.stages.some(({ done, total }) => done < total) && <Stages card={card} />}
      {card.state === "publishing" && <Publishing card={card} />}
      {card.state === "in_review" && <Decided card={card} />}
      {card.hold !== null && <Hold hold={card.hold} />}
      {card.hold !== null && isOfCaptioner(card.hold) && card.counts.released === 0 && (
        <WithoutIt frame={frame} card={card} />
      )}
      {card.clearing && card.hold === null && <p class="note">Its working copies are being cleared.</p>}
      {card.clearedAt !== null && card.clearedBytes !== null && (
        <p class="muted">
          Cleared on {dayOf(card.clearedAt)}: {sizeText(card.clearedBytes)} freed. It can be looked at, not worked on.
        </p>
      )}
      <NewWords frame={frame} card={card} back="/" />
    </div>
    <Acts frame={frame} card={card} cameras={cameras} archive={archive} />
  </article>
);

const unusualText = (why: string): string =>
  `Words: ${why}. Look at the model, and at what is said of the set. BATCH-RATE`;

/** Nothing of a set that has no words yet. */
const Proof: FC<{ readonly tally: Tally }> = ({ tally }) =>
  Object.values(tally).every((n) => n === 0) ? null : (
    <p class="muted">
      {tally.blocked > 0 && <Icon name="blocked" />} Words: {tallyLine(tally)}
    </p>
  );

const SHAPE_OF: Readonly<Record<Card["state"], Shape>> = {
  queued: "undecided",
  processing: "working",
  ready: "undecided",
  in_review: "undecided",
  publishing: "published",
  done: "approved",
  held: "problem",
};

function summary({ counts, etaSec, state }: Card): string {
  const parts = listed([
    // Past the gate the wished ones are among the undecided.
    [state === "queued" || state === "processing" ? 0 : counts.undecided - counts.wished, "undecided"],
    [counts.wished, "wished"],
    [counts.approved, "approved"],
    [counts.rejected, "rejected"],
    [counts.held, "held"],
    [counts.published, "published"],
    [counts.culled, "left out"],
  ]);
  const eta = etaSec === null ? "" : ` · ${about(etaSec * SECOND)} left`;
  return `${count(counts.photos, "photo")}${parts === "" ? "" : ` · ${parts}`}${eta}`;
}

const rewrittenText = ({ photos, approvals }: Card["rewritten"]): string =>
  `The words of ${count(photos, "photo")} were written anew, because the model failed its test picture.${
    approvals === 0 ? "" : ` ${count(approvals, "approval was", "approvals were")} of the words before, and taken back.`
  }`;

/** A figure without all of its metrics is not one of the others. */
const figures = ({ counts: { rated, partial } }: Card): string =>
  `Quality figures: ${listed([
    [rated - partial, "full"],
    [partial, "partial"],
  ])}`;

export const Stages: FC<{ readonly card: Card }> = ({ card }) => (
  <ol class="stages">
    {card.stages.map(({ name, done, total }) => (
      <li class={done >= total && total > 0 ? "complete" : undefined}>
        <label>
          {STAGE_LABELS[name]}{" "}
          <span class="muted">
            {Math.min(done, total)}/{total}
          </span>
          <progress max={Math.max(total, 1)} value={Math.min(done, total)}>
            {done} of {total}
          </progress>
        </label>
      </li>
    ))}
  </ol>
);

const Publishing: FC<{ readonly card: Card }> = ({ card: { counts } }) => (
  <label class="meter">
    Published {counts.published}/{counts.released}
    <progress max={Math.max(counts.released, 1)} value={counts.published} />
  </label>
);

const Decided: FC<{ readonly card: Card }> = ({ card: { counts } }) => {
  const all = counts.photos - counts.culled;
  const decided = all - counts.undecided;
  return (
    <label class="meter">
      Decided {decided}/{all}
      <progress max={Math.max(all, 1)} value={decided} />
    </label>
  );
};

export const Hold: FC<{ readonly hold: NonNullable<Card["hold"]> }> = ({ hold }) => (
  <div class="hold">
    <p>
      <Icon name="problem" /> Held at {STAGE_LABELS[hold.stage]}: {hold.why} <code>{hold.code}</code>
    </p>
    {hold.remedy !== "" && <p>{hold.remedy}</p>}
    <p class="muted">
      {hold.retryAt !== null && "It tries again by itself. "}
      {hold.namesReserved > 0 && `${count(hold.namesReserved, "name stays", "names stay")} reserved for it meanwhile.`}
    </p>
  </div>
);

const isOfCaptioner = ({ code }: NonNullable<Card["hold"]>): boolean => code.startsWith("captioner.");

/** A set that waits for a model need not: plain words, another model, or back to before it was taken in. */
const WithoutIt: FC<{ readonly frame: Frame; readonly card: Card }> = ({ frame, card: { id, name, context } }) => (
  <div class="acts without">
    <Action
      frame={frame}
      to={`/sets/${id}/describe`}
      values={{ captioner: "template", back: "/" }}
      label="Go on with the template"
      of={`for ${name}`}
    />
    <form method="post" action={`/forms/sets/${id}/describe`} class="action">
      <input type="hidden" name="csrf" value={frame.csrf} />
      <input type="hidden" name="back" value="/" />
      <label>
        Another model{" "}
        <input
          type="text"
          name="model"
          value={context.model ?? ""}
          maxlength={MOST.model}
          placeholder="gemma4:e4b"
          required
          autocomplete="off"
        />
      </label>
      <select name="captioner" aria-label={`who is asked about ${name}`}>
        {CAPTIONERS.filter((one) => one !== "template").map((one) => (
          <option value={one} selected={one === context.captioner}>
            {one}
          </option>
        ))}
      </select>
      <button type="submit">
        Ask it<span class="hidden"> about {name}</span>
      </button>
    </form>
  </div>
);

const Acts: FC<Omit<CardProps, "covers">> = ({ frame, card, cameras, archive }) => {
  const { id, name, state, counts, hold } = card;
  // Both are of the whole set, and what is out stays as it is.
  const isWhole = counts.released === 0;
  return (
    <div class="acts">
      {state === "held" && <Action frame={frame} to={`/sets/${id}/retry`} kind="main" label="Try again" of={name} />}
      {hold?.stage === "publish" && (
        <Action frame={frame} to={`/sets/${id}/reopen`} kind="plain" label="Back to review" of={name} />
      )}
      <a class={`button ${state === "ready" || state === "in_review" ? "main" : ""}`} href={`/s/${id}`}>
        {state === "in_review" ? "Continue" : state === "ready" ? "Review" : "Look"}
        <span class="hidden"> {name}</span>
      </a>
      {counts.approved > 0 && (
        <a class="button" href={`/s/${id}/publish`}>
          Publish {counts.approved} …<span class="hidden"> of {name}</span>
        </a>
      )}
      {counts.approved === 0 && counts.released > 0 && (
        <a class="button" href={`/s/${id}/publish`}>
          {counts.published < counts.released
            ? `Publishing ${counts.published}/${counts.released}`
            : `Published ${counts.published}`}
          <span class="hidden"> of {name}</span>
        </a>
      )}
      {isWhole && <About frame={frame} card={card} cameras={cameras(card)} back="/" />}
      {isWhole && <RollBack frame={frame} card={card} />}
      {card.clearable !== null && <Clear frame={frame} card={card} clearable={card.clearable} archive={archive} />}
    </div>
  );
};

const dayOf = (at: Millis): string => new Date(at).toISOString().slice(0, 10);

interface ClearProps extends Omit<CardProps, "covers" | "cameras"> {
  readonly clearable: NonNullable<Card["clearable"]>;
}

/** Says what it frees, then asks. */
const Clear: FC<ClearProps> = ({ frame, card: { id, name, counts }, clearable, archive }) => (
  <>
    <button type="button" class="quiet" command="show-modal" commandfor={`clear-${id}`}>
      Clear …<span class="hidden"> {name}</span>
    </button>
    <dialog id={`clear-${id}`} aria-labelledby={`clear-${id}-title`}>
      <h2 id={`clear-${id}-title`}>
        Clear <bdi>{name}</bdi>?
      </h2>
      <p>
        Frees {sizeText(clearable.bytes)}: {count(clearable.copies, "working copy", "working copies")}. Small previews
        are kept ({sizeText(clearable.keptBytes)}), and so is everything that was found, decided and published. The set
        can still be looked at, but no longer worked on.
      </p>
      <p>
        {archive === null
          ? "Your originals are not touched."
          : "Your originals stay where they are, unless you say so here."}{" "}
        Where neither the inbox nor the archive has a photo any more, our copy of it stays.
      </p>
      <form method="post" action={`/forms/sets/${id}/clear`} id={`clear-${id}-form`}>
        <input type="hidden" name="csrf" value={frame.csrf} />
        {archive !== null && counts.published > 0 && (
          <p>
            <label>
              <input type="checkbox" name="move-originals" value="yes" /> Move the originals of the{" "}
              {count(counts.published, "published photo")} to the archive, <bdi class="path">{archive}</bdi>. Each goes
              when its copy there was read back and is equal.
            </label>
          </p>
        )}
      </form>
      <div class="acts">
        <form method="dialog">
          <button type="submit" autofocus>
            Cancel
          </button>
        </form>
        <button type="submit" class="danger" form={`clear-${id}-form`}>
          Clear<span class="hidden"> {name}</span>
        </button>
      </div>
    </dialog>
  </>
);

/** Asks first, in a dialog that the browser opens by itself. */
const RollBack: FC<{ readonly frame: Frame; readonly card: Card }> = ({
  frame,
  card: { id, name, counts, stages },
}) => (
  <>
    <button type="button" class="quiet" command="show-modal" commandfor={`back-${id}`}>
      Roll back …<span class="hidden"> {name}</span>
    </button>
    <dialog id={`back-${id}`} aria-labelledby={`back-${id}-title`}>
      <h2 id={`back-${id}-title`}>
        Roll back <bdi>{name}</bdi>?
      </h2>
      <p>
        {count(counts.photos, "photo")} go back to before they were taken in: our working copies and everything decided
        about them are removed,{" "}
        {count(stages.find((stage) => stage.name === "name")?.done ?? 0, "reserved name is", "reserved names are")}{" "}
        given free. Your files stay untouched in the inbox, set aside until you choose Start again on the problems page.
      </p>
      <div class="acts">
        <form method="dialog">
          <button type="submit" autofocus>
            Cancel
          </button>
        </form>
        <Action frame={frame} to={`/sets/${id}/roll-back`} kind="danger" label="Roll back" of={name} />
      </div>
    </dialog>
  </>
);
