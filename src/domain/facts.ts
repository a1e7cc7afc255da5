import { z } from "zod";
import { CropSchema } from "./crop-proposal.ts";
import { FinalCropSchema } from "./cropped.ts";
import { DEFECTS } from "./defects.ts";
import { IMAGE_TYPES } from "./formats.ts";
import { CATEGORIES, IdentifiedSchema, PEOPLE } from "./identification.ts";
import { LABELS } from "./marks.ts";
import { TrySchema } from "./model-answer.ts";
import { ProofSchema } from "./proof.ts";

/**
 * What each stage finds out about a photo. The stored facts of a stage are its checkpoint: a photo that has them has done
 * that stage. File names in facts are relative to the photo's working folder.
 */

const ImageTypeSchema = z.enum(IMAGE_TYPES);

export const ValidateFacts = z.object({
  type: ImageTypeSchema,
  /** what our copy is called by, told by the content: `jpg`, `heic`, `nef` */
  extension: z
    .string()
    .regex(/^[a-z0-9]{2,4}$/)
    .default("jpg"),
  bytes: z.int().positive(),
});

export const IngestFacts = z.object({
  file: z.string(),
  bytes: z.int().positive(),
  sha256: z.string().length(64),
  /** what travels with the photo: `file` is our copy, `name` what the photographer called it */
  companions: z
    .array(
      z.object({
        file: z.string(),
        name: z.string(),
        bytes: z.int().nonnegative(),
        sha256: z.string().length(64),
      }),
    )
    .default([]),
  /** companions that could not be copied: the photo goes on without them, and they are named */
  uncopied: z.array(z.object({ path: z.string(), code: z.string(), why: z.string() })).default([]),
});

export const TIME_SOURCES = ["exif", "xmp", "quicktime"] as const;

export const ExifFacts = z.object({
  /** as the camera wrote it, `2026:10:14 08:12:33`, without a zone; null if the photo has none */
  takenAt: z.string().nullable(),
  /** where `takenAt` comes from; null if nothing in the file says when */
  timeSource: z.enum(TIME_SOURCES).nullable().default(null),
  /** when the file was last written, ISO in UTC: to be shown where the camera says nothing, never for names or bursts */
  fileTime: z.string().nullable().default(null),
  /** what the camera calls the burst this photo is of */
  burst: z.string().nullable().default(null),
  /** `+02:00`, if the camera wrote one */
  offset: z.string().nullable(),
  subSec: z.string().nullable(),
  /** make and model with the make once: `Canon EOS R5 Mark II`; null if the photo has none */
  camera: z.string().nullable(),
  lens: z.string().nullable(),
  /** `1/250 sec` */
  exposure: z.string().nullable(),
  /** `f/2.8` */
  aperture: z.string().nullable(),
  iso: z.int().nullable(),
  /** millimetres */
  focalLength: z.int().nullable(),
  /** what tells shots of a series apart; never published. A camera that says nothing says null */
  shutter: z
    .object({
      /** serial number of the camera */
      serial: z.string().nullable(),
      exposureSeconds: z.number().positive().nullable(),
      /** EV */
      exposureBias: z.number().nullable(),
      /** metres from the camera to what is in focus */
      focusDistance: z.number().positive().nullable(),
      /** the camera was set to vary the exposure */
      isBracketed: z.boolean(),
    })
    .default({ serial: null, exposureSeconds: null, exposureBias: null, focusDistance: null, isBracketed: false }),
  /**
   * The town nearest to where the camera says it was; null if it does not say, or no town is near. The position itself is
   * not kept. `country` is null near a border.
   */
  place: z
    .object({ city: z.string(), country: z.string().nullable(), km: z.number().nonnegative() })
    .nullable()
    .default(null),
  /** names of what a reader would expect and this photo lacks: `date`, `camera` */
  missing: z.array(z.string()),
});

/** Degrees, north and east positive. */
const PositionSchema = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
export type Position = z.infer<typeof PositionSchema>;

/** What the file itself knows, without the time the file system gives it, and before anybody has said which town is near. */
export const CameraTags = ExifFacts.omit({ fileTime: true, place: true }).extend({
  /** where the camera says it was; never stored */
  position: PositionSchema.nullable(),
});

/** Where somebody's words were found. */
const OriginSchema = z.enum(["file", "sidecar"]);
export type Origin = z.infer<typeof OriginSchema>;

const written = <T extends z.ZodType>(value: T) => z.object({ value, from: OriginSchema }).nullable();

/** What somebody already wrote about the photo, as it stands in the file or beside it. Evidence: never altered. */
export const IptcFacts = z.object({
  title: written(z.string()),
  headline: written(z.string()),
  caption: written(z.string()),
  altText: written(z.string()),
  keywords: written(z.array(z.string())),
  /** `animals|birds|gull`, from the broadest to the narrowest */
  hierarchy: written(z.array(z.string())),
  /** -1 rejected, 0 none, 1 to 5 stars */
  rating: written(z.int().min(-1).max(5)),
  label: written(z.string()),
  copyright: written(z.string()),
  creator: written(z.string()),
  sublocation: written(z.string()),
  city: written(z.string()),
  state: written(z.string()),
  country: written(z.string()),
  persons: written(z.array(z.string())),
});

const PreviewSchema = z.object({
  file: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  bytes: z.int().positive(),
  sha256: z.string().length(64),
});
export type Preview = z.infer<typeof PreviewSchema>;

/** What the pixels say about how a photo was made, before anybody rates it. On 1024-px luma where nothing else is said. */
const MeasuresSchema = z.object({
  /** how much of its gradients a photo loses when blurred, in its crispest parts: 0-1, a crisp one above 0.9 */
  reblur: z.number().min(0).max(1),
  /** noise in its calmest parts, in luma steps; null where no part is calm, or free of black and white */
  noise: z.number().nonnegative().nullable(),
  /** fine detail along its best direction over that along its worst, >= 1: a shake leaves one direction poor */
  anisotropy: z.number().min(1),
  /** share of the textured parts whose poorest direction is that of the whole photo, 0-1 */
  smear: z.number().min(0).max(1),
  /** steps at the borders of 8 x 8 blocks over those inside, about 1 without; null where not decoded at native size */
  blockiness: z.number().nonnegative().nullable(),
  /** share of the pixels of which a channel is 254 or more */
  clipped: z.number().min(0).max(1),
  /** the luma that one pixel in twenty exceeds */
  p95: z.number().min(0).max(255),
  /** luma between the darkest and the lightest hundredth */
  range: z.number().min(0).max(255),
  /** to rank frames of one scene by: gradients without noise, in the crispest tenth, at one brightness */
  detail: z.number().nonnegative(),
  /** 1-100, by the quantization tables; null for what is no JPEG */
  jpegQuality: z.number().min(1).max(100).nullable(),
});
export type Measures = z.infer<typeof MeasuresSchema>;

const hexDigits = (count: number) => z.string().regex(new RegExp(`^[0-9a-f]{${count}}$`));

export const LookFacts = z.object({
  /** pixels of the upright full image */
  width: z.int().positive(),
  height: z.int().positive(),
  /** `model` is what a model of language and vision gets to see */
  previews: z.object({ large: PreviewSchema, medium: PreviewSchema, model: PreviewSchema, small: PreviewSchema }),
  /**
   * The JPEG a camera put into its RAW: previews, measures and the site's images are made of it, never of sensor data.
   * `isSmall`: less than 1000 px on its long edge. Null where the file itself is decoded.
   */
  embedded: PreviewSchema.extend({ isSmall: z.boolean() }).nullable().default(null),
  /** 64-bit perceptual hash without DC row and column */
  phash: hexDigits(16),
  /** that hash for the photo as it is, and for its seven other flips and quarter turns */
  phashes: z.array(hexDigits(16)).length(8),
  /** 256-bit perceptual hash without DC row and column */
  phash256: hexDigits(64),
  /** 64-bit difference hash */
  dhash: hexDigits(16),
  /** base64 of 256 signed bytes: 16 x 16 luma around its mean, the largest 127 or -127; all zero for a flat picture */
  thumb: z.base64().length(344),
  /** file of 96 x 96 bytes of luma, the photo stretched to a square */
  grey: z.string(),
  /** sha256 of width, height and upright sRGB pixels at the size decoded: equal where only metadata differ */
  pixels: hexDigits(64),
  /** file of float32 rows, little-endian, 36 features of natural contrast for each of at most 80 sharp patches */
  patches: z.string(),
  measures: MeasuresSchema,
  crops: z.array(CropSchema).default([]),
  /** variance of the Laplacian on 1024-px luma, >= 0 */
  sharpness: z.number().nonnegative(),
  /** mean luma, 0-255 */
  brightness: z.number().min(0).max(255),
  /** standard deviation of luma, 0-128 */
  contrast: z.number().min(0).max(128),
});

/** How two photos are alike, strongest first. What each means stands in `likeness.ts`. */
export const TIERS = ["exact", "same-frame", "derived", "burst", "bracket", "stack", "panorama", "semantic"] as const;
export type Tier = (typeof TIERS)[number];

/** What speaks for a pair; what was not looked at is not there. */
const EvidenceSchema = z.object({
  /** bits that differ, 0-64, mirrored or turned if that is nearer */
  phash: z.int().min(0).max(64).optional(),
  /** of the 16 x 16 reductions, -1 to 1 */
  cosine: z.number().min(-1).max(1).optional(),
  /** bits of the long hash that differ, 0-256 */
  phash256: z.int().min(0).max(256).optional(),
  /** how well one is found within the other, -1 to 1 */
  ncc: z.number().min(-1).max(1).optional(),
  /** between the two shots */
  seconds: z.number().nonnegative().optional(),
  /** cosine of what a learned model made of them, -1 to 1 */
  semantic: z.number().min(-1).max(1).optional(),
});
export type Evidence = z.infer<typeof EvidenceSchema>;

/** What a look at the grey reductions of two photos has shown; null for what could not be told. */
const PixelwiseSchema = z.object({
  /** -1 to 1: how well one is found within the other */
  crop: z.number().min(-1.001).max(1.001).nullable(),
  /** how the second goes on where the first ends, and how well */
  overlap: z
    .object({ score: z.number().min(-1.001).max(1.001), towards: z.enum(["left", "right", "up", "down"]) })
    .nullable(),
});
export const PixelwiseAnswers = z.array(PixelwiseSchema);
export type PixelwiseAnswer = z.infer<typeof PixelwiseSchema>;
export type Overlap = NonNullable<PixelwiseAnswer["overlap"]>;

/** Which other photos this one is like. A proposal: nothing is left out because of it. */
export const LikenessFacts = z.object({
  groups: z.array(
    z.object({
      tier: z.enum(TIERS),
      /** the smallest id of its members */
      group: z.int(),
      members: z.array(z.int()),
      /** null where nothing may be culled: brackets, stacks, panoramas, what only a learned model calls alike */
      keeper: z.int().nullable(),
      isKeeper: z.boolean(),
      /** what sets the keeper above this photo; of the keeper, above the next */
      reason: z.string(),
      /** to the keeper; of the keeper, to the nearest; without one, to whom most of them are like */
      evidence: EvidenceSchema,
    }),
  ),
  /** photos that were taken in with other sets */
  elsewhere: z.array(z.object({ photo: z.int(), tier: z.enum(TIERS), evidence: EvidenceSchema })),
});

const MetricSchema = z.discriminatedUnion("source", [
  z.object({ source: z.literal("measured"), value: z.number() }),
  /** by a model of the user's own, called by its id */
  z.object({ source: z.literal("plugin"), value: z.number(), plugin: z.string() }),
  z.object({ source: z.literal("missing") }),
]);
export const METRICS = ["clip", "nima", "blur", "brightness", "contrast", "brisque"] as const;
export const BANDS = ["Top", "Good", "Average", "Low", "Very Low"] as const;
const MetricsSchema = z.object({
  clip: MetricSchema,
  nima: MetricSchema,
  blur: MetricSchema,
  brightness: MetricSchema,
  contrast: MetricSchema,
  brisque: MetricSchema,
});
export type Metrics = z.infer<typeof MetricsSchema>;
export type MetricName = (typeof METRICS)[number];
export type Band = (typeof BANDS)[number];

export const TECHNICAL_BANDS = ["Excellent", "Good", "Fair", "Poor"] as const;
export type TechnicalBand = (typeof TECHNICAL_BANDS)[number];

const points = z.number().min(0).max(100);
const score = points.nullable();
const TechnicalSchema = z.object({
  /** of all of them, 0-100 */
  score: points,
  /** null where there is nothing to judge by */
  scores: z.object({
    sharp: score,
    noise: score,
    motion: score,
    block: score,
    high: score,
    low: score,
    contrast: score,
  }),
  /** the worst of them, if it is bad enough to be named */
  defect: z.enum(DEFECTS).nullable(),
  band: z.enum(TECHNICAL_BANDS),
  needsAttention: z.boolean(),
  /** scores that something else in the picture may have bent */
  unreliable: z.array(z.enum(DEFECTS)),
  /** version of the rules */
  scorer: z.string(),
});
export type Technical = z.infer<typeof TechnicalSchema>;

/** What a learned scorer of the user's own said. */
export const OpinionSchema = z.discriminatedUnion("kind", [
  /** `score01`: where it lies between the ends its manifest names, 0-1 */
  z.object({ kind: z.literal("score"), raw: z.number(), score01: z.number().min(0).max(1).nullable() }),
  /** signed bytes in base64, scaled so that the largest magnitude is 127: cosines of it are those of the model's vector */
  z.object({
    kind: z.literal("embedding"),
    vector: z.string(),
    /** sha256 of the model file: vectors of other weights do not compare; empty in facts of before it was kept */
    weights: z.string().default(""),
    /** cosine from which two photos are alike, if its manifest says so */
    alike: z.number().nullable().default(null),
  }),
]);
export type Opinion = z.infer<typeof OpinionSchema>;

const PluginSchema = z.object({
  /** its id, or the folder of one whose manifest cannot be read */
  id: z.string(),
  said: z.discriminatedUnion("kind", [
    ...OpinionSchema.options,
    z.object({ kind: z.literal("unavailable"), code: z.string(), why: z.string() }),
  ]),
});
export type PluginSaid = z.infer<typeof PluginSchema>;

export const QualityFacts = z.object({
  metrics: MetricsSchema,
  /** beside the published quality and no part of it */
  technical: TechnicalSchema,
  /**
   * Against the photographer's own archive: per cent of its photos that lie nearer to it, and whether it is unlike all of
   * it. Null without a model of the archive, or where the photo has too little in focus to say.
   */
  archive: z
    .object({ percentile: z.number().min(0).max(100), unlike: z.boolean() })
    .nullable()
    .default(null),
  /** learned scorers that were asked; each is evidence beside the figures, or gave one of the metrics */
  plugins: z.array(PluginSchema).default([]),
  /** 0-10, two decimals, over the metrics there are */
  qr: z.number().min(0).max(10),
  band: z.enum(BANDS),
  /** metrics that were not there when `qr` was computed; a partial QR is never shown as a full one */
  missing: z.array(z.enum(METRICS)),
});

/** What a model takes the set to show, by the votes of some of its photos. Never the set's subject by itself. */
const SuggestionSchema = z.object({
  /** the everyday word */
  generic: z.string(),
  /** the exact name; null unless enough photos agree on it, and the model was sure each time */
  specific: z.string().nullable(),
  /** of the photos that were asked about, the share that agrees. 0-1 */
  share: z.number().min(0).max(1),
  category: z.enum(CATEGORIES),
  people: z.enum(PEOPLE),
  /** what can be read in any of them */
  visibleText: z.array(z.string()),
  setting: z.string(),
  /** the photos that were asked about */
  frames: z.array(z.int()),
  model: z.string(),
});
export type Suggestion = z.infer<typeof SuggestionSchema>;

export const SubjectFacts = z.object({
  /** only ever the photographer's own word */
  subject: z.string().nullable(),
  source: z.enum(["context", "none"]),
  /** what hangs on the kind of set it is; null where nobody chose one */
  kind: z
    .object({
      name: z.string(),
      genre: z.string(),
      vocabulary: z.array(z.string()),
      /** what else the subject may be called */
      aliases: z.array(z.string()),
      /** rules for wording that do not count in such a set */
      setAside: z.array(z.string()),
      /** words that have no business in it */
      unsaid: z.array(z.string()),
    })
    .nullable()
    .default(null),
  suggestion: SuggestionSchema.nullable().default(null),
  /** why nothing is suggested, where a model was to be asked; null where none was, or something is */
  silence: z.string().nullable().default(null),
  /** what was seen speaks against the photographer's word */
  conflict: z.boolean().default(false),
  /** the photos that were asked about show things this different; null where they do not */
  mixed: z
    .array(z.object({ subject: z.string(), photos: z.array(z.int()) }))
    .nullable()
    .default(null),
  /** of a mixed set, the subject this photo seems to belong to */
  part: z.string().nullable().default(null),
  /** what a model saw in this very photo; null where it was not asked about it */
  seen: IdentifiedSchema.nullable().default(null),
  /** what can be read in this photo, or in one that is the same scene */
  readable: z.array(z.string()).default([]),
});

/** Who wrote a field: the captioner, the template where a model's could not be mended, or somebody before us. */
const WrittenBySchema = z.enum(["captioner", "template", "file", "sidecar"]).default("captioner");

/** What stands behind a model's words: which model, how it was asked, and what it said of itself. */
const WordsEvidence = z.object({
  model: z.string(),
  /** what tells one set of weights from another */
  digest: z.string(),
  /** of the server */
  version: z.string(),
  prompt: z.int(),
  shape: z.int(),
  /** of the question: picture, model, server, prompt, options and facts; an answer is stored under it */
  key: z.string().length(64),
  /** what the model says it sees, in noun phrases */
  visible: z.array(z.string()),
  /** what it says it is not sure of */
  uncertain: z.array(z.string()),
  /** how sure it was of the words of its caption, mean and tenth percentile, <= 0; null where the server does not say */
  logprob: z.object({ mean: z.number(), p10: z.number() }).nullable(),
  /** null where no try gave an answer: the words are then a template's */
  doneReason: z.string().nullable(),
  /** sha256 of the fields as the model gave them, before anything was mended; empty where it gave none */
  said: z.string().default(""),
  /** every question that was asked, in order */
  tries: z.array(TrySchema),
});

export const WordsFacts = z.object({
  caption: z.string(),
  altText: z.string(),
  keywords: z.array(z.string()),
  /** who wrote them: `template`, or whoever asked a model */
  captioner: z.string(),
  /** null where no model was asked */
  evidence: WordsEvidence.nullable().default(null),
  /** words that were there already are taken as they are */
  from: z
    .object({ caption: WrittenBySchema, altText: WrittenBySchema, keywords: WrittenBySchema })
    .default({ caption: "captioner", altText: "captioner", keywords: "captioner" }),
  /** null where they were written before there were rules for them */
  proof: ProofSchema.nullable().default(null),
  /** the photo of its group whose words these are; null where they were written for this one */
  derivedFrom: z.int().nullable().default(null),
});

export const NameFacts = z.object({
  /** reserved in the ledger, with extension */
  name: z.string(),
  /** subject words were dropped from the end to keep the name within its limit */
  shortened: z.boolean(),
});

/** Everything that is published about a photo besides its pixels, and which of them. */
export const FinalSchema = z.object({
  name: z.string(),
  caption: z.string(),
  altText: z.string(),
  keywords: z.array(z.string()),
  subject: z.string(),
  location: z.string(),
  folder: z.string(),
  /** four digits, or `undated`; the one rule for the year in name, path and URL */
  year: z.string(),
  qr: z.number(),
  band: z.enum(BANDS),
  partial: z.boolean(),
  /** stars and colour, where a person gave any */
  marks: z.object({ stars: z.int().min(0).max(5), label: z.enum([...LABELS, ""]) }).optional(),
  /** null where the whole picture is published, as all were before there were crops */
  crop: FinalCropSchema.default(null),
});
export type Final = z.infer<typeof FinalSchema>;

/** The gate's facts: they come from a person, at release. */
export const ReviewFacts = z.object({
  release: z.string(),
  /** sha256 of the approved bytes and fields */
  hash: z.string().length(64),
  final: FinalSchema,
});

/** What of a look is enough to compare photos of any folder; `grey` and `model` are files in the folder that was given for them. */
export const PrintsSchema = LookFacts.pick({
  width: true,
  height: true,
  phash: true,
  phashes: true,
  phash256: true,
  dhash: true,
  thumb: true,
  grey: true,
  pixels: true,
}).extend({
  type: z.enum(IMAGE_TYPES),
  /** the preview that learned scorers see; null where nobody wanted it */
  model: z.string().nullable(),
  measures: MeasuresSchema.pick({ detail: true, noise: true, clipped: true, jpegQuality: true }),
});
export type Prints = z.infer<typeof PrintsSchema>;

const RenderedFileSchema = z.object({
  path: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  bytes: z.int().positive(),
  sha256: z.string().length(64),
});
/** The files made for the site, before they are there. */
export const RenderedFiles = z.object({ full: RenderedFileSchema, thumb: RenderedFileSchema });
export type Rendered = z.infer<typeof RenderedFiles>;
export type RenderedFile = z.infer<typeof RenderedFileSchema>;

/** `path` is where the target keeps it, `url` where the public finds it. */
const PublishedFileSchema = RenderedFileSchema.extend({ url: z.string() });
export type PublishedFile = z.infer<typeof PublishedFileSchema>;

export const PublishFacts = z.object({
  target: z.string(),
  full: PublishedFileSchema,
  thumb: PublishedFileSchema,
  /** row id in the mirror; negative while the site has not given one */
  rowId: z.int(),
});

export const ArchiveFacts = z.object({
  /** absolute path of the verified archive copy; null if no archive is set */
  copy: z.string().nullable(),
  companions: z.array(z.object({ name: z.string(), copy: z.string() })).default([]),
  /** originals that went to the archive; `gone` were not there any more when their turn came, and their copy was */
  moved: z
    .array(
      z.object({ path: z.string(), copy: z.string(), sha256: z.string().length(64), found: z.enum(["there", "gone"]) }),
    )
    .default([]),
  /** originals that were to go to the archive and stay where they are */
  kept: z.array(z.object({ path: z.string(), why: z.string() })).default([]),
});

export const FACTS = {
  validate: ValidateFacts,
  ingest: IngestFacts,
  exif: ExifFacts,
  iptc: IptcFacts,
  look: LookFacts,
  likeness: LikenessFacts,
  quality: QualityFacts,
  subject: SubjectFacts,
  words: WordsFacts,
  name: NameFacts,
  review: ReviewFacts,
  publish: PublishFacts,
  archive: ArchiveFacts,
};

export type StageName = keyof typeof FACTS;
export type Facts = { readonly [K in StageName]: z.infer<(typeof FACTS)[K]> };

export const isStageName = (name: string): name is StageName => Object.hasOwn(FACTS, name);

/** Facts of the person and of the site are never guessed anew: if they no longer read, that is a fault. */
export const IRREPLACEABLE: ReadonlySet<StageName> = new Set<StageName>(["review", "publish"]);

const decoders: { readonly [K in StageName]: z.ZodType<Facts[K]> } = FACTS;

/**
 * Adds the facts of one stage, if they still read.
 *
 * @returns false where the stored facts no longer fit: the stage is treated as not done
 */
export function addFacts<K extends StageName>(
  into: { [P in StageName]?: Facts[P] },
  stage: K,
  stored: unknown,
): boolean {
  const read = decoders[stage].safeParse(stored);
  if (read.success) into[stage] = read.data;
  return read.success;
}
