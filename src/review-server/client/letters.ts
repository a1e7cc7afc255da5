/**
 * What is printed on the keys that are known by their place. Browsers that can say so are asked; every key that is pressed
 * says it too, because place and letter come together.
 */
const printed = new Map<string, string>();

const isLetterKey = (code: string): boolean => /^Key[A-Z]$/.test(code);

/** `KeyW` as this keyboard has it: `W`, or `Z` on a French one. What is no such place is left as it is. */
export const letterOf = (code: string): string => printed.get(code) ?? (isLetterKey(code) ? code.slice(3) : code);

/** @param changed a key turned out to have another letter than was believed */
export function learnLetters(changed: () => void): void {
  const learn = (code: string, key: string): boolean => {
    const letter = key.toUpperCase();
    if (!isLetterKey(code) || key.length !== 1 || letterOf(code) === letter) return false;
    printed.set(code, letter);
    return true;
  };
  document.addEventListener(
    "keydown",
    ({ code, key, ctrlKey, altKey, metaKey }) => {
      if (!ctrlKey && !altKey && !metaKey && learn(code, key)) changed();
    },
    true,
  );
  void layout()?.then(
    (keys) => {
      if ([...keys].filter(([code, key]) => learn(code, key)).length > 0) changed();
    },
    // A browser that will not say leaves it to the keys.
    () => undefined,
  );
}

/** Not in every browser, and so not among the types of the platform. */
interface Keyboard {
  getLayoutMap?(): Promise<Iterable<readonly [code: string, key: string]>>;
}
const layout = (): ReturnType<NonNullable<Keyboard["getLayoutMap"]>> | undefined =>
  (navigator as { readonly keyboard?: Keyboard }).keyboard?.getLayoutMap?.();
