// Text from outside, such as the name of a file, as a cell of a table in another format: it stays text there, and reads as it did.

/** What LaTeX reads as commands, and signs that its usual fonts lack or that it joins to others. */
const LATEX = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "%": "\\%",
  "&": "\\&",
  $: "\\$",
  "#": "\\#",
  _: "\\_",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\char34{}", // in German documents a plain one begins a command
  "`": "\\textasciigrave{}",
  "\u2212": "$-$",
  "±": "$\\pm$",
  "²": "$^2$",
  β: "$\\beta$",
};
const LATEX_SIGNS = new RegExp(`[${Object.keys(LATEX).join("").replace(/[\\^]/g, "\\$&")}]`, "g");
const JOINED = /([-',])(?=\1)/g; // two hyphens would be a dash

export function latexText(words) {
  return oneLine(words)
    .replace(JOINED, "$1\0")
    .replace(LATEX_SIGNS, (sign) => LATEX[sign])
    .replaceAll("\0", "{}");
}

/** A cell of a table of GitHub's Markdown; a backslash before a sign has it read as that sign. */
export function markdownText(words) {
  return oneLine(words).replace(/[\\`*_{}[\]<>()#!|~&$]/g, "\\$&");
}

/** A field as in RFC 4180. */
export function csvField(words) {
  return /[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
}

/** Text that a spreadsheet would take for a formula begins with an apostrophe, which tells it that this is text. */
export function noFormula(words) {
  return /^[=+\-@\t\r＝＋－＠]/u.test(words) ? `'${words}` : words;
}

export function oneLine(words) {
  return words.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}
