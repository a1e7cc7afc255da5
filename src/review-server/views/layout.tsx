import type { Child, FC } from "hono/jsx";
import { FAULTS, isFaultCode } from "../../domain/fault.ts";
import type { Preferences } from "../../domain/preferences.ts";
import type { Millis } from "../../domain/words.ts";
import { Icon, Icons } from "./icons.tsx";

/** What every page needs to know of the daemon and of the visit. */
export interface Frame {
  /** value of the session that every change must carry */
  readonly csrf: string;
  /** of the installation: what a browser keeps for one home must not be sent to another on the same port */
  readonly uuid: string;
  readonly version: string;
  /** of scripts and styles: another one after an update */
  readonly build: string;
  /** when it was drawn: what runs on is counted from here */
  readonly now: Millis;
  /** `review.js` to the name that carries its hash */
  readonly asset: (name: string) => string;
  /** how many things need a person on the problems page */
  readonly problems: number;
  readonly preferences: Preferences;
  /** a fault a form has run into, by code */
  readonly fault: string | undefined;
}

interface PageProps {
  readonly frame: Frame;
  readonly title: string;
  readonly script: "pages.js" | "review.js" | "compare.js" | "crop.js";
  readonly here: "sets" | "problems" | "review" | "runs" | "catalogue" | "settings";
  /** what stands in the header after the navigation */
  readonly trail?: Child;
  readonly bar?: Child;
  readonly footer?: Child;
  readonly main?: string;
  /** where a browser without script goes on */
  readonly plain?: string;
  readonly children?: Child;
}

export const Page: FC<PageProps> = ({ frame, title, script, here, trail, bar, footer, main, plain, children }) => (
  <html lang="en" data-theme={frame.preferences.theme} data-single-keys={frame.preferences.singleKeys}>
    <head>
      <meta charset="utf-8" />
      <title>{title}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content={SCHEMES[frame.preferences.theme]} />
      <meta name="theme-color" content={frame.preferences.theme === "light" ? "#e0e0e0" : "#262626"} />
      {/* Forms that work without script must say where they come from; nothing is told to other sites. */}
      <meta name="referrer" content="same-origin" />
      <meta name="csrf" content={frame.csrf} />
      <meta name="installation" content={frame.uuid} />
      <meta name="build" content={frame.build} />
      <meta name="now" content={String(frame.now)} />
      <link rel="icon" type="image/svg+xml" href={frame.asset("icon.svg")} />
      <link rel="stylesheet" href={frame.asset("style.css")} />
      {plain !== undefined && (
        <noscript>
          <meta http-equiv="refresh" content={`0; url=${plain}`} />
        </noscript>
      )}
      <script type="module" src={frame.asset(script)}></script>
    </head>
    <body class={here === "review" ? "fixed" : undefined}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Icons />
      <header>
        <a class="brand" href="/">
          Photogate
        </a>
        <nav aria-label="Pages">
          <a href="/" aria-current={here === "sets" ? "page" : undefined}>
            Sets
          </a>
          <a href="/runs" aria-current={here === "runs" ? "page" : undefined}>
            Runs
          </a>
          <a href="/catalogue" aria-current={here === "catalogue" ? "page" : undefined}>
            Catalogue
          </a>
          <a href="/problems" id="nav-problems" data-live="all" aria-current={here === "problems" ? "page" : undefined}>
            Problems{frame.problems > 0 && <b class="count">{frame.problems}</b>}
          </a>
          <a href="/settings" aria-current={here === "settings" ? "page" : undefined}>
            Settings
          </a>
        </nav>
        {trail}
      </header>
      <p id="alert" class="alert" role="alert" hidden={frame.fault === undefined}>
        {faultText(frame.fault)}
      </p>
      <p id="updated" class="alert" role="status" hidden>
        Photogate was updated.{" "}
        <button type="button" class="link">
          Reload
        </button>
      </p>
      {bar}
      <main id="main" tabindex={-1} class={main}>
        {children}
      </main>
      <footer>{footer ?? <span>Photogate {frame.version}, on this machine only</span>}</footer>
      <p id="status" class="hidden" role="status"></p>
    </body>
  </html>
);

const SCHEMES = { dark: "dark", light: "light", system: "light dark" } as const;

const faultText = (code: string | undefined): string =>
  code !== undefined && isFaultCode(code) ? `${FAULTS[code].means} ${FAULTS[code].remedy} (${code})` : "";

interface ActionProps {
  readonly frame: Frame;
  readonly to: string;
  /** hidden fields */
  readonly values?: Readonly<Record<string, string | number>>;
  readonly kind?: "main" | "danger" | "plain" | "quiet";
  readonly label: string;
  /** for readers who do not see what the button stands beside */
  readonly of?: string;
  readonly autofocus?: boolean;
}

/** One button that changes something: a form, so that it works without script. */
export const Action: FC<ActionProps> = ({ frame, to, values = {}, kind = "plain", label, of }) => (
  <form method="post" action={`/forms${to}`} class="action">
    <input type="hidden" name="csrf" value={frame.csrf} />
    {Object.entries(values).map(([name, value]) => (
      <input type="hidden" name={name} value={String(value)} />
    ))}
    <button type="submit" class={kind}>
      {label}
      {of !== undefined && <span class="hidden"> {of}</span>}
    </button>
  </form>
);

/** Where a page lists its keys. */
export const KeySheet: FC = () => (
  <dialog id="sheet" aria-labelledby="sheet-title">
    <h2 id="sheet-title">Keys</h2>
    <div id="sheet-body"></div>
    <div class="acts">
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </div>
  </dialog>
);

/** A page that has only something to say. */
export const Notice: FC<{ readonly frame: Frame; readonly title: string; readonly children?: Child }> = ({
  frame,
  title,
  children,
}) => (
  <Page frame={frame} title={`${title} · Photogate`} script="pages.js" here="sets" main="page">
    <h1>
      <Icon name="problem" /> {title}
    </h1>
    {children}
    <p>
      <a class="button" href="/">
        To the sets
      </a>
    </p>
  </Page>
);
