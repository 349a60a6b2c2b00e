// Shortcuts, only where the key has no other meaning: not in a field, and not on a control that uses it itself.

/** `table`: {key: action(event)}; keys are as in KeyboardEvent.key, lower case, "ctrl+" in front where held. */
export function listenToKeys(table, root = document) {
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.repeat || inControl(event.target)) return;
    const held = event.ctrlKey || event.metaKey ? "ctrl+" : "";
    const action = table[held + event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action(event);
  });
}

function inControl(target) {
  return Boolean(target?.closest?.("input, select, textarea, button, a, summary, [contenteditable]"));
}
