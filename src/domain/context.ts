import { z } from "zod";
import type { SetContext } from "./photo.ts";

/** The optional file beside the photos of a set; what it says wins over the folder's name. */
export const CONTEXT_FILE = "photogate.yaml";

const date = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, "must be 2026, 2026-10 or 2026-10-14");

export const ContextSchema = z.strictObject({
  subject: z.string().trim().min(1).max(75).optional(),
  location: z.string().trim().min(1).max(120).optional(),
  folder: z.string().trim().min(1).max(60).optional(),
  // YAML reads 2026 as a number and 2026-10-14 as it stands.
  date: z.union([z.int().min(1826).max(2199).transform(String), date]).optional(),
});

export type ContextFile = z.infer<typeof ContextSchema>;

// What a camera or a file manager calls a folder says nothing about what is in it.
const NAMELESS =
  /^(dcim|\d{3}[a-z_]{1,5}\d*|new folder.*|untitled.*|neuer ordner.*|camera( roll)?|photos?|images?|pictures?|import|card|sd)$/i;

/**
 * What a folder's name tells: `2026-10 Gulls, Texel` is a date, a subject and a place.
 *
 * @param name of the folder, without its path
 */
export function contextOfFolder(name: string): Omit<SetContext, "folder"> {
  const [, date, rest = ""] = /^(\d{4}(?:-\d{2}){0,2})?[\s_-]*(.*)$/s.exec(name.trim()) ?? [];
  const words = rest.replaceAll("_", " ").trim();
  const dated = date === undefined ? {} : { date };
  if (words === "" || NAMELESS.test(words)) return dated;
  const [subject = "", ...places] = words.split(",").map((part) => part.trim());
  const location = places.filter((place) => place !== "").join(", ");
  return { ...dated, ...(subject === "" ? {} : { subject }), ...(location === "" ? {} : { location }) };
}

/** The context of a set: file over folder name over setting. */
export const mergeContext = (folder: string, named: Omit<SetContext, "folder">, file: ContextFile): SetContext => ({
  folder,
  ...named,
  ...Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined)),
});
