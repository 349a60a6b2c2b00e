// Wires the choice of a system, the form of the settings, and the address that restores both.

import { effect } from "@preact/signals-core";
import { addressOfCompared } from "../compare/comparison-choice.js";
import { addressOfData, addressOfSystem, toQuery } from "../settings/address.js";
import { familyMap } from "../settings/family.js";
import { warmUpNote } from "../settings/schedule-note.js";
import { hasMeaning } from "../settings/schema.js";
import { SettingsController } from "../settings/settings-controller.js";
import { settingsOfShown } from "../settings/settings-shown.js";
import { allSourcesOf, hasPretrained } from "../settings/sources.js";
import { modelName, startsOffered, withSystem } from "../settings/systems.js";
import { defaults, differences, pending } from "../settings/values.js";
import { addressOfLinked } from "../share/link.js";
import { formula } from "../training/loss-formula.js";
import { connect } from "../views/connect.js";
import { setText } from "../views/dom.js";
import { QuickSettings } from "../views/quick-settings.js";
import { SettingsForm } from "../views/settings-form.js";
import { SystemView } from "../views/system.js";
import { SystemMap } from "../views/system-map.js";
import { AddressBar } from "./address-bar.js";
import { addressOfView } from "./view-list.js";

const find = (id) => document.getElementById(id);
const AT_HAND = ["beta", "learning_rate"];

/** `choose(system)` is called with the preset that was picked. */
export function openSettingsPanel({ state, systems, choose }) {
  const settings = new SettingsController({ state });
  const form = new SettingsForm(find("settings"), find("setting-note"), {
    type: (name, typed) => settings.type(name, typed),
    slide: (name, value) => settings.slide(name, value),
  });
  connect(form, () => ({
    values: state.values.value,
    waiting: pending(state.values.value, state.runIsOfOtherSystem.value ? null : state.made.value),
    starts: startsOffered(state.system.value, state.file.value !== null, state.dataset.value.key),
    note: state.settingsNote.value.text,
    corrected: state.settingsNote.value.corrected,
  }));
  const note = { update: (words) => setText(find("schedule-note"), words) };
  connect(note, () => warmUpNote(state.values.value));
  const quick = new QuickSettings(find("bar-settings"), {
    type: (name, typed) => settings.type(name, typed),
  });
  connect(quick, () => ({
    values: state.values.value,
    meaningful: AT_HAND.filter((name) => hasMeaning(name, state.values.value)),
    corrected: state.settingsNote.value.corrected,
  }));
  openSystem(state, systems);
  openMap(state, systems, choose);
  const address = new AddressBar();
  effect(() => address.show(addressNow(state, systems)));
}

function openMap(state, systems, choose) {
  const map = new SystemMap(find("system-name"), find("system-map"), {
    map: familyMap(systems),
    formula: formula(withSystem(defaults(), systems[0]), systems),
    choose: (name) => choose(systems.find((system) => system.name === name)),
  });
  connect(map, () => {
    const { key, name } = state.dataset.value;
    const pretrained = systems.filter((system) => hasPretrained(system, key));
    return { name: state.system.value.name, pretrained: pretrained.map((system) => system.name), data: name };
  });
}

function openSystem(state, systems) {
  const view = new SystemView(find("system"));
  connect(view, () => {
    const { source } = state.shown.value ?? {};
    const shown = source ? settingsOfShown(state, systems) : null;
    const system = state.system.value;
    const next = formula(state.values.value, systems);
    const ofShown = shown && formula(shown, systems);
    return {
      name: system.name,
      formula: ofShown,
      of: isOfChosen(state) ? null : modelName({ source, made: state.made.value }, systems),
      next: JSON.stringify(next) === JSON.stringify(ofShown) ? null : next,
      differences: differences(withSystem(defaults(), system), systems[0]),
      lacksLabels: state.values.value.labelled && !state.dataset.value.labelled,
    };
  });
}

/** Whether the weights shown are those of the run, or without a run those of the chosen system: else the curves, or the idea, are of another model than the formula. */
function isOfChosen({ shown, system, made, runIsOfOtherSystem }) {
  const source = shown.value?.source;
  if (made.value) return source === "training" && !runIsOfOtherSystem.value;
  return allSourcesOf(system.value).includes(source);
}

function addressNow({ values, system, dataset, view, compared, linked }, systems) {
  const ofData = addressOfData(location.search, dataset.value);
  const own = addressOfView(addressOfSystem(ofData, system.value, systems), view.value);
  const { search, hash } = addressOfLinked(addressOfCompared(own, compared.value), linked.value);
  return toQuery(values.value, search, withSystem(defaults(), system.value)) + hash;
}
