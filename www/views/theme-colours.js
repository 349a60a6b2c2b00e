// The colours of either theme, whichever the page has now: pictures are saved and printed in a theme of their own.

const DARK = "(prefers-color-scheme: dark)";

/** The custom properties with colours, by name without dashes. `theme`: "light" or "dark". */
export function themeColours(theme) {
  const colours = {};
  for (const sheet of document.styleSheets) takeFrom(sheet.cssRules, theme, colours);
  return colours;
}

/** Those of a chart that is saved in the theme "light" or "dark", or is printed ("print"): then on white. */
export function coloursOf(theme) {
  return theme === "print" ? { ...themeColours("light"), card: "#ffffff" } : themeColours(theme);
}

/** Later rules override earlier ones, as on the page. */
function takeFrom(rules, theme, colours) {
  for (const rule of rules) {
    if (rule.styleSheet)
      takeFrom(rule.styleSheet.cssRules, theme, colours); // of an @import, where the page is not bundled
    else if (rule.media?.mediaText === DARK && theme === "dark") takeFrom(rule.cssRules, theme, colours);
    else if (rule.selectorText === ":root")
      for (const name of rule.style)
        if (name.startsWith("--")) colours[name.slice(2)] = rule.style.getPropertyValue(name).trim();
  }
}
