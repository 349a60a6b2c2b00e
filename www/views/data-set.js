// The present data set: which it is, what is in it, and what can be done with one's own.

import { megabytes, percent } from "../messages/format.js";
import { text } from "../messages/text.js";
import { DataSummaryView } from "./data-summary.js";
import { create, setText, setValue } from "./dom.js";

export class DataSetView {
  #root;
  #summary;
  #listed = "";
  #key = null;

  /** `actions`: choose(key), rename(name), remove(), save(format) with "idx" or "png". */
  constructor(root, actions) {
    this.#root = root;
    this.#summary = new DataSummaryView(this.#find("data-seen"));
    const on = (id, event, act) => this.#find(id).addEventListener(event, act);
    on("data-choose", "change", () => actions.choose(this.#find("data-choose").value));
    on("data-name", "change", () => actions.rename(this.#find("data-name").value));
    on("data-save-idx", "click", () => actions.save("idx"));
    on("data-save-png", "click", () => actions.save("png"));
    on("data-delete", "click", () => this.#ask(true));
    on("data-delete-no", "click", () => this.#ask(false));
    on("data-delete-yes", "click", () => {
      this.#ask(false);
      this.#find("data-choose").focus();
      actions.remove();
    });
  }

  /** `dataset` and `list`: as in DataSets; `choosing`: {key, loaded, total} or null; `summary`: as in data-summary.js, of `of` images, or null; `note`: a sentence or "". */
  update({ dataset, list, choosing, summary, note }) {
    this.#offer(list, choosing?.key ?? dataset.key);
    const isOwn = dataset.origin !== "shipped";
    this.#find("data-own").hidden = !isOwn;
    if (dataset.key !== this.#key) this.#find("data-delete-question").hidden = true;
    this.#key = dataset.key;
    setValue(this.#find("data-name"), dataset.name);
    setText(this.#find("data-facts"), factsOf(dataset));
    setText(this.#find("data-delete-words"), text("data.set.delete_sure", { name: dataset.name }));
    setText(this.#find("data-state"), choosing ? choosingText(choosing) : note);
    this.#summary.update({ summary });
  }

  #offer(list, key) {
    const select = this.#find("data-choose");
    const listed = JSON.stringify(list.map((info) => [info.key, info.name]));
    if (listed !== this.#listed)
      select.replaceChildren(
        ...list.map((info) => create("option", { value: info.key, textContent: info.name })),
      );
    this.#listed = listed;
    setValue(select, key);
  }

  #ask(asking) {
    this.#find("data-delete-question").hidden = !asking;
    this.#find(asking ? "data-delete-no" : "data-delete").focus();
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

/** How many images of which classes, in a sentence or two. */
export function factsOf({ train, test, classes, labelled, testIsTrain, origin, kept }) {
  const counts = text(testIsTrain ? "data.set.all_train" : "data.set.split", { train, test });
  const of = labelled ? text("data.set.labelled", { count: classes.length }) : text("data.set.unlabelled");
  const left = origin !== "shipped" && !kept ? ` ${text("data.set.not_kept")}` : "";
  return `${counts} ${of}${left}`;
}

function choosingText({ loaded, total }) {
  if (!total) return text("data.set.loading");
  return text("data.set.loading_share", { share: percent(loaded / total), size: megabytes(total) });
}
