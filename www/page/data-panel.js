// Wires the view of data: the present set, drawings and files that become one, and teaching.

import { computed, effect, signal } from "@preact/signals-core";
import { pickedFiles } from "../data-sets/given-files.js";
import { imagesFile } from "../data-sets/idx.js";
import { ImportClient } from "../data-sets/import-client.js";
import { imagesOf, shelfCounts } from "../data-sets/shelf.js";
import { saveFile } from "../files/save-file.js";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { modelName } from "../settings/systems.js";
import { connect } from "../views/connect.js";
import { COPYING, DataAugmentView } from "../views/data-augment.js";
import { DataDrawView } from "../views/data-draw.js";
import { DataFilesView } from "../views/data-files.js";
import { DataPartsView } from "../views/data-parts.js";
import { DataSetView, factsOf } from "../views/data-set.js";
import { DataTeachView } from "../views/data-teach.js";
import { latest } from "../worker/latest.js";
import { drawnSet } from "../workshop/drawn-set.js";
import { ImportController } from "../workshop/import-controller.js";
import { OwnSets } from "../workshop/own-sets.js";
import { ShelfController } from "../workshop/shelf-controller.js";
import { TeachingController } from "../workshop/teaching-controller.js";

const COPIES_SEEN = 12;
const find = (id) => document.getElementById(id);

/** Returns {add(files)}: reads files {name, file} that were dropped. */
export function openRoom(parts) {
  const { state } = parts;
  const client = new ImportClient();
  const go = (part) => {
    state.dataPart.value = part;
    find("view-data").scrollTop = 0;
  };
  connect(new DataPartsView(find("data-panel"), go), () => ({ part: state.dataPart.value }));
  openSet(parts, client);
  openShelf(parts, client, go);
  openTeaching(parts, client);
  return openFiles(parts, go);
}

function openSet({ state, dataSets, dataChoice, notices }, client) {
  const own = new OwnSets({ state, dataSets, client });
  const note = signal("");
  const during = async (act) => {
    note.value = "";
    try {
      await act();
    } catch (error) {
      notices.show({ name: "data", text: sentence(error) });
    }
  };
  const view = new DataSetView(find("data-present"), {
    choose: (key) => dataChoice.choose(key),
    rename: (name) => during(() => own.rename(name)),
    remove: () =>
      during(async () => {
        const { name } = state.dataset.peek();
        await own.remove();
        note.value = text("data.set.deleted", { name });
      }),
    save: (format) =>
      during(async () => {
        const { blob, name } = await own.export(format);
        saveFile(blob, name);
      }),
  });
  const inSight = computed(() => state.view.value === "data" && state.dataPart.value === "set");
  effect(() => {
    const { key } = state.dataset.value;
    if (inSight.value) during(() => own.describe(key));
  });
  connect(view, () => ({
    dataset: dataSets.list.value.find(({ key }) => key === state.dataset.value.key) ?? state.dataset.value,
    list: dataSets.list.value,
    choosing: dataSets.choosing.value,
    summary: own.summary.value,
    note: note.value,
  }));
}

function openShelf({ state, viewer, explore, dataSets, dataChoice, announcer }, client, go) {
  const shelf = new ShelfController({ state, viewer, explore });
  const note = signal("");
  const store = async (time) => {
    if (await shelf.store(time)) note.value = storedText(state.shelf.peek());
    else note.value = text("data.draw.nothing");
    announcer.say(note.value);
  };
  const view = new DataDrawView(find("data-draw"), {
    store,
    undo: (time) => {
      note.value = text("data.draw.undone", { what: text(`data.undo.${shelf.undo(time)}`) });
    },
    choose: (current) => shelf.choose(current),
    addClass: () => shelf.addClass(),
    renameClass: (index, name) => shelf.renameClass(index, name),
    removeClass: (index) => shelf.removeClass(index),
    move: (id, label) => shelf.move(id, label),
    remove: (id) => shelf.remove(id),
  });
  connect(view, () => ({
    shelf: state.shelf.value,
    undo: shelf.before.value.at(-1)?.did ?? null,
    note: note.value || classesText(state.shelf.value),
  }));
  openCopies({ state, dataSets, dataChoice }, client, go);
}

function openCopies({ state, dataSets, dataChoice }, client, go) {
  const copying = signal(COPYING);
  const pictures = signal(new Float32Array(0));
  const making = signal({ busy: false, trouble: null });
  const use = async ({ name, keep }) => {
    making.value = { busy: true, trouble: null };
    try {
      const set = await drawnSet(
        client,
        state.shelf.peek(),
        name.trim() || text("data.draw.name"),
        copying.peek(),
      );
      const info = await dataSets.add(set, { origin: "drawn", keep });
      if (await dataChoice.choose(info.key)) go("teach");
      making.value = { busy: false, trouble: null };
    } catch (error) {
      making.value = { busy: false, trouble: error };
    }
  };
  const show = latest(async () => {
    const seen = await copiesOf(client, state.shelf.peek().drawings, copying.peek()).catch((error) => {
      making.value = { busy: false, trouble: error };
    });
    if (seen) pictures.value = seen;
  });
  effect(() => {
    const isSeen = state.view.value === "data" && state.dataPart.value === "draw";
    const { drawings } = state.shelf.value;
    if (isSeen && drawings.length > 0 && copying.value.copies > 0) show();
  });
  connect(
    new DataAugmentView(find("data-draw"), { change: (value) => (copying.value = value), use }),
    () => ({
      copying: copying.value,
      pictures: pictures.value,
      making: making.value.busy,
      trouble: making.value.trouble && sentence(making.value.trouble),
      count: state.shelf.value.drawings.length,
    }),
  );
}

/** Copies of the latest drawings, as many as a row shows, [n * 784] in 0..=1. */
async function copiesOf(client, drawings, { copies: _, ...amounts }) {
  const some = drawings.slice(-COPIES_SEEN);
  const copies = Math.ceil(COPIES_SEEN / some.length);
  const made = await client.augment({
    images: imagesFile(imagesOf(some)),
    labels: null,
    copies,
    ...amounts,
    seed: 1,
  });
  return client.pictures(made.images, some.length, COPIES_SEEN); // the copies come after the drawings
}

function storedText({ classes, current, drawings }) {
  const count = drawings.filter(({ label }) => label === current).length;
  if (current === null) return text("data.draw.stored", { count });
  return text("data.draw.stored_class", { count, name: classes[current] });
}

function classesText(shelf) {
  const { none } = shelfCounts(shelf);
  if (shelf.drawings.length === 0) return text("data.draw.empty");
  if (none === 0 || none === shelf.drawings.length)
    return text("data.draw.count", { count: shelf.drawings.length });
  return text("data.draw.some_without", { count: none });
}

function openFiles({ state, dataSets, announcer }, go) {
  const files = new ImportController({ state, client: new ImportClient(), dataSets });
  const add = async (given) => {
    go("files");
    await files.add(given);
    const { summary } = state.imported.peek();
    if (summary) announcer.say(text("data.files.read", { count: summary.count }));
  };
  const view = new DataFilesView(find("data-files"), {
    add: (list) => add(pickedFiles(list)),
    cancel: () => files.cancel(),
    change: (change) => files.change(change),
    renameClass: (index, name) => files.renameClass(index, name),
    use: async (how) => {
      if (await files.use(how)) go("set");
    },
  });
  connect(view, () => state.imported.value);
  return { add };
}

function openTeaching({ state, systems, session, training, choice, shownModel, dataSets }, client) {
  const teaching = new TeachingController({ state, client, dataSets, training, session, choice, shownModel });
  const view = new DataTeachView(find("data-teach"), {
    teach: (how) => teaching.teach(how),
    look: (index) => teaching.look(index),
  });
  const step = computed(() => state.run.value.step);
  connect(view, () => {
    const { source } = state.shown.value;
    const names = { source, file: state.file.value?.name ?? null, made: state.made.value };
    const set = state.dataset.value;
    const lesson = state.lesson.value;
    const isOwn = set.origin !== "shipped";
    const about = { name: set.name, facts: factsOf({ ...set, kept: true }) };
    return {
      lesson,
      isOwn,
      isMixed: teaching.isMixed(set.key),
      set: text(isOwn ? "data.teach.of" : "data.teach.of_shipped", isOwn ? about : { name: set.name }),
      shown:
        source === "training"
          ? text("data.teach.run", { step: state.stepShown.value })
          : modelName(names, systems),
      step: step.value,
      trouble: lesson.trouble && sentence(lesson.trouble),
    };
  });
}
