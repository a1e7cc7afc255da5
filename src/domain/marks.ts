/** Stars and colour of a photo, apart from its quality: what a photographer sorts by. */
export interface Marks {
  /** 0 for none, to 5 */
  readonly stars: number;
  /** empty for none */
  readonly label: Label | "";
}

/** In the order other programs give them keys in. */
export const LABELS = ["red", "yellow", "green", "blue", "purple"] as const;
export type Label = (typeof LABELS)[number];

interface Written {
  readonly rating: { readonly value: number } | null;
  readonly label: { readonly value: string } | null;
}

/** What the camera, or another program, wrote into the file or beside it. A photo that was rejected there has no stars. */
export function writtenMarks(iptc: Written | undefined): Marks {
  const said = iptc?.label?.value.trim().toLowerCase();
  return { stars: Math.max(0, iptc?.rating?.value ?? 0), label: LABELS.find((label) => label === said) ?? "" };
}

/** As other programs read them out of an image. */
export const marksPacket = ({ stars, label }: Marks): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="${stars}"${label === "" ? "" : ` xmp:Label="${label.charAt(0).toUpperCase()}${label.slice(1)}"`}/></rdf:RDF></x:xmpmeta>`;
