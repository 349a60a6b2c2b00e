// A viewer's worker by the contract of www/worker.js: answers depend on the model loaded and on the request, so that a test sees whose they are.

import { Failure } from "../../www/messages/failure.js";

const PIXELS = 784;

/** What a fake weights file describes: [name, latent, codes, flags]. */
export function weights(
  name,
  { latent = 4, codes = 0, classifier = false, labelled = classifier, usage } = {},
) {
  const length = codes > 0 ? 49 : latent;
  const model = {
    latent,
    codes,
    classifier,
    labelled,
    posterior: codes > 0 ? "codebook" : "diagonal",
    prior: "standard",
  };
  const code = { length, codes, levels: codes > 0 ? [length] : [], noise: model.latent };
  const description = { model, code, usage, name };
  return new TextEncoder().encode(JSON.stringify(description));
}

export class FakeViewer {
  calls = []; // [action, args]
  #model = null;
  #held = new Map(); // actions whose answers wait, with those that wait

  /** From now on `action` is answered when the returned function is called: in the order asked, one at each call. */
  hold(action) {
    const waiting = [];
    this.#held.set(action, waiting);
    return () => waiting.shift()();
  }

  /** No answer waits any more. */
  release(action) {
    const waiting = this.#held.get(action) ?? [];
    this.#held.delete(action);
    for (const go of waiting) go();
  }

  asked(action) {
    return this.calls.filter(([name]) => name === action).map(([, args]) => args);
  }

  async call(action, args) {
    this.calls.push([action, args]);
    const answer = this.#answer(action, args); // by the model of now, as in a worker that takes one request after another
    const waiting = this.#held.get(action);
    if (waiting) await new Promise((go) => waiting.push(go));
    return answer;
  }

  async #answer(action, args) {
    if (action === "load" || action === "replace") return this.#load(args.weights);
    const { length } = this.#model.code;
    const pictures = (count) => new Float32Array(count * PIXELS);
    switch (action) {
      case "infer":
        return this.#infer(args, length);
      case "decode":
        if (args.z.length % length !== 0) throw new Failure("length_multiple", { quantity: "codes" });
        return pictures(args.z.length / length);
      case "reconstruct":
        return pictures(args.images.length / PIXELS);
      case "usage":
        return Float32Array.from({ length }, (_, c) => c);
      case "normal":
        return new Float32Array(args.count).fill(0.5);
      case "prior":
        return new Float32Array(args.count * length).fill(1);
      case "pseudo_inputs":
        return null;
      default:
        throw new Error(`no action ${action}`);
    }
  }

  #load(bytes) {
    const read = new TextDecoder().decode(bytes);
    if (!read.startsWith("{")) throw new Failure("file_empty");
    this.#model = JSON.parse(read);
    return this.#model;
  }

  /** The mean is the first pixel of an image, or the number of points of a drawing. */
  #infer({ image, points, label }, length) {
    const picture = { picture: new Float32Array(PIXELS), reconstruction: 1, kl: 1, total: 2 };
    const classes = this.#model.model.classifier
      ? Float32Array.from({ length: 10 }, (_, k) => (k === 3 ? 1 : 0))
      : null;
    return {
      framed: image ?? new Float32Array(PIXELS),
      mean: new Float32Array(length).fill(points ? points.length / 2 : image[0]),
      sigma: new Float32Array(length),
      classes: label === null ? classes : null,
      kl_per_component: new Float32Array(length),
      at_mean: picture,
      at_sample: picture,
    };
  }
}
