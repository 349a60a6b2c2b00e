// What is said of classes and of the images that have them.

import { text } from "../messages/text.js";

/** What the test image at `index` is called: by its class, or where it has none by its number. `names` of the classes. */
export function testImageText(label, index, names) {
  return label === null
    ? text("explore.test_image.numbered", { number: index + 1 })
    : text("explore.test_image.of_class", { name: names[label] });
}

/** The label that a conditional model has for the drawing, and whether its own classifier has inferred it. `names` of its classes. */
export function labelText({ label, inferred }, names) {
  return text(inferred ? "compare.labels.inferred" : "compare.labels.chosen", { name: names[label] });
}
