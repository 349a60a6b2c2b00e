// What the classes of a data set are called: in words by their names, and where there is room for two letters by marks.

const LONGEST_MARK = 2; // characters

/** How many labels a model can be conditioned on, or its classifier tells apart. */
export function classesOf(model) {
  return model?.classes ?? 10; // weights of before the page had other data sets than MNIST
}

/** The names of the classes 0 to `count`: those of the data set, where it has as many, else their numbers. */
export function classNames({ classes }, count = classes.length) {
  return classes.length === count ? classes : Array.from({ length: count }, (_, label) => String(label));
}

/**
 * A mark of at most two characters for each of the `names`: a name that is so short itself, or its first letters where they are no other's.
 * Where names differ only later, all are numbered from 1.
 */
export function classMarks(names) {
  const marks = names.map((name, label) => markOf([...name], label, names));
  return marks.includes(null) ? names.map((_, label) => String(label + 1)) : marks;
}

function markOf(letters, label, names) {
  if (letters.length <= LONGEST_MARK) return letters.join("");
  for (let length = 1; length <= LONGEST_MARK; length++) {
    const mark = letters.slice(0, length).join("");
    if (!names.some((other, k) => k !== label && other.startsWith(mark))) return mark;
  }
  return null;
}

/** The labels of the most probable classes, at most `count`, in the order of the classes. */
export function mostProbableLabels(probabilities, count) {
  return [...probabilities.keys()]
    .sort((a, b) => probabilities[b] - probabilities[a])
    .slice(0, count)
    .sort((a, b) => a - b);
}
