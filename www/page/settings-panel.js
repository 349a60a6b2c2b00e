// Wires the choice of a system, the form of the settings, and the address that restores both.

import { effect } from "@preact/signals-core";
import { addressOfSystem, toQuery } from "../settings/address.js";
import { SettingsController } from "../settings/settings-controller.js";
import { startsOffered, withSystem } from "../settings/systems.js";
import { defaults, differences, pending } from "../settings/values.js";
import { formula } from "../training/loss-formula.js";
import { connect } from "../views/connect.js";
import { SettingsForm } from "../views/settings-form.js";
import { SystemView } from "../views/system.js";
import { AddressBar } from "./address-bar.js";

const find = (id) => document.getElementById(id);

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
    starts: startsOffered(state.system.value, state.file.value !== null),
    note: state.settingsNote.value.text,
    corrected: state.settingsNote.value.corrected,
  }));
  const view = new SystemView(find("system"), systems, {
    choose: (name) => choose(systems.find((system) => system.name === name)),
  });
  connect(view, () => ({
    name: state.system.value.name,
    formula: formula(state.values.value, systems),
    differences: differences(state.values.value, systems[0]),
  }));
  const address = new AddressBar();
  effect(() => address.show(queryOf(state.values.value, state.system.value, systems)));
}

function queryOf(values, system, systems) {
  return toQuery(values, addressOfSystem(location.search, system, systems), withSystem(defaults(), system));
}
