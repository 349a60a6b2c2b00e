// A failure inside an engine's worker. It has the shape of the catalogue's `Failure`, without the catalogue: these workers
// are not bundled, and browsers without JSON modules could not load it.

/** The page finds the sentence under `errors.<kind>`. */
export function engineFailure(kind, values = {}) {
  return Object.assign(new Error(`${kind} ${JSON.stringify(values)}`), { name: "Failure", kind, values });
}
