import type { FC } from "hono/jsx";
import type { PhotoSet } from "../../domain/photo.ts";
import type { PhotoId } from "../../domain/words.ts";
import { capital, groupText, TIER_WORDS } from "../client/alike.ts";
import { standingOf as stateOf } from "../client/cell.ts";
import { differencesOf } from "../client/differences.ts";
import { BULK, type Bulk, type Group, isWhole, keptInBulk, type Standing, standingOf } from "../client/groups.ts";
import { count } from "../client/names.ts";
import type { Row } from "../rows.ts";
import { bulkOf, lookupIn, oneOf, rejectedIn } from "../settling.ts";
import { Icon, type Shape } from "./icons.tsx";
import { Action, type Frame, KeySheet, Page } from "./layout.tsx";

/** Groups of the list on one page. */
const GROUPS_PAGE = 50;

interface GroupsProps {
  readonly frame: Frame;
  readonly set: PhotoSet;
  readonly rows: readonly Row[];
  /** photos of other sets that are shown beside them */
  readonly strangers: readonly Row[];
  readonly groups: readonly Group[];
  /** only groups of this kind */
  readonly kind: Bulk | undefined;
  readonly pageNumber: number;
}

/** All groups of a set: what each is, which photo would stay and why; without script as well. */
export const Groups: FC<GroupsProps> = (props) => {
  const { frame, set, rows, strangers, groups, kind, pageNumber } = props;
  const rowOf = lookupIn([...rows, ...strangers]);
  const open = groups.filter((group) => standingOf(group, rowOf) === "open").length;
  const listed = kind === undefined ? groups : groups.filter(({ tier }) => tier === kind);
  const first = (pageNumber - 1) * GROUPS_PAGE;
  const query = kind === undefined ? "?" : `?kind=${kind}&`;
  return (
    <Page
      frame={frame}
      title={`Alike in ${set.name} · Photogate`}
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
        Photos that are alike in <bdi>{set.name}</bdi>
      </h1>
      <p class="muted">
        {groups.length === 0
          ? "No two photos of this set are alike, or they have not been compared yet."
          : `${count(groups.length, "group")}, ${open === 0 ? "none waits for you" : `${open} to settle`}. Nothing goes before you say so, and all of it can be undone.`}
      </p>
      {groups.length > 0 && (
        <div class="acts">
          <a class="button main scripted" href={`/s/${set.id}/groups/${Math.max(1, firstOpen(groups, rowOf) + 1)}`}>
            Compare one by one
          </a>
          {kind !== undefined && (
            <a class="button" href={`/s/${set.id}/groups`}>
              All groups
            </a>
          )}
          <Action
            frame={frame}
            to={`/sets/${set.id}/undo`}
            values={{ back: `/s/${set.id}/groups` }}
            label="Undo the last decision of this list"
          />
        </div>
      )}
      {BULK.filter((tier) => kind === undefined || tier === kind).map((tier) => (
        <InBulk frame={frame} set={set} groups={groups} tier={tier} rowOf={rowOf} isSeen={kind === tier} />
      ))}
      <ul class="groups">
        {listed.slice(first, first + GROUPS_PAGE).map((group) => (
          <One frame={frame} set={set} group={group} place={groups.indexOf(group) + 1} rowOf={rowOf} kind={kind} />
        ))}
      </ul>
      {listed.length > GROUPS_PAGE && (
        <nav aria-label="More groups" class="acts">
          {Array.from({ length: Math.ceil(listed.length / GROUPS_PAGE) }, (_, i) => (
            <a
              class="button"
              href={`/s/${set.id}/groups${query}page=${i + 1}`}
              aria-current={i + 1 === pageNumber ? "page" : undefined}
            >
              {i * GROUPS_PAGE + 1}–{Math.min(listed.length, (i + 1) * GROUPS_PAGE)}
            </a>
          ))}
        </nav>
      )}
    </Page>
  );
};

type RowOf = (photo: PhotoId) => Row | undefined;

const firstOpen = (groups: readonly Group[], rowOf: RowOf): number =>
  groups.findIndex((group) => standingOf(group, rowOf) === "open");

interface PartProps {
  readonly frame: Frame;
  readonly set: PhotoSet;
  readonly rowOf: RowOf;
}

const BULK_WORDS: Readonly<Record<Bulk, { readonly of: string; readonly stays: string }>> = {
  exact: {
    of: "of exact copies, the same bytes or the same pixels",
    stays:
      "Of each the one with the best name stays, or the one with more written into it: caption, keywords, stars. That may be another than the proposed one.",
  },
  "same-frame": {
    of: "of the same picture, saved again",
    stays: "Of each the proposed one stays.",
  },
};

/** Groups where nobody has to look twice, settled at once and undone at once. */
const InBulk: FC<PartProps & { readonly groups: readonly Group[]; readonly tier: Bulk; readonly isSeen: boolean }> = ({
  frame,
  set,
  groups,
  tier,
  rowOf,
  isSeen,
}) => {
  const settling = bulkOf(groups, tier, rowOf);
  const rejected = rejectedIn(settling);
  if (rejected === 0) return null;
  const { of, stays } = BULK_WORDS[tier];
  return (
    <section class="banner" aria-label={capital(TIER_WORDS[tier])}>
      <p class="offer">
        <b>{count(settling.groups.length, "group")}</b> {of}. {stays}
      </p>
      <div class="acts">
        <Action
          frame={frame}
          to={`/sets/${set.id}/settle`}
          values={{ kind: tier, plan: settling.hash, back: `/s/${set.id}/groups` }}
          label={`Keep ${settling.groups.length}, reject ${rejected}`}
          of={of}
        />
        {!isSeen && <a href={`/s/${set.id}/groups?kind=${tier}`}>See all {settling.groups.length}</a>}
      </div>
    </section>
  );
};

const STANDINGS: Readonly<Record<Standing, string>> = {
  open: "to settle",
  settled: "settled",
  parted: "not duplicates, you have said",
  whole: "nothing of it goes",
};

const One: FC<PartProps & { readonly group: Group; readonly place: number; readonly kind: Bulk | undefined }> = ({
  frame,
  set,
  group,
  place,
  rowOf,
  kind,
}) => {
  const standing = standingOf(group, rowOf);
  const back = `/s/${set.id}/groups${kind === undefined ? "" : `?kind=${kind}`}#${group.key}`;
  const rows = [...group.members, ...group.elsewhere.map(({ photo }) => photo)].flatMap((photo) => rowOf(photo) ?? []);
  const lines = differencesOf(rows);
  const settling = oneOf(group, rowOf);
  const rejected = rejectedIn(settling);
  const bulk = kind !== undefined && standing === "open" ? keptInBulk(group, rowOf) : undefined;
  return (
    <li id={group.key}>
      <h2>
        <a href={`/s/${set.id}/groups/${place}`}>
          {place}. {kindText(group)}
        </a>{" "}
        <span class="state">{STANDINGS[standing]}</span>
      </h2>
      <p>{standing === "parted" ? "" : keeperText(group, rowOf, bulk)}</p>
      <ul class="frames">
        {rows.map((row, i) => (
          <li class={(bulk?.includes(row.id) ?? row.id === group.keeper) ? "keeper" : undefined}>
            <a href={`/s/${row.id === group.members[i] ? set.id : setOf(group, row.id)}/plain/${row.id}`}>
              {(row.previews ?? row.sight) !== null && (
                <img
                  src={(row.previews ?? row.sight)?.small}
                  alt={`Open ${row.file}`}
                  loading="lazy"
                  decoding="async"
                />
              )}
            </a>
            <p>
              <bdi class="path">{row.file}</bdi>
            </p>
            <p class="state">
              <Icon name={stateOf(row).shape as Shape} /> {stateOf(row).word}
              {row.id !== group.members[i] && `, in ${group.elsewhere.find(({ photo }) => photo === row.id)?.setName}`}
            </p>
            <p class="differs">
              {(lines[i] ?? []).slice(0, MOST_LINES).map(([term, value]) => (
                <span>
                  <span class="muted">{term}</span> {value}
                </span>
              ))}
            </p>
          </li>
        ))}
      </ul>
      {standing === "open" && (
        <div class="acts">
          {rejected > 0 && kind === undefined && (
            <Action
              frame={frame}
              to={`/sets/${set.id}/settle`}
              values={{ kind: "one", group: group.key, plan: settling.hash, back }}
              label={`Keep ${group.members.length - rejected}, reject ${rejected}`}
              of={`of group ${place}`}
            />
          )}
          <Action
            frame={frame}
            to={`/sets/${set.id}/settle`}
            values={{ kind: "parted", group: group.key, back }}
            label="Not duplicates"
            of={`: group ${place}`}
          />
        </div>
      )}
    </li>
  );
};

/** On a list; the comparing page shows them all. */
const MOST_LINES = 4;

const setOf = (group: Group, photo: PhotoId): string => group.elsewhere.find((kin) => kin.photo === photo)?.set ?? "";

export function kindText({ tier, members, elsewhere }: Group): string {
  const others = elsewhere.length === 0 ? "" : `, ${elsewhere.length} in another set`;
  if (tier === "selection") return `${members.length} photos`;
  return `${members.length === 1 ? capital(TIER_WORDS[tier]) : groupText({ tier, members: [...members] })}${others}`;
}

function keeperText(group: Group, rowOf: RowOf, bulk: readonly PhotoId[] | undefined): string {
  if (isWhole(group)) return `Nothing is proposed to go: ${[...group.reasons.values()][0] ?? ""}`;
  if (bulk !== undefined && bulk.length > 0)
    return `Stays: ${bulk.map((photo) => rowOf(photo)?.file ?? `photo ${photo}`).join(", ")}`;
  if (group.keeper === null) return "No keeper is proposed: compare them, and say which one stays.";
  return `Keeper: ${rowOf(group.keeper)?.file ?? `photo ${group.keeper}`}, ${group.reasons.get(group.keeper) ?? ""}`;
}

interface CompareProps {
  readonly frame: Frame;
  readonly set: PhotoSet;
  /** place of the group, from 1; undefined for photos that were chosen */
  readonly at: number | undefined;
  readonly photos: readonly PhotoId[];
}

const ACTS = [
  ["cmp.resolve", "Keep one, reject the rest", "resolve"],
  ["cmp.keepAll", "Not duplicates", undefined],
  ["cmp.this", "Make it the keeper", undefined],
  ["cmp.alsoKeep", "Also keep", undefined],
  ["cmp.drop", "Reject this", undefined],
  ["cmp.skip", "Skip", undefined],
] as const;

/** The frame of the comparing page: its script fills the panes. Without script, the list shows the same. */
export const Compare: FC<CompareProps> = ({ frame, set, at, photos }) => (
  <Page
    frame={frame}
    title={`Compare · ${set.name}`}
    script="compare.js"
    here="review"
    main="review"
    plain={`/s/${set.id}/${at === undefined ? "plain" : "groups"}`}
    trail={
      <>
        <h1 class="trail">
          <a href={`/s/${set.id}`}>
            <bdi>{set.name}</bdi>
          </a>{" "}
          compare
        </h1>
        <span class="space" />
        <button type="button" id="chip" class="chip" data-state="saved" hidden>
          Saved
        </button>
        <button type="button" id="help" class="key scripted" data-command="help.sheet" aria-label="Keys">
          <kbd data-key="help.sheet">?</kbd>
        </button>
      </>
    }
    footer={
      <>
        <span id="last" class="last"></span>
        <button type="button" id="undo" class="link" hidden>
          Undo <kbd data-key="undo" />
        </button>
        <span class="space" />
        <span id="where" class="where"></span>
        <span id="left"></span>
      </>
    }
  >
    <p id="none" class="empty" hidden>
      No two photos of this set are alike. <a href={`/s/${set.id}`}>Back to the set</a>
    </p>
    <div
      id="compare"
      class="compare"
      data-set={set.id}
      data-at={at === undefined ? undefined : String(at)}
      data-photos={photos.join(",")}
      hidden
    >
      <p class="compare-head">
        <b id="kind"></b> <span id="keeper"></span> <span id="standing" class="muted"></span>
        <span class="space" />
        {at !== undefined && <a href={`/s/${set.id}/groups`}>All groups</a>}
      </p>
      <div id="panes" class="panes" role="listbox" tabindex={0} aria-label="Photos of the group"></div>
      <div class="decide" role="toolbar" aria-label="Settle the group">
        {at !== undefined && (
          <button type="button" data-command="cmp.before" aria-label="Previous group">
            ‹
          </button>
        )}
        {ACTS.filter(([command]) => at !== undefined || command !== "cmp.skip").map(([command, label, id]) => (
          <button type="button" data-command={command}>
            <span id={id}>{label}</span> {command !== "cmp.this" && <kbd data-key={command} />}
          </button>
        ))}
        <button type="button" data-command="cmp.zoom">
          100 % <kbd data-key="cmp.zoom" />
        </button>
        <button type="button" id="flip">
          Hold: keeper <kbd data-key="cmp.flip" />
        </button>
        {at !== undefined && (
          <button type="button" data-command="cmp.after" aria-label="Next group">
            ›
          </button>
        )}
      </div>
    </div>
    <KeySheet />
  </Page>
);
