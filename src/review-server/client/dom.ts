/** The page's few words for the DOM. Nodes are made and filled, never written as HTML. */

type Kind<T extends Element> = new () => T;

/** @throws where the page lacks what the server should have drawn */
export function must<T extends Element>(id: string, kind: Kind<T>): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} #${id}`);
}

export const part = (id: string): HTMLElement => must(id, HTMLElement);

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** One of the shapes the page carries. */
export function icon(): { readonly svg: SVGSVGElement; readonly show: (name: string) => void } {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  const show = (name: string): void => {
    svg.setAttribute("class", `icon ${name}`);
    use.setAttribute("href", `#i-${name}`);
  };
  return { svg, show };
}

/** Touches the node only if the text is another: a screen reader would read it again. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export const meta = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
