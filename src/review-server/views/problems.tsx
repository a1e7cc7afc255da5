import { basename } from "node:path";
import type { FC } from "hono/jsx";
import { count } from "../client/names.ts";
import type { Problem } from "../problems.ts";
import { Icon } from "./icons.tsx";
import { Action, type Frame, Page } from "./layout.tsx";

interface ProblemsProps {
  readonly frame: Frame;
  readonly problems: readonly Problem[];
}

/** Everything that did not go its way, in words, with what to do about it. */
export const Problems: FC<ProblemsProps> = ({ frame, problems }) => {
  const urgent = problems.filter(({ severity }) => severity === "problem");
  const aside = Map.groupBy(
    problems.filter(({ asideFor }) => asideFor !== null),
    ({ asideFor }) => asideFor ?? "",
  );
  const notes = problems.filter(({ severity, asideFor }) => severity === "note" && asideFor === null);
  return (
    <Page
      frame={frame}
      title={`${urgent.length > 0 ? `(${urgent.length}) ` : ""}Problems · Photogate`}
      script="pages.js"
      here="problems"
      main="page"
    >
      <h1>Problems</h1>
      <div id="problems" data-live="all">
        {urgent.length === 0 && aside.size === 0 && (
          <div class="empty">
            <p class="big">Nothing needs you.</p>
            <p class="muted">Every file is a photo of a set, or listed below with the reason why not.</p>
          </div>
        )}
        {urgent.map((problem) => (
          <Item frame={frame} problem={problem} />
        ))}
        {[...aside].map(([set, files]) => (
          <Aside frame={frame} set={set} files={files} />
        ))}
        {notes.length > 0 && (
          <details id="notes" class="notes">
            <summary>{count(notes.length, "other file")} with nothing to do</summary>
            <ul>
              {notes.map(({ path, code, why, remedy }) => (
                <li>
                  <bdi class="path">{path}</bdi>: {shortened(why, path)}. <span class="muted">{remedy}</span>{" "}
                  <code>{code}</code>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </Page>
  );
};

const Item: FC<{ readonly frame: Frame; readonly problem: Problem }> = ({ frame, problem }) => {
  const { path, code, why, remedy, set, photo } = problem;
  return (
    <article id={`problem-${set ?? "inbox"}-${photo ?? path}`} class="trouble">
      <div>
        <h2>
          <Icon name={photo === null ? "problem" : "culled"} /> <bdi class="path">{basename(path)}</bdi>
        </h2>
        <p>
          {shortened(why, path)} <code>{code}</code>
        </p>
        {remedy !== "" && <p>{remedy}</p>}
        <p class="muted">
          {set !== null && (
            <>
              In set <a href={photo === null ? `/s/${set}` : `/s/${set}/i/${photo}`}>{set}</a> ·{" "}
            </>
          )}
          <bdi class="path">{path}</bdi>
        </p>
      </div>
      <div class="acts">
        {set !== null && photo !== null && (
          <Action
            frame={frame}
            to={`/sets/${set}/take-back`}
            values={{ photo, back: "/problems" }}
            kind="main"
            label="Try again"
            of={basename(path)}
          />
        )}
        {set !== null && photo === null && (
          <Action
            frame={frame}
            to={`/sets/${set}/retry`}
            values={{ back: "/problems" }}
            kind="main"
            label="Try again"
            of={set}
          />
        )}
      </div>
    </article>
  );
};

/** The path stands beside the reason already. */
const shortened = (why: string, path: string): string => why.replaceAll(path, basename(path));

const Aside: FC<{ readonly frame: Frame; readonly set: string; readonly files: readonly Problem[] }> = ({
  frame,
  set,
  files,
}) => (
  <article id={`aside-${set}`} class="trouble">
    <div>
      <h2>
        <Icon name="held" /> {count(files.length, "file")} set aside
      </h2>
      <p>
        The set <b>{set}</b> was rolled back. Its files lie untouched in the inbox; Start again takes them in anew.
      </p>
      <details id={`aside-files-${set}`}>
        <summary>Which files</summary>
        <ul>
          {files.map(({ path }) => (
            <li>
              <bdi class="path">{path}</bdi>
            </li>
          ))}
        </ul>
      </details>
    </div>
    <div class="acts">
      <Action
        frame={frame}
        to="/start-again"
        values={{ set, back: "/problems" }}
        kind="main"
        label="Start again"
        of={set}
      />
    </div>
  </article>
);
