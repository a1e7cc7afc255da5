import type { FC } from "hono/jsx";
import type { PhotoSet } from "../../domain/photo.ts";
import { VERDICTS, WISHED } from "../../domain/review.ts";
import { blockersIn } from "../../domain/standing-proof.ts";
import type { Severity } from "../../domain/wording-rule.ts";
import type { Card, Offered } from "../cards.ts";
import { groupText, keeperText } from "../client/alike.ts";
import { count, croppedText, VERDICT_LABELS, WORD_FIELDS } from "../client/names.ts";
import { hintsOf, metricLines, scoreLines, technicalText } from "../client/quality.ts";
import type { Row } from "../rows.ts";
import { About, Doubts, KnownWords, NewWords } from "./about.tsx";
import { Icon, type Shape } from "./icons.tsx";
import { Action, type Frame, Page } from "./layout.tsx";

/** Rows of the plain list on one page: without script nothing is fetched when it comes into view. */
export const PLAIN_PAGE = 60;

interface PlainProps {
  readonly frame: Frame;
  readonly set: PhotoSet;
  readonly card: Card;
  readonly cameras: readonly (string | null)[];
  readonly known: Offered;
  readonly rows: readonly Row[];
  readonly open: Row | undefined;
  readonly pageNumber: number;
}

/** The review without script: to list, to look, and to decide one by one. */
export const Plain: FC<PlainProps> = ({ frame, set, card, cameras, known, rows, open, pageNumber }) => (
  <Page frame={frame} title={`${set.name} · Photogate`} script="pages.js" here="sets" main="page">
    <h1>
      <bdi>{set.name}</bdi>
    </h1>
    <p class="muted">
      This list works without script: it shows, and it decides one by one. Editing and keys are on the{" "}
      <a href={`/s/${set.id}`}>review page</a>, which needs script.
    </p>
    <KnownWords known={known} />
    <NewWords frame={frame} card={card} back={listOf(set)} />
    <Doubts frame={frame} card={card} back={listOf(set)} />
    <div class="acts">
      <a class="button" href={`/s/${set.id}/publish`}>
        Publish …
      </a>
      <a class="button" href={`/s/${set.id}/groups`}>
        Photos that are alike
      </a>
      {card.counts.released === 0 && <About frame={frame} card={card} cameras={cameras} back={listOf(set)} />}
      <Action frame={frame} to={`/sets/${set.id}/undo`} values={{ back: listOf(set) }} label="Undo the last decision" />
    </div>
    {open === undefined ? (
      <PlainList frame={frame} set={set} rows={rows} pageNumber={pageNumber} />
    ) : (
      <PlainPhoto
        frame={frame}
        set={set}
        row={open}
        next={rows[open.position] ?? undefined}
        fileOf={(photo) => rows.find(({ id }) => id === photo)?.file}
      />
    )}
  </Page>
);

const listOf = (set: PhotoSet): string => `/s/${set.id}/plain`;
const pageOf = (set: PhotoSet, row: Row): string => `${listOf(set)}/${row.id}`;

const PlainList: FC<Pick<PlainProps, "frame" | "set" | "rows" | "pageNumber">> = ({ frame, set, rows, pageNumber }) => {
  const pages = Math.ceil(rows.length / PLAIN_PAGE);
  const first = (pageNumber - 1) * PLAIN_PAGE;
  return (
    <>
      <h2>{count(rows.length, "photo")}</h2>
      <ul class="plan">
        {rows.slice(first, first + PLAIN_PAGE).map((row) => (
          <li id={`p${row.id}`}>
            {(row.previews ?? row.sight) !== null && (
              <a href={pageOf(set, row)}>
                <img
                  src={(row.previews ?? row.sight)?.small}
                  alt={`Open ${row.file}`}
                  loading="lazy"
                  decoding="async"
                />
              </a>
            )}
            <div>
              <p>
                <a class="path" href={pageOf(set, row)}>
                  <bdi>{row.file}</bdi>
                </a>{" "}
                <Verdict row={row} />
              </p>
              {row.revises !== null && <p class="note">A new version of {row.revises}</p>}
              <p>{row.culled === null ? row.caption : `${row.culled.why}. ${row.culled.remedy}`}</p>
              <Flaws frame={frame} set={set} row={row} back={`${listOf(set)}?page=${pageNumber}#p${row.id}`} />
              <Decisions frame={frame} set={set} row={row} back={`${listOf(set)}?page=${pageNumber}#p${row.id}`} />
            </div>
          </li>
        ))}
      </ul>
      {pages > 1 && (
        <nav aria-label="More photos" class="acts">
          {Array.from({ length: pages }, (_, i) => (
            <a
              class="button"
              href={`${listOf(set)}?page=${i + 1}`}
              aria-current={i + 1 === pageNumber ? "page" : undefined}
            >
              {i + 1}
            </a>
          ))}
        </nav>
      )}
    </>
  );
};

interface PhotoProps {
  readonly frame: Frame;
  readonly set: PhotoSet;
  readonly row: Row;
  readonly next: Row | undefined;
  readonly fileOf: (photo: number) => string | undefined;
}

const PlainPhoto: FC<PhotoProps> = ({ frame, set, row, next, fileOf }) => (
  <>
    <h2>
      <bdi class="path">{row.file}</bdi> <Verdict row={row} />
    </h2>
    {(row.previews ?? row.sight) !== null && (
      <img class="plain-photo" src={(row.previews ?? row.sight)?.large} alt={row.altText ?? ""} />
    )}
    <Flaws frame={frame} set={set} row={row} back={pageOf(set, row)} />
    <Decisions frame={frame} set={set} row={row} back={next === undefined ? listOf(set) : pageOf(set, next)} />
    <dl class="facts">
      {facts(row, fileOf).map(([term, value]) => (
        <>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
    <p>
      <a href={`${listOf(set)}#p${row.id}`}>Back to the list</a>
    </p>
  </>
);

const facts = (row: Row, fileOf: (photo: number) => string | undefined): (readonly [string, string])[] => [
  ["Caption", row.caption ?? "not yet"],
  ["Alt text", row.altText ?? "not yet"],
  ["Keywords", row.keywords.join(", ")],
  ["File name", row.name ?? "not yet"],
  ...row.alike.groups.map((group) => [groupText(group), keeperText(group, fileOf)] as const),
  ...row.alike.elsewhere.map(({ file, setName }) => ["Elsewhere", `${file} in ${setName}`] as const),
  ["Cropped to", row.crop === null ? "nothing: all of it is published" : croppedText(row)],
  ["Quality", row.qr === null ? "not yet" : `${row.qr.toFixed(2)} ${row.band}${row.partial ? " (partial)" : ""}`],
  ...(row.edited.includes("qr") ? [] : metricLines(row).map(part)),
  ["Technical", technicalText(row)],
  ...scoreLines(row).map(part),
  ...hintsOf(row).map((hint): [string, string] => ["Note", hint]),
];

const part = ([term, value]: readonly [string, string, boolean]): [string, string] => [`— ${term}`, value];

const shapeOf = (row: Row): Shape =>
  row.culled !== null ? "culled" : row.released ? "published" : (row.verdict ?? (row.wished ? "wished" : "undecided"));

const Verdict: FC<{ readonly row: Row }> = ({ row }) => (
  <span class="state">
    <Icon name={shapeOf(row)} />{" "}
    {row.culled !== null
      ? `Left out: ${row.culled.code}`
      : row.released
        ? "Released"
        : row.verdict !== null
          ? VERDICT_LABELS[row.verdict]
          : row.wished
            ? "Wished"
            : "Undecided"}
  </span>
);

const SIGNS: Readonly<Record<Severity, { readonly shape: Shape; readonly word: string }>> = {
  error: { shape: "blocked", word: "Error" },
  warning: { shape: "problem", word: "Warning" },
  info: { shape: "told", word: "Note" },
};

/** What the rules say of the words, and what blocks the photo with the way out: a reason why the rule does not count here. */
const Flaws: FC<Omit<PhotoProps, "next" | "fileOf"> & { readonly back: string }> = ({ frame, set, row, back }) => {
  const { flaws, overruled } = row;
  const blockers = blockersIn(flaws, overruled);
  const reasonOf = (rule: string) => overruled.find((one) => one.rule === rule)?.reason;
  if (flaws.length === 0 || row.culled !== null) return null;
  return (
    <>
      <ul class="flaws">
        {flaws.map(({ rule, severity, field, why }) => (
          <li class={`flaw ${reasonOf(rule) === undefined ? severity : "overruled"}`}>
            <Icon name={SIGNS[severity].shape} /> <b>{SIGNS[severity].word}</b> <code>{rule}</code> {WORD_FIELDS[field]}
            : {why}
            {reasonOf(rule) !== undefined && <span class="reason"> Overruled: {reasonOf(rule)}</span>}
          </li>
        ))}
      </ul>
      {blockers.length > 0 && !row.released && (
        <form method="post" action={`/forms/sets/${set.id}/overrule`} class="acts">
          <input type="hidden" name="csrf" value={frame.csrf} />
          <input type="hidden" name="photo" value={String(row.id)} />
          <input type="hidden" name="rev" value={String(row.rev)} />
          <input type="hidden" name="back" value={back} />
          <label>
            Blocked by{" "}
            <select name="rule">
              {[...new Set(blockers.map(({ rule }) => rule))].map((rule) => (
                <option>{rule}</option>
              ))}
            </select>
          </label>
          <label>
            Why it does not count here{" "}
            <input type="text" name="reason" required minlength={3} maxlength={300} autocomplete="off" />
          </label>
          <button type="submit">
            Overrule<span class="hidden"> {row.file}</span>
          </button>
        </form>
      )}
    </>
  );
};

const LABELS = {
  approved: "Approve",
  wished: "Approve when its words are there",
  rejected: "Reject",
  held: "Hold",
  none: "Clear",
} as const;

const Decisions: FC<Omit<PhotoProps, "next" | "fileOf"> & { readonly back: string }> = ({ frame, set, row, back }) =>
  row.released || row.culled !== null ? null : (
    <div class="acts">
      {([...VERDICTS, WISHED, "none"] as const)
        .filter((verdict) => verdict !== (row.verdict ?? (row.wished ? WISHED : "none")))
        .filter((verdict) => verdict !== (row.hash === null ? "approved" : WISHED))
        .map((verdict) => (
          <Action
            frame={frame}
            to={`/sets/${set.id}/decide`}
            values={{ photo: row.id, verdict, rev: row.rev, seen: row.hash ?? "", back }}
            label={LABELS[verdict]}
            of={row.file}
          />
        ))}
    </div>
  );
