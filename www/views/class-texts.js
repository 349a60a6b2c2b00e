// What is said of classes and of the images that have them.

import { text } from "../messages/text.js";

/** What the test image at `index` is called: by its class, or where it has none by its number. `names` of the classes. */
export function testImageText(label, index, names) {
  return label === null
    ? text("explore.test_image.numbered", { number: index + 1 })
    : text("explore.test_image.of_class", { name: names[label] });
}
