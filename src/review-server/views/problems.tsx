import { basename } from "node:path";
import type { FC } from "hono/jsx";
import { offerOf } from "../acts.ts";
import { count } from "../client/names.ts";
import { type Act, groupsOf, isOfOne, type Problem, type ProblemGroup } from "../problems.ts";
import { Icon } from "./icons.tsx";
import { Action, type Frame, Page } from "./layout.tsx";

interface ProblemsProps {
  readonly frame: Frame;
  readonly problems: readonly Problem[];
}

/** Everything that did not go its way, in words, with what to do about it. */
export const Problems: FC<ProblemsProps> = ({ frame, problems }) => {
  const groups = groupsOf(problems);
  const of = (severity: Problem["severity"]): ProblemGroup[] => groups.filter((group) => group.severity === severity);
  const [urgent, waiting, notes] = [of("problem"), of("waiting"), of("note")];
  return (
    <Page
      frame={frame}
      title={`${frame.problems > 0 ? `(${frame.problems}) ` : ""}Problems · Photogate`}
      script="pages.js"
      here="problems"
      main="page"
    >
      <h1>Problems</h1>
      <div id="problems" data-live="all">
        {urgent.length === 0 && (
          <div class="empty">
            <p class="big">Nothing needs you.</p>
            <p class="muted">Every file is a photo of a set, or listed below with the reason why not.</p>
          </div>
        )}
        {urgent.map((group) => (
          <Trouble frame={frame} group={group} />
        ))}
        {waiting.length > 0 && (
          <section id="waiting" aria-labelledby="waiting-title">
            <h2 id="waiting-title">Waiting</h2>
            {[...Map.groupBy(waiting, placeOf).values()].map((ofPlace) => (
              <Waiting frame={frame} groups={ofPlace} />
            ))}
          </section>
        )}
        {notes.length > 0 && (
          <section id="notes" aria-labelledby="notes-title">
            <h2 id="notes-title">For your information</h2>
            {notes.map((group) => (
              <Notes frame={frame} group={group} />
            ))}
          </section>
        )}
      </div>
    </Page>
  );
};

interface GroupProps {
  readonly frame: Frame;
  readonly group: ProblemGroup;
}

/** What wants a person: one thing, or several of a kind. */
const Trouble: FC<GroupProps> = ({ frame, group }) => {
  const { code, means, remedy, why, shown, acts } = group;
  const [first] = shown;
  if (first === undefined) return null;
  const isSingle = group.count === 1;
  return (
    <article id={idOf(group)} class="trouble">
      <div>
        <h2>
          <Icon name={first.photo === null ? "problem" : "culled"} />{" "}
          {isSingle ? <bdi class="path">{nameOf(first)}</bdi> : headOf(group, first)}
        </h2>
        <p>
          {why === null ? (isSingle ? means : "") : shortened(why, first)} <code>{code}</code>
        </p>
        {remedy !== "" && <p>{remedy}</p>}
        {isSingle ? (
          <p class="muted">
            <InSet problem={first} />
            <bdi class="path">{first.path}</bdi>
          </p>
        ) : (
          <details id={`${idOf(group)}-files`} open={group.count <= OPEN_UP_TO}>
            <summary>{count(group.count, "file")}</summary>
            <Items frame={frame} group={group} />
          </details>
        )}
      </div>
      <div class="acts">
        {(isSingle ? first.acts : acts).map((act, i) => (
          <Offered frame={frame} act={act} about={first} isAll={!isSingle} isMain={i === 0} />
        ))}
      </div>
    </article>
  );
};

/** A folder, or a rolled-back set, whose files wait, for whatever reasons. */
const Waiting: FC<{ readonly frame: Frame; readonly groups: readonly ProblemGroup[] }> = ({ frame, groups }) => {
  const [group] = groups;
  const first = group?.shown[0];
  if (group === undefined || first === undefined) return null;
  const { folder, asideFor } = first;
  const acts = [...new Set(groups.flatMap((one) => one.acts))];
  const isHeld = groups.some(({ code }) => code === "drop.held" || code === "drop.set-aside");
  return (
    <article id={`wait-${idOf(group)}`} class="trouble">
      <div>
        <h2>
          <Icon name={isHeld ? "held" : "working"} /> <bdi>{asideFor ?? (folder === "" ? "Loose files" : folder)}</bdi>
        </h2>
        {groups.map((one) => (
          <div class="kind">
            <p>
              {count(one.count, "file")}: {one.means} <code>{one.code}</code>
            </p>
            <p class="muted">{one.remedy}</p>
            <details id={`${idOf(one)}-files`}>
              <summary>Which</summary>
              <Items frame={frame} group={one} />
            </details>
          </div>
        ))}
      </div>
      <div class="acts">
        {acts.map((act, i) => (
          <Offered frame={frame} act={act} about={first} isAll={true} isMain={i === 0} />
        ))}
      </div>
    </article>
  );
};

const placeOf = ({ shown: [first] }: ProblemGroup): string =>
  JSON.stringify([first?.inbox, first?.folder, first?.asideFor]);

/** More than these are listed when a person wants to see them. */
const OPEN_UP_TO = 10;

const Notes: FC<GroupProps> = ({ frame, group }) => {
  const { means, remedy, code, ignored, shown, acts } = group;
  const [first] = shown;
  if (first === undefined) return null;
  return (
    <details id={idOf(group)} class="notes">
      <summary>
        {group.count.toLocaleString("en")} × {means} {ignored && "Ignored by you. "}
        <code>{code}</code>
      </summary>
      {!ignored && <p class="muted">{remedy}</p>}
      {group.count > 1 && acts.length > 0 && (
        <div class="acts">
          {acts.map((act) => (
            <Offered frame={frame} act={act} about={first} isAll={true} />
          ))}
        </div>
      )}
      <Items frame={frame} group={group} />
    </details>
  );
};

const Items: FC<GroupProps> = ({ frame, group: { shown, why, severity, count: all } }) => (
  <>
    <ul class="items">
      {shown.map((problem) => (
        <li>
          <p>
            <InSet problem={problem} />
            <bdi class="path">{problem.path}</bdi>
            {why === null && severity !== "waiting" && <>: {shortened(problem.why, problem)}</>}
          </p>
          {problem.acts
            .filter((act) => isOfOne(act) && severity !== "waiting")
            .map((act) => (
              <Offered frame={frame} act={act} about={problem} />
            ))}
        </li>
      ))}
    </ul>
    {all > shown.length && (
      <p class="muted">
        and {(all - shown.length).toLocaleString("en")} more; <code>photogate problems --json</code> lists all of them
      </p>
    )}
  </>
);

interface OfferedProps {
  readonly frame: Frame;
  readonly act: Act;
  readonly about: Problem;
  readonly isAll?: boolean;
  readonly isMain?: boolean;
}

const Offered: FC<OfferedProps> = ({ frame, act, about, isAll = false, isMain = false }) => {
  const { label, to, values } = offerOf(act, about, isAll);
  return (
    <Action
      frame={frame}
      to={to}
      values={{ ...values, back: "/problems" }}
      kind={isMain ? "main" : "plain"}
      label={label}
      of={isAll ? (about.asideFor ?? about.folder ?? about.code) : nameOf(about)}
    />
  );
};

const InSet: FC<{ readonly problem: Problem }> = ({ problem: { set, photo } }) =>
  set === null ? null : (
    <>
      <a href={photo === null ? `/s/${set}` : `/s/${set}/i/${photo}`}>
        {photo === null ? set : `${set}, photo ${photo}`}
      </a>{" "}
      ·{" "}
    </>
  );

/** What a group of files has in common, as its title. */
function headOf({ code, means, count: all, why }: ProblemGroup, { folder }: Problem) {
  if (code === "context.invalid")
    return (
      <>
        {count(all, "file")} of <bdi>{folder === "" ? "the inbox" : folder}</bdi>
      </>
    );
  return why === null ? `${all.toLocaleString("en")} × ${means}` : count(all, "file");
}

const nameOf = ({ path, inbox }: Problem): string => (path === inbox ? path : basename(path));

/** The path stands beside the reason already. */
const shortened = (why: string, problem: Problem): string => why.replaceAll(problem.path, nameOf(problem));

/** The same from page to page, so that what is open stays open. */
const idOf = ({ key }: ProblemGroup): string => `kind-${Buffer.from(key).toString("base64url")}`;
