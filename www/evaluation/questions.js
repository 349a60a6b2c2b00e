// Opens the panels of slow questions, and lets them overhear what the studio shows.

import { Examiner } from "./evaluation-client.js";
import { Inquiry } from "./evaluation-controller.js";
import { MeasureView } from "../views/measure.js";
import { NearestView } from "../views/nearest.js";
import { PlaneView } from "../views/plane.js";

const find = (id) => document.getElementById(id);

/**
 * `dataset`: the test images; `weights()` promises what the pictures show, `run()` is the run in training, `studio()` moves
 * the sliders, `viewer` decodes.
 */
export function openInquiry({ dataset, weights, run, studio, viewer, announcer }) {
  const open = (panel) => (isOpen) => inquiry.opened(panel, isOpen);
  const [retry, refresh] = [() => inquiry.retry(), () => inquiry.refresh()];
  const inquiry = new Inquiry({
    examiner: (phase) => new Examiner({ dataset, phase }),
    views: {
      measure: new MeasureView(find("measure-panel"), {
        measure: (extent) => inquiry.measure(extent),
        stop: () => inquiry.stop(),
      }),
      plane: new PlaneView(find("plane-panel"), {
        open: open("plane"),
        retry,
        refresh,
        moveTo: (components, place) => {
          for (const [k, c] of components.entries()) studio().bend(c, place[k]);
        },
        say: (place) => announcer.say(place),
        decode: (z) => viewer.call("decode", { z }),
      }),
      nearest: new NearestView(find("nearest-panel"), { open: open("nearest"), retry, refresh }),
    },
    weights,
    run,
    announcer,
  });
  return inquiry;
}

/** The studio's views, of which the latents' and the digit's say on what they are told. */
export function overheard(views, inquiry) {
  const telling = (view) => ({
    update(change) {
      view.update(change);
      inquiry.hear(change);
    },
    order: () => view.order?.(),
  });
  return { ...views, latents: telling(views.latents), digit: telling(views.digit) };
}
