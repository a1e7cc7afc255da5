import type { Facts } from "./facts.ts";
import type { SourceFile } from "./photo.ts";

type Along = Pick<Facts["ingest"], "companions" | "uncopied">;

export interface CopiedCompanion {
  readonly source: SourceFile;
  readonly copy: Along["companions"][number];
}

/** Which copy is of which file: the facts name a companion as its folder does, the photo knows where it lies. */
export function copiedCompanions(
  sources: readonly SourceFile[],
  { companions, uncopied }: Along,
): readonly CopiedCompanion[] {
  const left = sources.filter(({ path }) => !uncopied.some((one) => one.path === path));
  return companions.flatMap((copy) => {
    const at = left.findIndex(({ path }) => isNamed(path, copy.name));
    return left.splice(at, at < 0 ? 0 : 1).map((source) => ({ source, copy }));
  });
}

const isNamed = (path: string, name: string): boolean => path.endsWith(`/${name}`) || path.endsWith(`\\${name}`);
