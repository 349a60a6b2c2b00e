// Columns of models: those that there were stay, the others are opened or closed.

/** A column for each of `sources`: of `before` where one has that source, else `open(source)`. Closes those that are left over. */
export function columnsOf(sources, before, open) {
  const left = [...before];
  const columns = sources.map((source) => {
    const at = left.findIndex(({ shown }) => shown.source === source);
    return at >= 0 ? left.splice(at, 1)[0] : open(source);
  });
  for (const column of left) column.close();
  return columns;
}
