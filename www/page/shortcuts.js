// Keyboard shortcuts, only where the key has no other meaning: not in a field.

import { localStore, recall, remember } from "../keep/storage.js";
import { text } from "../messages/text.js";

const STORED = "latent-lab-keys"; // in the storage that lasts beyond the visit

/** The page's shortcuts, which `checkbox` switches off. */
export function openShortcuts(checkbox, { training, explore, notices }) {
  const table = {
    t: () => training.toggle(),
    ".": () => training.step(),
    "shift+r": () => training.restart(),
    s: () => explore.samplePrior(),
    c: ({ timeStamp }) => explore.clear(timeStamp),
    "ctrl+z": ({ timeStamp }) => explore.undo(timeStamp),
  };
  listenToKeys(table, { enabled: keySwitch(checkbox, notices) });
}

/**
 * `table`: {key: action(event)}; keys are as in KeyboardEvent.key, lower case, "ctrl+" in front where held, and "shift+" where
 * held with a letter (other keys need Shift on some keyboards). `enabled()`: whether keys without Ctrl act.
 */
function listenToKeys(table, { enabled }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || isOfKeyboard(event) || inField(event.target)) return;
    const key = event.key.toLowerCase();
    const ctrl = event.ctrlKey || event.metaKey;
    const shift = event.shiftKey && /^\p{L}$/u.test(key);
    const action = table[`${ctrl ? "ctrl+" : ""}${shift ? "shift+" : ""}${key}`];
    if (!action || !(ctrl || enabled())) return;
    event.preventDefault();
    action(event);
  });
}

/** Whether the key belongs to an input method, or is held with one that makes another character or command of it. */
function isOfKeyboard(event) {
  const { altKey, ctrlKey, metaKey, isComposing } = event;
  return altKey || (ctrlKey && metaKey) || isComposing || event.getModifierState("AltGraph");
}

/** Lets `checkbox` switch the keys off, for this visit and the next; returns whether they are on (WCAG 2.1.4). */
function keySwitch(checkbox, notices) {
  checkbox.checked = recall(localStore(), STORED) !== "off";
  checkbox.addEventListener("change", () => {
    const isKept = remember(localStore(), STORED, checkbox.checked ? "on" : "off");
    // The notice about keeping covers this too.
    if (!isKept && !notices.has("keeping"))
      notices.show({ name: "keys", text: text("page.keys.not_kept"), kind: "info" });
  });
  return () => checkbox.checked;
}

function inField(target) {
  return Boolean(target?.closest?.("input, select, textarea, [contenteditable]"));
}
