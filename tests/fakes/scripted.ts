/**
 * A model as they are: for each picture it has one of four manners, and keeps to it. It looks at nothing; what a good answer
 * says is true of every picture it is used for. What is asked again about a picture gets a second answer.
 */
import { createHash } from "node:crypto";
import { type Asked, type Mode, replyText, sighted } from "./ollama.ts";

/** `weak` mends itself when told, `half` mends the worst of it, `wrong` insists, `repetitive` says what it said before. */
export type Manner = "good" | "weak" | "half" | "wrong" | "repetitive";

interface Said {
  readonly visible: readonly string[];
  readonly caption: string;
  readonly alt: string;
  readonly keywords: readonly string[];
}

const GOOD = [
  {
    visible: ["gulls", "sand", "a line of foam", "wet stones"],
    caption: "Gulls stand on wet sand beside a line of foam on Texel.",
    alt: "White birds in a row at the edge of the water.",
    keywords: "gull,texel,sand,foam,shore,bird,water,stone,tide,beach".split(","),
  },
  {
    visible: ["gulls", "a wooden post", "a dyke", "grass"],
    caption: "Gulls rest on wooden posts along a grassy dyke on Texel.",
    alt: "Two birds perched on timber above green grass.",
    keywords: "gull,texel,post,dyke,grass,bird,wood,perch,meadow,coast".split(","),
  },
  {
    visible: ["gulls", "a fishing boat", "nets", "a harbour wall"],
    caption: "Gulls circle above a fishing boat and its nets on Texel.",
    alt: "Birds in flight over a moored vessel with hanging nets.",
    keywords: "gull,texel,boat,net,harbour,flight,mast,bird,rope,wall".split(","),
  },
  {
    visible: ["gulls", "dunes", "marram grass", "a path"],
    caption: "Gulls glide over dunes with marram grass and a path on Texel.",
    alt: "Birds with open wings over hills of pale sand.",
    keywords: "gull,texel,dune,marram,path,wing,bird,sand,hill,glide".split(","),
  },
] as const satisfies readonly Said[];
/** The first time; when told what is wrong, the good one comes. */
const weakened = (said: Said): Said => ({
  ...said,
  caption: `A photo of ${said.caption.toLowerCase()}`.replace(/ on texel\.$/, " in this image."),
});
const halved = (said: Said): Said => ({
  ...said,
  caption: said.caption.replace("Gulls", "Majestic gulls"),
  alt: said.caption,
});
const WRONG: Said = {
  visible: ["gulls", "a bridge"],
  caption: "Gulls fly past the Golden Gate Bridge in San Francisco at dusk.",
  alt: "Birds over the Golden Gate Bridge with towers.",
  keywords: "gull,san francisco,bridge,bird,flight,tower,dusk,water,bay,sky".split(","),
};

/** @param manners of the pictures, in the order in which they are first shown; the last for all that follow */
export function scripted(manners: readonly Manner[]): (asked: Asked) => Mode {
  const seen = new Map<string, { manner: Manner; good: Said }>();
  return (asked) => {
    if (asked.isTestCard || asked.isBlind) return sighted(asked);
    const picture = pictureIn(asked);
    const known = seen.get(picture) ?? {
      manner: manners[seen.size] ?? manners.at(-1) ?? "good",
      good: GOOD[seen.size % GOOD.length] ?? GOOD[0],
    };
    seen.set(picture, known);
    return { text: replyText({ ...answerIn(known.manner, known.good, asked.again !== null) }) };
  };
}

function answerIn(manner: Manner, good: Said, again: boolean): Said {
  switch (manner) {
    case "good":
      return good;
    case "weak":
      return again ? good : weakened(good);
    case "half":
      return again ? { ...halved(good), alt: good.alt } : weakened(halved(good));
    case "wrong":
      return WRONG;
    // Another keyword each time: it is not the very same answer, only the same words.
    case "repetitive":
      return { ...GOOD[0], keywords: [...GOOD[0].keywords, good.keywords[2] ?? ""] };
  }
}

const pictureIn = ({ body }: Asked): string =>
  createHash("sha256")
    .update(JSON.stringify((body["messages"] as { images?: string[] }[])[1]?.images))
    .digest("hex");
