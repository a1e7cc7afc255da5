/** The server draws; what it draws anew is put in place, node by node, so that focus, scroll and open parts stay. */
export function morph(now: Element, wanted: Element): void {
  if (now.isEqualNode(wanted) || (now instanceof HTMLDialogElement && now.open)) return;
  for (const { name } of [...now.attributes])
    if (!wanted.hasAttribute(name) && !(name === "open" && now instanceof HTMLDetailsElement))
      now.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  if (now instanceof HTMLProgressElement && wanted instanceof HTMLProgressElement) now.value = wanted.value;
  children(now, wanted);
}

function children(now: Element, wanted: Element): void {
  let at: ChildNode | null = now.firstChild;
  for (const child of [...wanted.childNodes]) {
    const match = matchFor(child, at, now);
    if (match === null) now.insertBefore(document.importNode(child, true), at);
    else {
      if (match !== at) now.insertBefore(match, at);
      else at = at.nextSibling;
      if (match instanceof Element && child instanceof Element) morph(match, child);
      else if (match.nodeValue !== child.nodeValue) match.nodeValue = child.nodeValue;
    }
  }
  while (at !== null) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** The node that is the same thing: by its id, or by its place if it has none. */
function matchFor(child: ChildNode, at: ChildNode | null, parent: Element): ChildNode | null {
  const id = child instanceof Element ? child.id : "";
  if (id !== "")
    return [...parent.children].find((other) => other.id === id && other.nodeName === child.nodeName) ?? null;
  if (at === null || at.nodeName !== child.nodeName) return null;
  return at instanceof Element && at.id !== "" ? null : at;
}
