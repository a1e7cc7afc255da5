import { describe, expect, test } from "vitest";
import { NS, property, readXmp } from "../../src/imaging/xmp.ts";

const packet = (inside: string, rdf = "rdf"): string =>
  `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><!-- by hand -->
  <x:xmpmeta xmlns:x="adobe:ns:meta/"><${rdf}:RDF xmlns:${rdf}="${NS.rdf}" xmlns:dc="${NS.dc}" xmlns:xmp="${NS.xmp}">
  ${inside}</${rdf}:RDF></x:xmpmeta><?xpacket end="w"?>`;
const read = (inside: string) => readXmp(Buffer.from(packet(inside)));

describe("a property of XMP", () => {
  test.each([
    ["an attribute", '<rdf:Description rdf:about="" xmp:Label="Red"/>'],
    ["an element", "<rdf:Description><xmp:Label>Red</xmp:Label></rdf:Description>"],
    ["an element of another prefix", `<rdf:Description xmlns:a="${NS.xmp}"><a:Label>Red</a:Label></rdf:Description>`],
    ["an element of no prefix", `<rdf:Description><Label xmlns="${NS.xmp}">Red</Label></rdf:Description>`],
    ["marked text", "<rdf:Description><xmp:Label><![CDATA[Red]]></xmp:Label></rdf:Description>"],
    ["in single quotes", "<rdf:Description xmp:Label='Red'/>"],
    ["in the second description", '<rdf:Description xmp:Rating="3"/><rdf:Description xmp:Label="Red"/>'],
  ])("may be %s", (_, inside) => {
    expect(property(read(inside), NS.xmp, "Label")?.text).toBe("Red");
  });

  test("may be a list, in one language or in several", () => {
    const found = read(`<rdf:Description>
      <dc:subject><rdf:Bag><rdf:li>gull</rdf:li><rdf:li>sea &amp; sky</rdf:li></rdf:Bag></dc:subject>
      <dc:title><rdf:Alt><rdf:li xml:lang="de">Möwe</rdf:li><rdf:li xml:lang="x-default">Gull</rdf:li></rdf:Alt></dc:title>
    </rdf:Description>`);
    expect(property(found, NS.dc, "subject")?.items.map(({ text }) => text)).toEqual(["gull", "sea & sky"]);
    expect(property(found, NS.dc, "title")?.items.map(({ language }) => language)).toEqual(["de", "x-default"]);
  });

  test.each([
    ["as a resource", '<dc:source rdf:parseType="Resource"><xmp:Label>Red</xmp:Label></dc:source>'],
    ["as a description", "<dc:source><rdf:Description><xmp:Label>Red</xmp:Label></rdf:Description></dc:source>"],
    ["as attributes of a description", '<dc:source><rdf:Description xmp:Label="Red"/></dc:source>'],
    ["as attributes", '<dc:source xmp:Label="Red"/>'],
  ])("may have fields, written %s", (_, inside) => {
    const source = property(read(`<rdf:Description>${inside}</rdf:Description>`), NS.dc, "source");
    expect(property(source?.fields ?? new Map(), NS.xmp, "Label")?.text).toBe("Red");
  });

  test("has its characters spelled out, and no others", () => {
    const found = read('<rdf:Description xmp:Label="&lt;&#65;&#x1F426;&quot;&unknown;&#x110000;"/>');
    expect(property(found, NS.xmp, "Label")?.text).toBe('<A🐦"&unknown;&#x110000;');
  });
});

describe("XMP", () => {
  test("may be in UTF-16, and may call RDF what it likes", () => {
    const text = packet('<r:Description xmp:Label="Möwe"/>', "r");
    const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
    expect(property(readXmp(utf16), NS.xmp, "Label")?.text).toBe("Möwe");
    expect(property(readXmp(Buffer.from(`\ufeff${text}`)), NS.xmp, "Label")?.text).toBe("Möwe");
  });

  test("that breaks off gives what stands before the break", () => {
    const whole = packet('<rdf:Description xmp:Label="Red"/><rdf:Description xmp:Rating="3"/>');
    const cut = Buffer.from(whole.slice(0, whole.indexOf("xmp:Rating") + 5));
    expect([...readXmp(cut).keys()]).toEqual([`${NS.xmp} Label`]);
  });

  test.each([
    ["nothing", ""],
    ["text", "Dear diary"],
    ["tags that never close", "<".repeat(100_000)],
    ["comments that never end", "<!--".repeat(100_000)],
    ["quotes that never close", `<a ${'b="'.repeat(100_000)}`],
    ["a deep nest", "<a>".repeat(100_000)],
    ["closing tags", "</a>".repeat(1_000)],
    ["an entity bomb", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'],
    ["noise", Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 31) % 256)).toString("latin1")],
  ])("of %s holds nothing, and says so quickly", (_, text) => {
    expect(readXmp(Buffer.from(text)).size).toBe(0);
  });
});
