/** What in a text names a place or a person. */
import { isStopWord, type Lexicon, wordsOf } from "./wording-text.ts";

/** Words that make a place of the name before them. */
const HEADS = new Set(
  `abbey airport avenue basilica bay beach bridge canal canyon castle cathedral chapel church city cliffs coast creek desert
  district dunes falls forest fort garden gardens glacier harbor harbour hill hills island islands lagoon lake lighthouse market
  marsh moor monument mosque mount mountain mountains museum palace park peak peninsula pier plaza polder port province reef
  reserve ridge river road rocks sea square station street temple tower town valley viaduct village waterfall zoo`.split(
    /\s+/,
  ),
);
/** Words that say what kind of place it is say nothing about which. */
export const isKindOfPlace = (word: string): boolean => HEADS.has(word);

const PREFIXES = new Set(
  `lake mount mont ponte san santa santo saint sankt st port porto fort cape cabo lago monte rio isle ile plaza piazza villa
  gare castel chateau château loch playa sierra`.split(/\s+/),
);
const LOCATIVES = new Set(
  "in at near over above around from across outside inside towards toward through beyond beside along".split(" "),
);
const LINKS = new Set("of de la le du des da do di del dell van von der den the and upon sur am an".split(" "));
const ARTICLES = new Set(["the", "a", "an"]);

/** Names of animals, plants, dishes and things that hold the name of a place. */
const NOT_PLACES = new RegExp(
  String.raw`\b(?:${[
    "canad(?:a|ian) (?:goose|geese|lynx)",
    "german (?:shepherds?|pointers?)",
    "siberian (?:husky|huskies|tigers?|iris|irises)",
    "persian (?:cats?|rugs?|carpets?)",
    "french (?:bulldogs?|fries|windows?|horns?|toast|doors?)",
    "brazil nuts?",
    "china (?:plates?|cups?|teapots?|shop)",
    "wild turkeys?",
    "(?:egyptian|greylag) (?:goose|geese)",
    "american (?:robins?|kestrels?|crows?|bison|football)",
    "eurasian \\p{Ll}+",
    "european (?!union|commission|parliament|cit|capital|countr)\\p{Ll}+(?: \\p{Ll}+)?",
    "african (?:elephants?|dais(?:y|ies)|violets?|wild dogs?|penguins?|grey parrots?)",
    "asian (?:elephants?|lad(?:y|ies) ?\\p{Ll}*)",
    "indian (?:summer|elephants?|peafowl|runner ducks?)",
    "dutch (?:angle|oven|courage)",
    "swiss (?:cheese|army knife|chard)",
    "danish pastr(?:y|ies)",
    "great danes?",
    "icelandic (?:horses?|pon(?:y|ies))",
    "norwegian forest cats?",
    "scottish (?:terriers?|folds?)",
    "welsh (?:corgis?|pon(?:y|ies))",
    "irish (?:setters?|wolfhounds?)",
    "english (?:setters?|bulldogs?|ivy|breakfast)",
    "spanish moss",
    "japanese (?:maples?|cherry|cherries)",
    "chinese lanterns?",
    "arctic (?:terns?|fox|foxes|hares?|char)",
    "mexican hat",
    "turkish delight",
    "venetian blinds?",
    "roman (?:numerals?|candles?)",
    "victorian",
    "gothic",
    "baroque",
    "\\p{L}+-(?:style|inspired|like)",
  ].join("|")})(?![\p{L}-])`,
  "giu",
);

/** Words that are the names of places too: as such only with a capital and after `in`. */
const AMBIGUOUS = new Set(
  `turkey jersey china polish georgia chad jordan guinea kent chile cuba orange mobile split reading nice bath sale man van perm
  delta cork surprise independence enterprise paradise male aurora buffalo phoenix columbia victoria pearl salt corona union
  hit most bar gap lens tours nancy essen hull derby lincoln hamilton santa olive temple leon sandy concord springs lafayette
  normal sterling roses flint eagle cherry liberty hope chester rugby sandwich angel java como darwin mary mesa medina york
  vladimir batman sofia florence alexandria charlotte adelaide madison austin jackson jacksonville columbus houston houghton
  paterson carrollton denton warren carmel palm bell vista garland carlsbad elizabeth eugene aurora christian wells brest`.split(
    /\s+/,
  ),
);
const MONTHS_AND_DAYS = new Set(
  `january february march april may june july august september october november december monday tuesday wednesday thursday
  friday saturday sunday christmas easter halloween ramadan diwali spring summer autumn winter new`.split(/\s+/),
);
/** What wears or bears a name is not a place: `in Nike shoes`, `in Santa hats`. */
const WORN =
  /^(?:dress(?:es)?|shirts?|shoes?|sneakers|boots?|hats?|caps?|coats?|jackets?|jerseys?|costumes?|uniforms?|robes?|suits?|style|colou?rs?|livery|fashion|armou?r|jeans|glasses|sunglasses)$/;
/** Makers, whose names stand where those of places do. */
const MAKERS = new Set(
  `airbus boeing cessna embraer fokker piper bombardier antonov tupolev lockheed spitfire ferrari porsche volkswagen mercedes
  toyota honda yamaha harley ducati vespa lego nike adidas puma coca apple google instagram kodak polaroid`.split(
    /\s+/,
  ),
);

const SMALL_CITY = 15_000;
const LARGE_CITY = 100_000;

export interface Name {
  readonly text: string;
  /** where it begins, in characters of the text */
  readonly at: number;
  readonly kind: "place" | "person";
}

/** Every place and person that is named, in their order. */
export function namesIn(text: string, lexicon: Lexicon): Name[] {
  const persons = personsIn(text);
  const places = spansOf(text)
    .filter((span) => isPlace(span, lexicon))
    .map(({ text, at }): Name => ({ text, at, kind: "place" }))
    .filter((place) => !persons.some((person) => doOverlap(place, person)));
  return [...persons, ...places].toSorted((one, other) => one.at - other.at);
}

const doOverlap = (one: Name, other: Name): boolean =>
  one.at < other.at + other.text.length && other.at < one.at + one.text.length;

const PERSON_NOUNS =
  "man|woman|boy|girl|child|singer|player|politician|president|minister|actor|actress|artist|photographer|musician|pianist|drummer|guitarist|dancer|author|writer|painter|chef|captain|coach|queen|king|prince|princess|named|called";
const PERSON = new RegExp(
  String.raw`\b(?:${PERSON_NOUNS})\s+((?:\p{Lu}[\p{L}'’-]+\s?){2,})|\b((?:\p{Lu}[\p{L}-]+\s){1,2}\p{Lu}[\p{L}-]+)['’]s\b|\b(?:Mr|Mrs|Ms|Dr|Prof|Sir|Dame)\.?\s+((?:\p{Lu}[\p{L}'’-]+\s?)+)`,
  "gu",
);

const personsIn = (text: string): Name[] =>
  [...text.matchAll(PERSON)].flatMap((match): Name[] => {
    const name = (match[1] ?? match[2] ?? match[3] ?? "").trim();
    const last = wordsOf(name.toLowerCase()).at(-1) ?? "";
    if (HEADS.has(last) || PREFIXES.has(wordsOf(name.toLowerCase())[0] ?? "")) return [];
    return [{ text: name, at: match.index + match[0].indexOf(name), kind: "person" }];
  });

/** Words with a capital, together with the small words that link them. */
interface Span {
  readonly text: string;
  readonly at: number;
  /** the words before and after it in the sentence, in small letters, past an article */
  readonly before: string;
  readonly after: string;
  readonly startsSentence: boolean;
}

interface Token {
  readonly text: string;
  readonly at: number;
}

function spansOf(text: string): Span[] {
  const clean = text.replaceAll(NOT_PLACES, (match) => match.toLowerCase());
  const spans: Span[] = [];
  for (const sentence of sentencesOf(clean)) {
    for (let at = 0; at < sentence.length; at += 1) {
      if (!isName(sentence[at]) || (at === 0 && isSmallWord(sentence[at]))) continue;
      const end = endOf(sentence, at);
      const [first, last] = [sentence[at], sentence[end]];
      if (first === undefined || last === undefined) continue;
      spans.push({
        text: clean.slice(first.at, last.at + last.text.length).replace(/['’]s$/, ""),
        at: first.at,
        before: wordBefore(sentence, at),
        after: (sentence[end + 1]?.text ?? "").toLowerCase(),
        startsSentence: at === 0,
      });
      at = end;
    }
  }
  return spans;
}

const TOKEN = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*|[,;:()!?]|\.(?=\s|$)/gu;

function sentencesOf(text: string): Token[][] {
  const sentences: Token[][] = [[]];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (/^[.!?]$/.test(token)) sentences.push([]);
    else sentences.at(-1)?.push({ text: token, at: index });
  }
  return sentences;
}

const isName = (token: Token | undefined): boolean => token !== undefined && /^\p{Lu}/u.test(token.text);
/** A sentence begins with a capital, whatever its first word is. */
const isSmallWord = (token: Token | undefined): boolean =>
  token !== undefined && (isStopWord(token.text) || /^(?:two|three|four|five|several|many|some)$/i.test(token.text));

/** The last word of the name that begins here: at most two linking words stand between two of its words. */
function endOf(sentence: readonly Token[], from: number): number {
  let end = from;
  for (let next = from + 1; next < sentence.length; next += 1) {
    if (isName(sentence[next])) end = next;
    else if (!LINKS.has(sentence[next]?.text ?? "") || next - end > 2) break;
  }
  return end;
}

function wordBefore(sentence: readonly Token[], at: number): string {
  const [before = "", farther = ""] = [sentence[at - 1], sentence[at - 2]].map((token) => token?.text.toLowerCase());
  return ARTICLES.has(before) ? farther : before;
}

function isPlace(span: Span, lexicon: Lexicon): boolean {
  const words = wordsOf(span.text.toLowerCase());
  const [first = "", last = ""] = [words[0], words.at(-1)];
  if (MAKERS.has(first) || (MONTHS_AND_DAYS.has(first) && words.length === 1)) return false;
  const country = lexicon.country(span.text);
  if (words.length === 1 && AMBIGUOUS.has(first))
    return !span.startsSentence && LOCATIVES.has(span.before) && !isWorn(span);
  if (country !== null) return !(country.isPeople && span.startsSentence);
  if (words.length > 1 && (HEADS.has(last) || PREFIXES.has(first))) return true;
  if (words.length > 1 && words.some((word) => lexicon.country(word) !== null)) return true;
  return isTown(span, words, lexicon);
}

function isTown(span: Span, words: readonly string[], lexicon: Lexicon): boolean {
  const people = lexicon.inhabitants(span.text);
  const isAcronym = /^\p{Lu}{2,5}$/u.test(span.text);
  if (isAcronym || isWorn(span)) return false;
  if (words.length === 1 && span.startsSentence) return people >= LARGE_CITY;
  if (LOCATIVES.has(span.before)) return !span.startsSentence || words.length > 1;
  if (span.before === "of" || span.before === "to") return people >= SMALL_CITY;
  return people >= (words.length > 1 ? SMALL_CITY : LARGE_CITY);
}

const isWorn = ({ after }: Span): boolean => WORN.test(after);

/** A keyword has no capital to tell a place by. */
export function isPlaceKeyword(keyword: string, lexicon: Lexicon): boolean {
  const clean = keyword.replaceAll(NOT_PLACES, "").trim();
  const words = wordsOf(clean.toLowerCase());
  if (words.length === 0 || (words.length === 1 && AMBIGUOUS.has(words[0] ?? ""))) return false;
  if (lexicon.country(clean) !== null || isLargeCity(clean, lexicon)) return true;
  if (words.some((word) => !AMBIGUOUS.has(word) && lexicon.country(word) !== null)) return true;
  const named = words.filter((word) => !HEADS.has(word)).join(" ");
  if (PREFIXES.has(words[0] ?? "") && words.length > 1) return isPrefixed(clean, words.slice(1).join(" "), lexicon);
  const hasHead = words.length > 1 && HEADS.has(words.at(-1) ?? "");
  return hasHead && (/\p{Lu}/u.test(clean) || (!AMBIGUOUS.has(named) && isLargeCity(named, lexicon)));
}

/** `Lake Garda`, `lake como`, and not `lake shore`: the rest has a capital, or is a town of its own. */
const isPrefixed = (keyword: string, rest: string, lexicon: Lexicon): boolean =>
  / \p{Lu}/u.test(keyword) || (!AMBIGUOUS.has(rest) && !HEADS.has(rest) && lexicon.inhabitants(rest) > 0);

const isLargeCity = (name: string, lexicon: Lexicon): boolean => lexicon.inhabitants(name) >= LARGE_CITY;
