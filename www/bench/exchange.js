// Results as they leave the page and reach it: as text, file or link. Those that were opened stand side by side.

import { saveFile } from "../files/save-file.js";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { asText } from "./bench-report.js";
import { linkOf, resultOfLink } from "./result-link.js";
import { sideBySideSection } from "./result-sections.js";
import { resultOfFile, sharedResult } from "./shared-result.js";

/** Whether another can compare anything of this report. */
export const isComparable = (report) => sharedResult(report).rows.length > 0;

export function saveReport(report) {
  saveFile(JSON.stringify(report, null, 2), "latent-lab-benchmark.json", "application/json");
}

export class Exchange {
  #root;
  #actions;
  /** Results that were opened, of this machine or others. */
  #received = [];

  /** `root`: for the results that were opened; `actions`: `say(words)`, and `copy(words, kind)`, whether "text" or a "link" could be copied. */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
  }

  copyText(report) {
    return this.#copy("text", () => asText(report));
  }

  /** `page`: the page's address, without what follows its path. */
  copyLink(report, page) {
    return this.#copy("link", async () => `${page}${await linkOf(sharedResult(report))}`);
  }

  /** `hash`: of the address, which may have a result. */
  async openLink(hash) {
    this.#actions.say("");
    try {
      const result = await resultOfLink(hash);
      if (!result) return;
      this.#receive(result);
      this.#actions.say(text("bench.result.link_received"));
    } catch (error) {
      this.#actions.say(text("bench.result.link_refused", { reason: sentence(error) }));
    }
  }

  /** Those that can be read; for each a sentence says whether it could. */
  async openFiles(files) {
    this.#actions.say("");
    const said = [];
    for (const file of files) {
      try {
        this.#receive(await resultOfFile(file));
        said.push(text("bench.result.received", { name: file.name }));
      } catch (error) {
        said.push(text("bench.result.refused", { name: file.name, reason: sentence(error) }));
      }
    }
    this.#actions.say(said.join(" "));
  }

  async #copy(kind, make) {
    const { say, copy } = this.#actions;
    say("");
    try {
      const copied = await copy(await make(), kind);
      say(copied ? text(`bench.result.copied.${kind}`) : text("share.by_hand"));
    } catch (error) {
      say(text("bench.result.not_copied", { reason: sentence(error) }));
    }
  }

  /** Shows a result beside those before it, each once. */
  #receive(result) {
    const same = JSON.stringify(result);
    if (!this.#received.some((other) => JSON.stringify(other) === same)) this.#received.push(result);
    this.#root.replaceChildren(sideBySideSection(this.#received));
  }
}
