// Facts about the site's files, filled in by the build. In the source, which is served with plain names, it is empty; the build replaces this
// module in each bundle.

/** By path in the source: path in the site, which carries the first digits of the SHA-256 of the file's bytes. */
export const NAMES = {};

/** By path in the source, of a .gz file: the same digits of its inflated bytes, because some hosts inflate what they send. */
export const INFLATED = {};

/** Whether a service worker keeps the page for visits without a network. */
export const OFFLINE = false;

/** By the path of a page, "" for the first: its script, by which the service worker knows that a page is of its version. */
export const PAGES = {};
