/** Words and `field:value` terms over photos, joined by AND; `-` in front turns a term round. */

type Term = (photo: Readonly<Record<string, unknown>>) => boolean;

/**
 * @param text `band:Top -edited heron`
 * @returns the test; everything passes an empty filter
 */
export function filterFrom(text: string): Term {
  const terms = text
    .split(/\s+/)
    .filter((word) => word !== "")
    .map(termFrom);
  return (photo) => terms.every((term) => term(photo));
}

function termFrom(word: string): Term {
  if (word.startsWith("-") && word.length > 1) {
    const term = termFrom(word.slice(1));
    return (photo) => !term(photo);
  }
  const [, field, wanted] = /^([A-Za-z]+):(.*)$/.exec(word) ?? [];
  if (field === undefined || wanted === undefined)
    return (photo) => Object.values(photo).some((value) => holds(value, word));
  return (photo) => {
    const key = Object.keys(photo).find((name) => name.toLowerCase() === field.toLowerCase());
    return key !== undefined && matches(photo[key], wanted);
  };
}

/** `verdict:none` finds what has no value. */
function matches(value: unknown, wanted: string): boolean {
  const isEmpty = value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  if (wanted.toLowerCase() === "none") return isEmpty;
  if (typeof value === "number" || typeof value === "boolean") return String(value) === wanted;
  return holds(value, wanted);
}

function holds(value: unknown, wanted: string): boolean {
  if (Array.isArray(value)) return value.some((one) => holds(one, wanted));
  return typeof value === "string" && value.toLowerCase().includes(wanted.toLowerCase());
}
