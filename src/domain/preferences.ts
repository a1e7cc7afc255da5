/** How the pages look and hear, as the person at this machine likes it. Nothing here changes what is published. */
import { z } from "zod";

export const THEMES = ["dark", "light", "system"] as const;
/** Keys that are one letter or sign, for who speaks to the machine or leans on it (WCAG 2.1.4). */
export const SINGLE_KEYS = ["on", "focus", "off"] as const;

export const PreferencesSchema = z.object({
  theme: z.enum(THEMES).catch("dark").default("dark"),
  singleKeys: z.enum(SINGLE_KEYS).catch("on").default("on"),
});
export type Preferences = z.infer<typeof PreferencesSchema>;
