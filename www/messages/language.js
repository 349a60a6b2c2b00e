// The language of the page, and how it writes whole numbers.

export const LANGUAGE = "en";

const integers = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });

/** A whole number, grouped as the language does: 10,000. */
export function count(value) {
  return integers.format(value);
}

/** A number with this many decimals, grouped alike, with a real minus sign. */
export function decimal(value, digits) {
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(LANGUAGE, format).format(value).replace("-", "−");
}

const SEPARATOR = integers.formatToParts(1000).find(({ type }) => type === "group").value;

/** `words` with the numbers in them as a spreadsheet reads them: not grouped, with a hyphen as the minus sign. */
export function forSpreadsheet(words) {
  return words
    .replaceAll(new RegExp(`(?<=\\d)[${SEPARATOR}](?=\\d{3}(?!\\d))`, "g"), "")
    .replaceAll(/−(?=\d)/g, "-");
}
