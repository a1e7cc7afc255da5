import type { FC } from "hono/jsx";
import { type Arrival, arrivalSays, isStuck } from "../../domain/arrival.ts";
import { remedyOf } from "../../domain/fault.ts";
import type { InboxView } from "../deps.ts";
import { watchingOf } from "../watching.ts";
import { Icon, type Shape } from "./icons.tsx";
import { Action, type Frame } from "./layout.tsx";

/** One inbox: is it read, how, and since when not. */
export const Inbox: FC<{ readonly frame: Frame; readonly inbox: InboxView }> = ({ frame, inbox }) => {
  const { state, why, remedy, reading, looked, missing, card } = watchingOf(inbox, frame.now);
  const { path, code } = inbox;
  return (
    <li class={code === null ? undefined : "offline"}>
      <p>
        <span class="muted">
          {code !== null && <Icon name="problem" />} {state}
        </span>{" "}
        <bdi class="path">{path}</bdi>
        <span class="muted">{[reading, looked].map((part) => (part === "" ? "" : ` · ${part}`)).join("")}</span>
        {missing !== "" && (
          <>
            {" "}
            · <a href="/problems">{missing}</a>
          </>
        )}
      </p>
      {card !== "" && (
        <p class={inbox.card?.safe === true ? "safe" : undefined}>
          <Icon name={inbox.card?.safe === true ? "approved" : "held"} /> {card}.
        </p>
      )}
      {why !== "" && (
        <p>
          {why}. {remedy}
        </p>
      )}
      <Action frame={frame} to="/inboxes/look" values={{ inbox: path }} kind="quiet" label="Look now" of={path} />
    </li>
  );
};

interface ArrivingProps {
  readonly frame: Frame;
  readonly arrival: Arrival;
  /** is there but one inbox, so that it need not be named? */
  readonly isOnly: boolean;
}

/** What is still arriving: what it waits for, until when, and a person's two words about it. */
export const Arriving: FC<ArrivingProps> = ({ frame, arrival, isOnly }) => {
  const { inbox, name, trouble, unreadable } = arrival;
  const id = idOf(arrival);
  const state = stateOf(arrival);
  return (
    <article id={id} class="card arriving" aria-labelledby={`${id}-name`}>
      <div class="about">
        <h3 id={`${id}-name`}>
          <bdi>{name}</bdi>
          <span class="state">
            <Icon name={state.shape} /> {state.word}
          </span>
        </h3>
        <p data-arrival={JSON.stringify(arrival)}>{arrivalSays(arrival, frame.now)}</p>
        {trouble !== null && (
          <div class="hold">
            <p>
              <Icon name="problem" /> {trouble.why} <code>{trouble.code}</code>
            </p>
            <p>{remedyOf(trouble.code)}</p>
          </div>
        )}
        {unreadable > 0 && (
          <p>
            <a href="/problems">What cannot be read, and why</a>
          </p>
        )}
        {!isOnly && (
          <p class="muted">
            in <bdi class="path">{inbox}</bdi>
          </p>
        )}
      </div>
      <Words frame={frame} arrival={arrival} />
    </article>
  );
};

/** Going on needs something that can be taken in; what is stuck can only be looked at again. */
const Words: FC<Omit<ArrivingProps, "isOnly">> = ({ frame, arrival }) => {
  const { inbox, folder, name, isHeld } = arrival;
  const values = { inbox, folder };
  if (isStuck(arrival))
    return (
      <div class="acts">
        <Action frame={frame} to="/inboxes/look" values={values} kind="main" label="Look again" of={name} />
      </div>
    );
  return (
    <div class="acts">
      <Action frame={frame} to="/inboxes/go" values={values} kind={isHeld ? "main" : "plain"} label="Go" of={name} />
      {isHeld ? (
        <Action frame={frame} to="/inboxes/let-close" values={values} label="Let it close" of={name} />
      ) : (
        <Action frame={frame} to="/inboxes/hold" values={values} label="Hold" of={name} />
      )}
    </div>
  );
};

function stateOf(arrival: Arrival): { readonly shape: Shape; readonly word: string } {
  if (arrival.isHeld) return { shape: "held", word: "held back" };
  return isStuck(arrival) ? { shape: "problem", word: "stuck" } : { shape: "working", word: "arriving" };
}

/** Of the same folder from page to page, whatever is in its name. */
const idOf = ({ inbox, folder }: Arrival): string =>
  `arrival-${Buffer.from(`${inbox}/${folder}`).toString("base64url")}`;
