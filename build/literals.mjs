// Finds the string and template literals of JavaScript source. It knows comments, nested templates and regular expressions, no
// more of the grammar.

/** A slash after one of these begins a regular expression, not a division. */
const BEFORE_REGEX = /(^|[(,=:[!&|?{};+*%~^<>-]|\b(return|typeof|case|of|in))\s*$/;

/**
 * Each literal of `code`: `{ pieces, start, end }`. `pieces` are the constant parts, several where a template has `${}` between
 * them; `start` and `end` are positions in the code.
 */
export function literals(code) {
  const found = [];
  for (let at = 0; at < code.length; ) at = skip(code, at, found);
  return found;
}

/** The position after the token at `at`; literals on the way are added to `found`. */
function skip(code, at, found) {
  const character = code[at];
  if (code.startsWith("//", at)) return after(code, "\n", at);
  if (code.startsWith("/*", at)) return after(code, "*/", at + 2);
  if (character === "/" && BEFORE_REGEX.test(code.slice(Math.max(0, at - 40), at)))
    return afterRegex(code, at);
  if (character === '"' || character === "'") return quoted(code, at, found);
  if (character === "`") return template(code, at, found);
  return at + 1;
}

function after(code, mark, from) {
  const at = code.indexOf(mark, from);
  return at < 0 ? code.length : at + mark.length;
}

function afterRegex(code, start) {
  let inClass = false;
  for (let at = start + 1; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code[at] === "[") inClass = true;
    else if (code[at] === "]") inClass = false;
    else if (code[at] === "/" && !inClass) return at + 1;
  }
  return code.length;
}

function quoted(code, start, found) {
  let end = start + 1;
  while (end < code.length && code[end] !== code[start]) end += code[end] === "\\" ? 2 : 1;
  found.push({ pieces: [code.slice(start + 1, end)], start, end: end + 1 });
  return end + 1;
}

function template(code, start, found) {
  const pieces = [];
  let piece = start + 1;
  let at = piece;
  while (at < code.length && code[at] !== "`") {
    if (code.startsWith("${", at)) {
      pieces.push(code.slice(piece, at));
      at = closing(code, at + 1, found);
      piece = at;
    } else {
      at += code[at] === "\\" ? 2 : 1;
    }
  }
  pieces.push(code.slice(piece, at));
  found.push({ pieces, start, end: at + 1 });
  return at + 1;
}

/** The position after the bracket that closes the one at `start`. */
export function closing(code, start, found = []) {
  let depth = 0;
  let at = start;
  do {
    if ("([{".includes(code[at])) depth++;
    if (")]}".includes(code[at])) depth--;
    at = skip(code, at, found);
  } while (depth > 0 && at < code.length);
  return at;
}

/**
 * The names of the object literal that begins at `start`, or null where they are unknown: another expression, a spread or a
 * computed name.
 */
export function objectNames(code, start) {
  if (code[start] !== "{") return null;
  const end = closing(code, start) - 1;
  const names = [];
  let property = start + 1;
  for (let at = property; at <= end; ) {
    if (at === end || code[at] === ",") {
      const source = code.slice(property, at).trim();
      const name = /^(\w+)\s*(:|$)/.exec(source)?.[1];
      if (source && !name) return null;
      if (name) names.push(name);
      property = at + 1;
    }
    at = "([{".includes(code[at]) ? closing(code, at) : skip(code, at, []);
  }
  return names;
}
