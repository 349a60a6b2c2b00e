// Operations on elements that views share.

const TEXT = 3; // Node.TEXT_NODE

/** Sets an element's text where it changes, so that a screen reader does not read it twice; in the node that is there, because a browser styles a new one anew. */
export function setText(element, words) {
  if (element.textContent === words) return;
  const { firstChild: only } = element;
  if (only?.nodeType === TEXT && only.nextSibling === null) only.data = words;
  else element.textContent = words;
}

/** Sets an attribute, where it changes. */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Sets the value of a control where it changes: Chromium looks for what to fill in at each assignment, which takes a millisecond. */
export function setValue(control, value) {
  if (control.value !== value) control.value = value;
}

/** A new element with these properties and children. */
export function create(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** `sentence`: what went wrong in the panel `root`, shown next to its retry button; or null. */
export function showTrouble(root, sentence) {
  const box = root.querySelector(".trouble");
  setText(box.querySelector(".notice-text"), sentence ?? "");
  if (box.hidden === Boolean(sentence)) box.hidden = !sentence;
}
