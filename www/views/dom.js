// Small deeds on elements that views share.

/** Sets an element's words; words that stay are not set again, so that nobody hears them twice. */
export function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Sets an attribute, where it changes. */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** A new element with these properties and children. */
export function create(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** `sentence`: what went wrong in the panel `root`, shown beside the button that tries again; or null. */
export function showTrouble(root, sentence) {
  const box = root.querySelector(".trouble");
  setText(box.querySelector(".notice-text"), sentence ?? "");
  if (box.hidden === Boolean(sentence)) box.hidden = !sentence;
}
