// The tabs, and the views that they show: arrow keys move between tabs, as in the tabs pattern of the ARIA practices.

import { onFrame } from "./frame.js";

const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class ViewTabs {
  #tabs;
  #views;
  #choose;

  /** `list`: the tabs, with `data-tab` each; `views`: the elements with `data-view`; `choose(name)` is called with the view picked. */
  constructor(list, views, { choose }) {
    this.#tabs = [...list.querySelectorAll("[data-tab]")];
    this.#views = views;
    this.#choose = choose;
    list.addEventListener("click", ({ target }) => this.#pick(target.closest("[data-tab]")));
    list.addEventListener("keydown", (event) => this.#move(event));
  }

  /** `shown`: the names of the views in sight, the chosen one first; `chosen`: the name of its tab; `tabs`: the names of those that have one. */
  update({ shown, chosen, tabs }) {
    for (const tab of this.#tabs) {
      const { tab: name } = tab.dataset;
      tab.hidden = !tabs.includes(name);
      tab.setAttribute("aria-selected", String(name === chosen));
      tab.tabIndex = name === chosen ? 0 : -1;
    }
    this.#reveal(); // once the tabs are where they will be
    for (const view of this.#views) this.#show(view, { shown, chosen, tabs });
  }

  /** Narrow screens push the tabs sideways: the chosen one is in sight. */
  #reveal = onFrame(() => {
    const tab = this.#tabs.find(({ tabIndex }) => tabIndex === 0);
    const list = tab.parentElement;
    const left = tab.offsetLeft - list.offsetLeft;
    if (left < list.scrollLeft) list.scrollLeft = left;
    else list.scrollLeft = Math.max(list.scrollLeft, left + tab.offsetWidth - list.clientWidth);
  });

  #show(view, { shown, chosen, tabs }) {
    const { view: name } = view.dataset;
    view.hidden = !shown.includes(name);
    const tab = tabs.includes(name) ? name : name === shown[0] && chosen;
    if (tab) view.setAttribute("role", "tabpanel");
    else view.removeAttribute("role");
    if (tab) view.setAttribute("aria-labelledby", `tab-${tab}`);
    else view.removeAttribute("aria-labelledby");
  }

  #pick(tab) {
    if (tab) this.#choose(tab.dataset.tab);
  }

  #move(event) {
    const tabs = this.#tabs.filter(({ hidden }) => !hidden);
    const at = tabs.indexOf(event.target);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const ends = { Home: tabs[0], End: tabs.at(-1) };
    const to =
      ends[event.key] ?? (event.key in MOVES ? tabs.at((at + MOVES[event.key]) % tabs.length) : null);
    if (!to) return;
    event.preventDefault();
    this.#pick(to);
    to.focus();
  }
}
