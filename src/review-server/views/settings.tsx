import type { FC } from "hono/jsx";
import { type Preferences, SINGLE_KEYS, THEMES } from "../../domain/preferences.ts";
import type { SettingsInForce } from "../deps.ts";
import { Wide } from "./chart.tsx";
import { Action, type Frame, Page } from "./layout.tsx";

const THEME_WORDS: Readonly<Record<Preferences["theme"], string>> = {
  dark: "Dark, for judging photos",
  light: "Light, for a bright room",
  system: "As this computer has it",
};

const KEY_WORDS: Readonly<Record<Preferences["singleKeys"], string>> = {
  on: "Everywhere on the review page",
  focus: "Only while the grid or the loupe has the focus",
  off: "Off: press Ctrl and Alt with them",
};

interface SettingsProps {
  readonly frame: Frame;
  readonly settings: SettingsInForce;
}

/** What can be chosen here works at once; the rest is in a file, and shown as it is in force. */
export const SettingsPage: FC<SettingsProps> = ({ frame, settings }) => (
  <Page frame={frame} title="Settings · Photogate" script="pages.js" here="settings" main="page">
    <h1>Settings</h1>
    <section aria-labelledby="look-title">
      <h2 id="look-title">This page</h2>
      <form method="post" action="/forms/preferences" class="choices">
        <input type="hidden" name="csrf" value={frame.csrf} />
        <input type="hidden" name="back" value="/settings" />
        <fieldset>
          <legend>Brightness</legend>
          {THEMES.map((theme) => (
            <Choice name="theme" value={theme} chosen={frame.preferences.theme} word={THEME_WORDS[theme]} />
          ))}
        </fieldset>
        <fieldset>
          <legend>Keys that are one letter or sign</legend>
          {SINGLE_KEYS.map((keys) => (
            <Choice name="singleKeys" value={keys} chosen={frame.preferences.singleKeys} word={KEY_WORDS[keys]} />
          ))}
        </fieldset>
        <button type="submit" class="main">
          Keep
        </button>
      </form>
    </section>
    <section aria-labelledby="out-title">
      <h2 id="out-title">Who may use it</h2>
      <p>Only this computer can open these pages, and only with a link from it. A link holds for 12 hours of use.</p>
      <Action frame={frame} to="/sign-out" kind="danger" label="Sign out every browser" />
    </section>
    <section aria-labelledby="file-title">
      <h2 id="file-title">In force</h2>
      <p>
        Written in <bdi class="path">{settings.file}</bdi>, where each is explained; a change there works after a
        restart. Passwords are kept apart and never shown.
      </p>
      <Wide of="Settings in force">
        <table>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {settings.settings.map(({ name, value }) => (
              <tr>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td class="path">{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  </Page>
);

const Choice: FC<{ readonly name: string; readonly value: string; readonly chosen: string; readonly word: string }> = ({
  name,
  value,
  chosen,
  word,
}) => (
  <label>
    <input type="radio" name={name} value={value} checked={value === chosen} /> {word}
  </label>
);
