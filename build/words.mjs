// Fills the words of the catalogue into a page of HTML, so that its first paint is complete without a script.

import { count } from "../www/messages/language.js";
import { text } from "../www/messages/text.js";

/**
 * Replaces `{{room.name}}` by the message of that key, unescaped: messages may contain inline markup. A placeholder of the
 * message takes HTML: `{{room.name|place=<span id="place"></span>}}`. `{{2000}}` is a whole number as the language writes it.
 * Throws with the key where the catalogue has none.
 */
export function fillWords(html) {
  return html.replace(/\{\{([^{}|]+)((?:\|[^{}|]+)*)\}\}/g, (_, key, values) =>
    /^\d+$/.test(key) ? count(Number(key)) : text(key, named(values)),
  );
}

/** `|name=html|..` as an object. */
function named(values) {
  const pairs = values.split("|").slice(1);
  return Object.fromEntries(pairs.map((pair) => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)]));
}
