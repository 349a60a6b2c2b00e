// The select of the data set: the shipped ones and a person's own; while one is fetched, how far that is.

import { percent } from "../messages/format.js";
import { text } from "../messages/text.js";
import { create, setText, setValue } from "./dom.js";

export class DataSelect {
  #select;
  #offered = "";
  #present = null;

  /** `choose(key)` resolves once the set is the present one, or cannot be had. */
  constructor(select, choose) {
    this.#select = select;
    select.disabled = false;
    select.addEventListener("change", async () => {
      const chosen = select.value;
      await choose(chosen);
      if (select.value === chosen) select.value = this.#present; // the one of before, where the chosen one cannot be had
    });
  }

  /** `shown`: from then on it is seen; `offered`: [{key, name}]; `present`: the key of the present one; `choosing`: {key, loaded, total} in bytes of the one that is fetched, or null. */
  update({ shown, offered, present, choosing }) {
    if (shown) this.#select.hidden = false;
    this.#present = present;
    const list = JSON.stringify(offered);
    if (list !== this.#offered) this.#select.replaceChildren(...offered.map(option)); // an open list must not be replaced under the pointer
    this.#offered = list;
    for (const [k, { key, name }] of offered.entries())
      setText(this.#select.options[k], choosing?.key === key ? fetching(name, choosing) : name);
    this.#select.setAttribute("aria-busy", String(choosing !== null));
    setValue(this.#select, choosing?.key ?? present);
  }
}

function option({ key, name }) {
  return create("option", { value: key, textContent: name });
}

function fetching(name, { loaded, total }) {
  return total ? text("data.fetching", { name, share: percent(loaded / total) }) : name;
}
