// Tables as comma-separated values (RFC 4180): UTF-8, lines end with CR LF, a decimal point, numbers with all their digits.

/** A spreadsheet takes a text that begins so for a formula, which could run commands or send data away. */
const FORMULA = /^[=+\-@\t\r]/;

/** `rows` of numbers and texts. */
export function csv(rows) {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(value) {
  if (typeof value === "number") return String(value);
  const words = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
}
