// The language of the page, and how it writes whole numbers.

export const LANGUAGE = "en";

const integers = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });

/** A whole number, grouped as the language does: 10,000. */
export function count(value) {
  return integers.format(value);
}

const decimals = new Map(); // formats by their digits: making one takes as long as hundreds of uses

/** A number with this many decimals, grouped alike, with a real minus sign. */
export function decimal(value, digits) {
  if (!decimals.has(digits)) {
    const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    decimals.set(digits, new Intl.NumberFormat(LANGUAGE, format));
  }
  return decimals.get(digits).format(value).replace("-", "−");
}

const SEPARATOR = integers.formatToParts(1000).find(({ type }) => type === "group").value;

/** `words` with the numbers in them as a spreadsheet reads them: not grouped, with a hyphen as the minus sign. */
export function forSpreadsheet(words) {
  return words
    .replaceAll(new RegExp(`(?<=\\d)[${SEPARATOR}](?=\\d{3}(?!\\d))`, "g"), "")
    .replaceAll(/−(?=\d)/g, "-");
}
