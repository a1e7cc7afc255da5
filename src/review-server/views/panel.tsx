import type { FC } from "hono/jsx";
import { LOCATIONS, SUBJECTS } from "./about.tsx";

/** The panel of the loupe: its frame is drawn here, its values by the island. */
export const Panel: FC = () => (
  <aside id="panel" class="panel" aria-label="Fields">
    <div class="panel-head">
      <h2 id="panel-file" class="path">
        Photo
      </h2>
      <p id="panel-state" class="state"></p>
    </div>
    <div class="words-acts">
      <button type="button" data-command="view.diff">
        AI text <kbd data-key="view.diff" />
      </button>
      <button type="button" data-command="ai.alternative">
        Other words <kbd data-key="ai.alternative" />
      </button>
      <button type="button" id="copy-fields">
        Copy words
      </button>
      <button type="button" id="paste-fields">
        Paste words
      </button>
    </div>
    <div id="panel-note" class="note" hidden></div>
    <section id="proof" class="proof" aria-label="Proof of the words" hidden>
      <p id="proof-said" class="state"></p>
      <p id="proof-look"></p>
      <details id="attempts">
        <summary id="attempts-head"></summary>
        <ol id="attempts-list"></ol>
      </details>
    </section>
    <Words field="caption" label="Caption" command="edit.caption" rows={3} most={300} proved />
    <Words field="altText" label="Alt text" command="edit.alt" rows={2} most={250} proved />
    <Words
      field="keywords"
      label="Keywords"
      hint="separated by commas"
      command="edit.keywords"
      rows={2}
      most={50}
      proved
    />
    <Words field="name" label="File name" command="edit.filename" rows={2} most={150} />
    <div class="pair">
      <Words field="subject" label="Subject" rows={1} most={75} list={SUBJECTS} />
      <Words field="location" label="Location" rows={1} most={120} list={LOCATIONS} />
    </div>
    <p class="follow muted">
      Typed here, only that field changes.{" "}
      <button type="button" class="link" data-command="correct.open">
        Put right or redo, with all that follows … <kbd data-key="correct.open" />
      </button>
    </p>
    <div class="field" data-field="qr">
      <p class="label" id="label-qr">
        Quality <span class="mark"></span>
        <kbd>1-5, 0</kbd>
      </p>
      <p id="quality" class="quality"></p>
      <fieldset id="bands" class="bands" aria-labelledby="label-qr"></fieldset>
      <p class="why" role="alert" hidden></p>
      <details id="technical">
        <summary>
          Technical: <span id="technical-text"></span>
        </summary>
        <h3>What the technical score is made of</h3>
        <dl id="scores" class="facts"></dl>
        <h3>What the quality figure is made of</h3>
        <dl id="metrics" class="facts"></dl>
      </details>
    </div>
    <div class="field">
      <p class="label" id="label-marks">
        Stars and colour <kbd>Shift+1-5, 0, 6-9</kbd>
      </p>
      <fieldset id="marks" class="bands" aria-labelledby="label-marks"></fieldset>
    </div>
    <section id="alike" class="written" aria-labelledby="alike-head" hidden>
      <h3 id="alike-head">
        Alike <kbd data-key="loupe.burst" /> <kbd data-key="alike.keep" />
      </h3>
      <div id="alike-groups"></div>
    </section>
    <dl id="facts" class="facts"></dl>
    <section id="written" class="written" aria-labelledby="written-head" hidden>
      <h3 id="written-head">Already in the file</h3>
      <dl id="written-facts" class="facts"></dl>
    </section>
  </aside>
);

interface WordsProps {
  readonly field: string;
  readonly label: string;
  /** whose key leads here */
  readonly command?: string;
  readonly rows: number;
  readonly most: number;
  readonly hint?: string;
  /** of words that are offered: one line, then */
  readonly list?: string;
  /** rules are held against it, and each of its words came from somewhere */
  readonly proved?: true;
}

/** A text field: whose words they are, what is wrong with them, how much room is left. */
const Words: FC<WordsProps> = ({ field, label, command, rows, most, hint, list, proved }) => (
  <div class="field" data-field={field}>
    <p class="label">
      <label for={`field-${field}`}>{label}</label> <span class="mark" id={`mark-${field}`}></span>
      {proved && <span class="offer" id={`offer-${field}`}></span>}
      <span class="used" data-most={most}></span>
      {command !== undefined && <kbd data-key={command} />}
    </p>
    {list === undefined ? (
      <textarea
        id={`field-${field}`}
        data-text={field}
        rows={rows}
        placeholder={hint}
        aria-describedby={`mark-${field} why-${field}${proved ? ` flaws-${field}` : ""}`}
        autocomplete="off"
        spellcheck={field !== "name"}
      ></textarea>
    ) : (
      <input
        type="text"
        id={`field-${field}`}
        data-text={field}
        list={list}
        aria-describedby={`mark-${field} why-${field}`}
        autocomplete="off"
        spellcheck={false}
      />
    )}
    <p class="why" id={`why-${field}`} role="alert" hidden></p>
    {field === "name" && (
      <p class="told">
        <span id="name-said" role="status"></span> <button type="button" id="name-take" class="link" hidden></button>
      </p>
    )}
    {proved && (
      <>
        <ul class="flaws" id={`flaws-${field}`} aria-label={`What the rules say of it: ${label}`} hidden></ul>
        <div class="sources" id={`sources-${field}`} hidden></div>
      </>
    )}
  </div>
);

/** Over the picture, because three columns do not fit beside it: what the machine said, and what became of it. */
export const Versions: FC = () => (
  <section id="versions" class="versions" aria-labelledby="versions-head" hidden>
    <div class="versions-head">
      <h2 id="versions-head">What the machine said</h2>
      <button type="button" id="versions-close" class="link">
        Close <kbd data-key="view.diff" />
      </button>
    </div>
    <table>
      <thead>
        <tr>
          <td></td>
          <th scope="col">AI first</th>
          <th scope="col">AI after mending</th>
          <th scope="col">Now</th>
        </tr>
      </thead>
      <tbody id="versions-body"></tbody>
    </table>
    <p id="versions-none" hidden>
      There are no words yet.
    </p>
  </section>
);
