import { type Description, DescriptionSchema } from "../../domain/context.ts";
import { type Correction, CorrectionSchema } from "../../domain/correction.ts";
import { Fault } from "../../domain/fault.ts";

/**
 * What a person says about a set, as JSON.
 *
 * @param kinds names of those there are
 * @throws Fault set.description-invalid with every mistake
 */
export function descriptionIn(body: unknown, kinds: readonly string[]): Description {
  const read = DescriptionSchema.safeParse(body);
  const kind = read.data?.kind;
  if (kind !== undefined && !kinds.includes(kind)) throw unknownKind(kind, kinds);
  if (read.success) return read.data;
  throw invalid(read.error.issues);
}

/**
 * What a person puts right about some photos, as JSON.
 *
 * @param kinds names of those there are
 * @throws Fault set.description-invalid with every mistake
 */
export function correctionIn(body: unknown, kinds: readonly string[]): Correction {
  const read = CorrectionSchema.safeParse(body);
  const kind = read.data?.kind ?? undefined;
  if (kind !== undefined && !kinds.includes(kind)) throw unknownKind(kind, kinds);
  if (read.success) return read.data;
  throw invalid(read.error.issues);
}

const unknownKind = (kind: string, kinds: readonly string[]): Fault =>
  new Fault("set.description-invalid", `kind: there is no ${JSON.stringify(kind)}; there are: ${kinds.join(", ")}`);

const invalid = (issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): Fault =>
  new Fault(
    "set.description-invalid",
    issues.map(({ path, message }) => `${path.join(".") || "description"}: ${message}`).join("; "),
  );

const FIELDS = ["subject", "location", "category", "date", "copyright", "event", "kind", "captioner", "model"];

/** The same from a form: the fields it has, and a line for each camera (`camera-0`, `off-0`, `way-0`). */
export function descriptionFromForm(form: Readonly<Record<string, string>>, kinds: readonly string[]): Description {
  const fields = Object.entries(form).filter(([name]) => FIELDS.includes(name));
  const lines = Object.keys(form).flatMap((name) => /^camera-(\d+)$/.exec(name)?.[1] ?? []);
  const clock = lines.map((line): [string, string] => {
    const off = (form[`off-${line}`] ?? "").trim();
    return [form[`camera-${line}`] ?? "", off === "" ? "" : `${form[`way-${line}`] === "behind" ? "-" : "+"}${off}`];
  });
  const { suggested } = form;
  return descriptionIn(
    {
      ...Object.fromEntries(fields),
      ...(suggested === undefined ? {} : { subject: suggested }),
      ...(clock.length === 0 ? {} : { clock: Object.fromEntries(clock.filter(([, off]) => off !== "")) }),
    },
    kinds,
  );
}
