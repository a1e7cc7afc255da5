import { type Preferences, PreferencesSchema } from "../domain/preferences.ts";
import type { Database } from "./database.ts";

/** What a person chose on the settings page; what was never chosen, or no longer reads, is as it is by itself. */
export interface PreferencesStore {
  read(): Preferences;
  write(wanted: Partial<Preferences>): void;
}

export function preferencesOn(database: Database): PreferencesStore {
  const all = database.prepare<[], { name: string; value: string }>("select name, value from preferences");
  const put = database.prepare<[string, string]>(
    "insert into preferences (name, value) values (?, ?) on conflict do update set value = excluded.value",
  );
  return {
    read: () => PreferencesSchema.parse(Object.fromEntries(all.all().map(({ name, value }) => [name, value]))),
    write: database.transaction((wanted: Partial<Preferences>) => {
      for (const [name, value] of Object.entries(wanted)) put.run(name, value);
    }).immediate,
  };
}
