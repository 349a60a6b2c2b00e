// A sentence about what failed in a panel, with the button beside it that tries again.

/** `sentence`: what went wrong in the panel `root`, or null. */
export function showTrouble(root, sentence) {
  const box = root.querySelector(".trouble");
  text(box.querySelector(".notice-text"), sentence ?? "");
  if (box.hidden === Boolean(sentence)) box.hidden = !sentence;
}

/** Sets an element's words; words that stay are not set again, so that nobody hears them twice. */
export function text(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
