// Copies text, and where the clipboard is closed offers it to be copied by hand.

import { text } from "../messages/text.js";
import { setText } from "./dom.js";

const COPIED_MS = 2000;
const usualWords = new WeakMap(); // of buttons

/** `button` says for a while that `words` are copied; else they are selected in the text area `area`, which is hidden until then, unless it `stays`. */
export async function copy(words, { button, area, stays = false }) {
  if (!usualWords.has(button)) usualWords.set(button, button.textContent);
  area.hidden = !stays;
  try {
    await navigator.clipboard.writeText(words);
    setText(button, text("page.copied"));
    setTimeout(() => setText(button, usualWords.get(button)), COPIED_MS);
  } catch {
    area.value = words;
    area.hidden = false;
    area.focus();
    area.select();
  }
}
