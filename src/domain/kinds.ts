/** Kinds of sets, as data: what a model is told of them, which words belong to them, and which rules. */

import type { Comparing } from "./likeness.ts";
import { withoutGaps } from "./profile.ts";
import { type Lexicon, lemmasOf } from "./wording-text.ts";

/** How long the frames of a burst may be apart, s: believed, and only to be looked at. */
export type Burst = Pick<Comparing, "burstSeconds" | "burstReviewSeconds">;

export interface Kind {
  readonly name: string;
  /** for whoever chooses */
  readonly about: string;
  /** what a model is told such photos are */
  readonly genre: string;
  /** keywords that are offered to a model, beside the photographer's own */
  readonly vocabulary: readonly string[];
  /** what else a subject may be called: the general word, and the subjects it holds for */
  readonly broader: Readonly<Record<string, readonly string[]>>;
  /** rules for wording that do not count here; warnings and infos only */
  readonly setAside: readonly string[];
  /** words that have no business in such a set, unless somebody said them */
  readonly unsaid: readonly string[];
  /** which frames are a burst; as in the settings where nothing is said */
  readonly burst: Burst | null;
  readonly example: KindExample;
}

/** What a subject of this kind may be called, and must not be taken for. */
export interface KindExample {
  readonly subject: string;
  /** a caption that speaks of it in general words */
  readonly passes: string;
  /** one that does not fit such a set */
  readonly fails: string;
}

const list = (words: string): string[] => words.trim().split(/\s*,\s*|\s+/);

const ANIMALS = {
  bird: list(`heron egret stork gull tern duck goose swan coot grebe cormorant eagle hawk buzzard kestrel falcon kite owl crane
    wader plover sandpiper godwit oystercatcher kingfisher woodpecker sparrow finch tit robin thrush blackbird starling swallow
    swift crow raven magpie jay pigeon dove pelican flamingo penguin puffin ibis spoonbill warbler wren hummingbird`),
  raptor: list("eagle hawk buzzard kestrel falcon kite harrier osprey vulture"),
  mammal:
    list(`deer elk moose fox wolf bear seal otter badger hare rabbit squirrel boar bison horse lion leopard cheetah tiger
    elephant giraffe zebra rhino hippo monkey baboon whale dolphin hedgehog beaver bat`),
  cat: list("lion leopard cheetah tiger lynx puma jaguar"),
  reptile: list("lizard snake turtle tortoise crocodile gecko iguana"),
  amphibian: list("frog toad newt salamander"),
};
const INSECTS = {
  insect:
    list(`bee bumblebee wasp hornet fly hoverfly dragonfly damselfly butterfly moth beetle ladybird ladybug ant grasshopper
    cricket mantis bug mosquito`),
  butterfly: list("admiral fritillary swallowtail monarch brimstone peacock"),
  arachnid: list("spider harvestman scorpion tick"),
};
const PLANTS = {
  flower:
    list(`rose tulip daisy poppy orchid lily iris crocus snowdrop sunflower anemone bluebell dahlia foxglove lavender
    buttercup dandelion clover`),
  plant: list("fern moss grass reed thistle nettle heather ivy"),
  fungus: list("mushroom toadstool amanita bracket chanterelle"),
  mushroom: list("toadstool amanita chanterelle"),
};

/** The kinds that come with the house. Own ones of the same name are laid over them. */
export const STOCK_KINDS: readonly Kind[] = [
  {
    name: "wildlife",
    about: "animals living free",
    genre: "wildlife",
    vocabulary: list("wildlife, animal, habitat, plumage, feather, fur, behaviour, foraging"),
    broader: { ...ANIMALS, ...INSECTS, animal: Object.entries({ ...ANIMALS, ...INSECTS }).flat(2) },
    // Who is whose mother is what is seen of animals: a cub, a brood, a pair.
    setAside: ["CAP-RELATION"],
    unsaid: list("pet, cage, zoo, toy, statue, costume"),
    burst: { burstSeconds: 2, burstReviewSeconds: 5 },
    example: {
      subject: "Grey heron",
      passes: "A tall bird feeds its young on a nest of sticks high in a tree.",
      fails: "A tall heron stands quietly in its zoo at the edge of the water.",
    },
  },
  {
    name: "macro",
    about: "small things from near: insects, flowers, textures",
    genre: "macro",
    vocabulary: list("macro, detail, insect, flower, petal, wing, pattern, dew"),
    broader: { ...INSECTS, ...PLANTS, animal: Object.entries(INSECTS).flat(2) },
    setAside: [],
    unsaid: list("skyline, panorama, aerial, landscape, crowd"),
    // Somebody who waits for a beetle to turn its head presses slowly; a focus stack is told by its own rule.
    burst: { burstSeconds: 3, burstReviewSeconds: 8 },
    example: {
      subject: "Seven-spot ladybird",
      passes: "A small red insect climbs along a thin green stem covered in dew.",
      fails: "A red ladybird rests on a leaf before the skyline of the city.",
    },
  },
  {
    name: "aviation",
    about: "aircraft in the air and on the ground",
    genre: "aviation",
    vocabulary: list("aircraft, airliner, runway, wing, engine, fuselage, take-off, landing"),
    broader: {
      aircraft:
        list(`airliner jet plane airplane aeroplane helicopter glider biplane fighter boeing airbus embraer cessna
        bombardier antonov tupolev ilyushin mcdonnell lockheed spitfire fokker piper beechcraft f-16 f-35 a320 a330 a350 a380 737
        747 757 767 777 787`),
      airplane: list(
        "airliner jet plane aeroplane boeing airbus embraer cessna fokker a320 a330 a350 a380 737 747 757 767 777 787",
      ),
      airliner: list("boeing airbus embraer fokker a320 a330 a350 a380 737 747 757 767 777 787"),
      plane: list(
        "airliner jet airplane aeroplane boeing airbus embraer cessna fokker a320 a330 a350 a380 737 747 757 767 777 787",
      ),
      jet: list("boeing airbus embraer fighter airliner f-16 f-35"),
    },
    setAside: [],
    // What models say of an aircraft they see from the side.
    unsaid: list("crash, emergency, turbulence, passengers, pilot, bird"),
    burst: { burstSeconds: 1, burstReviewSeconds: 4 },
    example: {
      subject: "Boeing 737-800",
      passes: "A white airliner climbs away from the runway with its wheels still down.",
      fails: "A white airliner makes an emergency landing on a wet runway at dusk.",
    },
  },
  {
    name: "travel",
    about: "places, buildings and people on the way",
    genre: "travel",
    vocabulary: list("travel, street, architecture, square, bridge, market, harbour, skyline"),
    broader: {
      building: list(
        "church cathedral chapel castle palace tower house mosque temple synagogue museum station mill windmill",
      ),
      church: list("cathedral chapel basilica abbey minster"),
      boat: list("ship ferry barge sailboat yacht gondola canoe kayak"),
      water: list("river lake canal sea ocean harbour waterfall fountain"),
      street: list("alley lane avenue boulevard promenade square"),
      mountain: list("peak summit hill volcano glacier"),
    },
    setAside: [],
    unsaid: list("selfie, studio, mock-up"),
    burst: { burstSeconds: 2, burstReviewSeconds: 5 },
    example: {
      subject: "Old cathedral",
      passes: "A grey stone church rises above the roofs of a quiet street at dusk.",
      fails: "A grey stone cathedral stands behind a selfie on a quiet street at dusk.",
    },
  },
  {
    name: "water drops",
    about: "drops and splashes, lit by a flash",
    genre: "water drops, high-speed",
    vocabulary: list("drop, splash, crown, ripple, collision, droplet, liquid, surface"),
    broader: {
      drop: list("droplet splash crown splatter"),
      splash: list("crown drop droplet collision"),
      water: list("drop droplet splash crown ripple liquid milk"),
      liquid: list("drop droplet splash crown water milk paint"),
    },
    setAside: ["CAP-REPEAT"],
    unsaid: list("rain, lake, river, ocean, glass, mushroom, umbrella"),
    // Every drop is another one, however alike they are: only what one flash series holds is one burst.
    burst: { burstSeconds: 0.3, burstReviewSeconds: 0.3 },
    example: {
      subject: "Water crown",
      passes: "A thin splash rises from a blue surface and throws small beads outward.",
      fails: "A thin water crown rises like a mushroom from a still blue surface.",
    },
  },
];

/** A kind of the photographer's own: what is left out is as in the kind it is like, or says nothing. */
export type OwnKind = {
  readonly name: string /** name of the kind it is like */;
  readonly like?: string | undefined;
} & {
  readonly [K in Exclude<keyof Kind, "name" | "example">]?: Kind[K] | undefined;
};

export type Kinds = ReadonlyMap<string, Kind>;

/** All kinds there are, by their names. */
export function kindsWith(own: readonly OwnKind[]): Kinds {
  const kinds = new Map(STOCK_KINDS.map((kind) => [kind.name, kind]));
  for (const { like, ...said } of own) {
    const before = kinds.get(like ?? said.name);
    kinds.set(said.name, { ...PLAIN, genre: said.name, ...before, ...withoutGaps(said), name: said.name });
  }
  return kinds;
}

const PLAIN: Omit<Kind, "name" | "genre"> = {
  about: "",
  vocabulary: [],
  broader: {},
  setAside: [],
  unsaid: [],
  burst: null,
  example: { subject: "", passes: "", fails: "" },
};

export const kindOf = (kinds: Kinds, name: string | undefined): Kind | undefined =>
  name === undefined ? undefined : kinds.get(name);

/** What else the subject may be called: `heron` is a `bird` and an `animal`. */
export function aliasesOf(
  subject: string,
  kind: Pick<Kind, "broader"> | undefined,
  lexicon: Pick<Lexicon, "singular">,
): string[] {
  const own = new Set(subject.toLowerCase().split(/\s+/).concat(lemmasOf(subject, lexicon)));
  return Object.entries(kind?.broader ?? {})
    .filter(([word, narrower]) => !own.has(word) && narrower.some((one) => own.has(one)))
    .map(([word]) => word);
}
