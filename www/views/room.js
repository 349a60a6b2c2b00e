// The place of a room whose script is loaded when it is first entered: before that it shows a sentence, and where that fails a button.

import { text } from "../messages/text.js";
import { create, setText } from "./dom.js";

export class RoomView {
  #place;
  #sentence = create("p", { className: "notice-text" });
  #retry = create("button", { type: "button", textContent: text("page.room.retry") });
  #note = create("div", { className: "room-note" }, this.#sentence, this.#retry);

  /** `place`: styles/room.css hides what is in it, but for its head, until `data-room-state` is "open". */
  constructor(place, { retry }) {
    this.#place = place;
    this.#note.setAttribute("role", "status");
    this.#retry.addEventListener("click", retry);
    const head = place.querySelector(".view-head");
    if (head) head.after(this.#note);
    else place.prepend(this.#note);
  }

  /** `status`: "loading", "open" or "failed"; `trouble`: why it failed, a sentence. */
  update({ status, trouble = null }) {
    const wasFocused = this.#retry === document.activeElement;
    this.#place.dataset.roomState = status;
    this.#note.classList.toggle("trouble", status === "failed");
    this.#retry.hidden = status === "loading" && !wasFocused;
    setText(
      this.#sentence,
      trouble ? text("page.room.failed", { reason: trouble }) : text("page.room.loading"),
    );
    if (status !== "open") return;
    this.#note.remove(); // what is in the place finds its own elements by their classes
    if (wasFocused) focusOn(this.#place.querySelector("h2, h3") ?? this.#place);
  }
}

function focusOn(element) {
  element.tabIndex = -1;
  element.focus();
}
