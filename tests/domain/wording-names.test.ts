import { describe, expect, test } from "vitest";
import { isPlaceKeyword, namesIn } from "../../src/domain/wording-names.ts";
import { english } from "../../src/language/english.ts";

const lexicon = english();
const placesIn = (text: string): string[] =>
  namesIn(text, lexicon)
    .filter(({ kind }) => kind === "place")
    .map(({ text }) => text);

/** Sentences with the place they name, or null. */
const SENTENCES: readonly (readonly [string, string | null])[] = [
  ["A cyclist crosses the Erasmus Bridge in the rain.", "Erasmus Bridge"],
  ["Fishing boats rest on the sand near Zandvoort at low tide.", "Zandvoort"],
  ["Two swans glide across Lake Como at dusk.", "Lake Como"],
  ["The Eiffel Tower rises behind a row of bare trees.", "Eiffel Tower"],
  ["A tram passes the old market hall in Ghent.", "Ghent"],
  ["Snow covers the roofs of Innsbruck below the mountains.", "Innsbruck"],
  ["Waves break against the rocks of Cornwall.", "Cornwall"],
  ["A Dutch windmill stands beside a canal.", "Dutch"],
  ["A fisherman mends nets in São Miguel.", "São Miguel"],
  ["Ponte Vecchio is reflected in the calm river.", "Ponte Vecchio"],
  ["Cherry trees bloom below Mount Fuji in soft light.", "Mount Fuji"],
  ["A ferry leaves Rotterdam at first light.", "Rotterdam"],
  ["Passengers wait at Gare du Nord under a glass roof.", "Gare du Nord"],
  ["Morning fog hangs over the Thames.", "Thames"],
  ["Puffins nest on the Farne Islands.", "Farne Islands"],
  ["Surfers wait for a wave off the coast of Portugal.", "Portugal"],
  ["Street musicians play in New Orleans on a warm night.", "New Orleans"],
  ["Visitors walk between the stones at Stonehenge.", "Stonehenge"],
  ["Sheep graze on Icelandic grassland under low clouds.", "Icelandic"],
  ["Rice terraces climb the hills around Sapa.", "Sapa"],
  ["In Turkey a baker carries a tray of bread.", "Turkey"],
  ["Amsterdam lies under fresh snow this morning.", "Amsterdam"],
  ["A barge waits at the locks of IJmuiden for high water.", "IJmuiden"],
  ["A shepherd leads his flock down from the Pyrenees.", "Pyrenees"],
  ["A Canada goose lands on a quiet pond.", null],
  ["A wild turkey fans its tail in the tall grass.", null],
  ["Turkey and chicks cross a dirt road in the woods.", null],
  ["German shepherd leaps over a fallen log.", null],
  ["A Siberian husky pulls a sled through the snow.", null],
  ["Reading glasses lie on an open book.", null],
  ["Nice light falls on the wet cobblestones.", null],
  ["A Paris-style café table stands on an empty terrace.", null],
  ["Bath water steams in an old copper tub.", null],
  ["Dutch tiles cover the kitchen wall.", null],
  ["Orange leaves drift over the still water.", null],
  ["A Persian cat sleeps on a striped cushion.", null],
  ["The cyclist in the yellow Jersey raises both arms.", null],
  ["A fallow deer stands in October mist.", null],
  ["A Boeing 737 taxis past the terminal at sunset.", null],
  ["A dancer in Victorian dress turns on a wooden stage.", null],
  ["European robin sings from a bare branch in May.", null],
];

test("there are 41 sentences of either kind", () => {
  expect(SENTENCES).toHaveLength(41);
});

describe.each(SENTENCES)("%s", (sentence, place) => {
  test(place === null ? "names no place" : `names ${place}`, () => {
    const found = placesIn(sentence);
    if (place === null) expect(found).toEqual([]);
    else expect(found.join("; ")).toContain(place);
  });
});

/** Sentences the rules were never tuned for, with all that must be found in them. */
const UNSEEN: readonly (readonly [string, string | null])[] = [
  ["A row of painted houses lines the harbour of Bergen.", "Bergen"],
  ["Hikers rest above the Aletsch Glacier in bright sun.", "Aletsch Glacier"],
  ["A rickshaw driver naps in the shade in Old Delhi.", "Old Delhi"],
  ["Kayaks lie along the shore of Loch Ness.", "Loch Ness"],
  ["The Brandenburg Gate glows at night.", "Brandenburg Gate"],
  ["A gondola passes beneath the Rialto at noon.", "Rialto"],
  ["Elephants drink from a waterhole in Etosha.", "Etosha"],
  ["Red roofs crowd the hill above Dubrovnik.", "Dubrovnik"],
  ["A steam train crosses the Glenfinnan Viaduct.", "Glenfinnan Viaduct"],
  ["Scottish cattle stand in the heather.", null],
  ["A Greek fishing boat rocks at its mooring.", "Greek"],
  ["Camels cross the dunes of the Sahara.", "Sahara"],
  ["A KLM jet turns onto the runway.", null],
  ["A street sweeper works outside Shinjuku Station.", "Shinjuku Station"],
  ["A boy wears a Santa hat.", null],
  ["A barn owl hunts along a hedge.", null],
  ["A Volkswagen van is parked beside the dunes.", null],
  ["The crowd waves on King's Day.", null],
  ["A Rembrandt portrait hangs on the wall.", null],
  ["Bengal tiger rests in tall grass.", null],
  ["A Labrador shakes water from its coat.", null],
  ["A Monarch butterfly feeds on a thistle.", null],
  ["A Ferris wheel turns above the fair.", null],
  ["Saint Bernard dogs play in the snow.", null],
  ["A woman in Adidas sneakers jumps a puddle.", null],
  ["Two men play chess in Central Park.", "Central Park"],
];

test("of sentences that were never tuned for, one is missed and one taken for a place", () => {
  const verdicts = UNSEEN.map(([sentence, place]) => {
    const found = placesIn(sentence);
    if (place === null) return found.length === 0 ? "right" : `false: ${sentence}`;
    return found.some((one) => one.includes(place)) ? "right" : `missed: ${sentence}`;
  });
  expect(verdicts.filter((verdict) => verdict !== "right")).toEqual([
    "missed: The Brandenburg Gate glows at night.",
    "false: Saint Bernard dogs play in the snow.",
  ]);
});

describe.each([
  ["france", true],
  ["netherlands", true],
  ["dutch", true],
  ["amsterdam", true],
  ["new york", true],
  ["tokyo", true],
  ["scotland", true],
  ["tower bridge", false],
  ["Lake Garda", true],
  ["rotterdam harbour", true],
  ["alps", true],
  ["italian village", true],
  ["canada goose", false],
  ["turkey", false],
  ["nice", false],
  ["bath", false],
  ["reading", false],
  ["german shepherd", false],
  ["paris-style café", false],
  ["polish", false],
] as const)("the keyword %s", (keyword, isPlace) => {
  test(isPlace ? "is a place" : "is none", () => {
    expect(isPlaceKeyword(keyword, lexicon)).toBe(isPlace);
  });
});

describe("a person is named", () => {
  const personsIn = (text: string): string[] =>
    namesIn(text, lexicon)
      .filter(({ kind }) => kind === "person")
      .map(({ text }) => text);
  test.each([
    ["The singer Anna Jansen leans into the microphone.", ["Anna Jansen"]],
    ["Anna Jansen's hands rest on the keys.", ["Anna Jansen"]],
    ["A portrait of Dr. Vermeer at a desk.", ["Vermeer"]],
    ["The singer leans into the microphone.", []],
    ["Lake Como's shore lies in mist.", []],
  ])("in %s", (text, persons) => {
    expect(personsIn(text)).toEqual(persons);
  });
});

test("a name knows where it stands in the text", () => {
  const text = "A tram waits in Ghent, near the Saint Bavo's Cathedral.";
  for (const { text: name, at } of namesIn(text, lexicon)) expect(text.slice(at, at + name.length)).toBe(name);
  expect(namesIn(text, lexicon).map(({ text: name }) => name)).toEqual(["Ghent", "Saint Bavo's Cathedral"]);
});
