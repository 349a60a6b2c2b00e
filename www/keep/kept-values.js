// What of the page's state is kept, and back.

import {
  addressOfData,
  addressOfSystem,
  bringsSettings,
  settingsFromQuery,
  toQuery,
} from "../settings/address.js";
import { withSystem } from "../settings/systems.js";
import { defaults, withMade } from "../settings/values.js";

/** Functions that read from the state what is kept, by kind; null while there is nothing worth keeping. */
export function keptValues(state, systems) {
  return {
    drawing: () => drawingOf(state),
    settings: () => ({ address: addressOf(state, systems) }),
    code: () => codeOf(state),
    shown: steady(() => shownOf(state)),
    ends: () => endsOf(state),
    shelf: () => state.shelf.value,
    file: () => state.file.value,
  };
}

/** A function that reads the query that brings the settings of the run back, and its system. */
export function runAddress({ run, runValues, dataset }, systems) {
  return () => {
    const system = systems.find(({ name }) => name === run.peek().system);
    const data = run.peek().dataset ?? dataset.peek();
    const of = { values: runValues.peek(), system, dataset: data };
    const signals = Object.entries(of).map(([name, value]) => [name, { value }]);
    return addressOf(Object.fromEntries(signals), systems);
  };
}

/** The settings of a kept run {address, made} of this system. */
export function settingsOfKept({ address, made }, system) {
  return withMade(settingsFromQuery(address, system).values, made);
}

/** The query that brings data set, system and settings back. */
export function addressOf({ values, system, dataset }, systems) {
  return toQuery(
    values.value,
    addressOfSystem(addressOfData("", dataset.value), system.value, systems),
    withSystem(defaults(), system.value),
  );
}

/** The query that decides the settings at the start: the page's own where it asks for any, else the kept one. */
export function startingAddress(search, kept) {
  return bringsSettings(search) || !kept ? search : kept.address;
}

/** The state starts with the kept drawing. */
export function restoreDrawing(state, { items, cleared, centre, labelChoice }) {
  state.drawing.value = { items, cleared, time: null };
  state.centre.value = centre;
  state.labelChoice.value = labelChoice;
}

function drawingOf({ drawing, centre, labelChoice }) {
  const { items, cleared } = drawing.value;
  const value = { items, cleared, centre: centre.value, labelChoice: labelChoice.value };
  return items.at(-1)?.growing ? null : value;
}

/** `read` with the same object as before where the new one is equal, because every snapshot of a run is another model shown. */
export function steady(read) {
  let last = null;
  return () => {
    const now = read();
    if (JSON.stringify(now) !== JSON.stringify(last)) last = now;
    return last;
  };
}

function shownOf({ shown, system, corruption }) {
  if (!shown.value) return null;
  return { system: system.value.name, source: shown.value.source, corruption: corruption.value };
}

/** The ends of the paths. The model of a code is known by its source and, of a run, its id; that of a file that has been replaced not at all. */
function endsOf({ ends, file }) {
  const { a, b } = ends.value;
  if (!a || !b) return null;
  const kept = ({ model, ...end }) =>
    end.kind === "code" ? { ...end, model: model && modelOf(model) } : end;
  const modelOf = ({ source, of, length, codes }) => {
    if (source === "file" && of !== file.value) return null;
    return { source, run: source === "training" ? of : null, length, codes };
  };
  return { a: kept(a), b: kept(b) };
}

function codeOf({ shown, code, codeOrigin, component, runKept, demonstration }) {
  if (!shown.value || code.value.length === 0 || demonstration.value) return null;
  const { source, description } = shown.value;
  const [origin, { codes }] = [codeOrigin.value, description.code];
  const run = source === "training" ? runKept.value.id : null;
  return { origin, component: component.value, source, run, codes, values: Float32Array.from(code.value) };
}
