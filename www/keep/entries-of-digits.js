// Entries of when MNIST was the only data set: a label was called a digit.

/** The drawing of such an entry, as it is kept now. */
export function drawingOfDigits({ items, cleared, labelChoice, ...rest }) {
  const { digit: label, inferred } = labelChoice;
  return {
    ...rest,
    items: items.map(labelled),
    cleared: cleared.map((each) => each.map(labelled)),
    labelChoice: { label, inferred },
  };
}

/** The ends of the paths of such an entry. */
export function endsOfDigits({ a, b }) {
  return { a: endOfDigits(a), b: endOfDigits(b) };
}

function endOfDigits({ digit: label, kind, drawn, ...rest }) {
  return {
    ...rest,
    label,
    kind: kind === "digit" ? "test" : kind,
    ...(drawn ? { drawn: { ...drawn, items: drawn.items.map(labelled) } } : {}),
  };
}

/** Strokes have no label. */
function labelled(item) {
  const { digit: label, ...rest } = item;
  return item.image ? { ...rest, label } : item;
}
