// The map: the codes of test images in a plane of latent space, as marks of their classes; the prior, the drawing's posterior and a cross to move.

import {
  codeAt,
  covarianceIn,
  Frame,
  hasPlane,
  hasStandardPrior,
  placeOf,
  zoomedSquare,
  zoomTo,
} from "../evaluation/plane-geometry.js";
import { PlaneMotion } from "../evaluation/plane-motion.js";
import { PIXELS } from "../explore/images.js";
import { text } from "../messages/text.js";
import { ClassLegend } from "./class-legend.js";
import { setAttribute, setText, setValue, showTrouble } from "./dom.js";
import { onFrame } from "./frame.js";
import { needsLegend } from "./map-marks.js";
import { NearestImage } from "./nearest-image.js";
import { grey, paint } from "./pixels.js";
import { PlaneAxes } from "./plane-axes.js";
import { PlaneBackground } from "./plane-background.js";
import { MARGIN, PlaneCanvas } from "./plane-canvas.js";
import { PlaneGestures } from "./plane-gestures.js";
import { PlaneHover } from "./plane-hover.js";
import {
  axesText,
  decodedAtText,
  noPlaneText,
  placeText,
  planeStateText,
  planeText,
  shareText,
} from "./plane-texts.js";

const NO_ZOOM = { k: 1, x: 0, y: 0 };
const PAUSE_MS = 25; // between two pictures of a motion: thirty a second look smooth, and leave the processor to the training

export class PlaneView {
  #root;
  #actions;
  #canvas; // the element
  #plane; // what is painted on it
  #axes;
  #gestures;
  #motion = new PlaneMotion();
  #background;
  #hover;
  #nearest;
  #legend;
  #only = null; // the class that the legend brings out
  #props = { open: false, description: null, view: null };
  #zoom = NO_ZOOM;
  #movedAt = 0; // when a motion was painted last
  #seen = null; // the square seen, and what it was computed from
  #trace = { means: null, plane: null, places: [] };
  #camera = null; // what the first map zooms to
  #byKey = false; // whether the cross was moved by key and its place is not yet spoken
  #still = matchMedia("(prefers-reduced-motion: reduce)");
  #draw = onFrame((time) => this.#paint(time));

  /**
   * `actions`: `retry()`, `choose({axes, count})`, `cover(on)` with decoded pictures, `look(camera)` at a part {centre, reach} or null for all of the map, `moveTo(z, component)` to a code, the component selected or null, `say(words)` of a cross moved by key, `decode(z)` and
   * `decodeMany(z)`, which resolve to pictures, the latter while nothing else is to be done, and `imageAt(index)`, which does to that of a test image.
   */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    this.#canvas = this.#find("plane");
    this.#canvas.setAttribute("role", "application"); // the arrow keys are ours
    this.#plane = new PlaneCanvas(this.#canvas, this.#draw);
    const selects = [this.#find("plane-x"), this.#find("plane-y")];
    this.#axes = new PlaneAxes(selects, (axes) => actions.choose({ axes }));
    this.#gestures = new PlaneGestures(this.#canvas, MARGIN, this.#gestureTarget());
    this.#background = new PlaneBackground(actions.decodeMany, this.#draw);
    const decode = (place) => actions.decode(codeAt(this.#props.view, this.#props.z, place));
    this.#hover = new PlaneHover(decode, this.#draw);
    const ofNearest = { canvas: this.#find("plane-image"), words: this.#find("plane-image-name") };
    this.#nearest = new NearestImage(ofNearest, actions.imageAt);
    this.#legend = new ClassLegend(this.#find("plane-legend"), (label) => {
      this.#only = label;
      this.#draw();
    });
    this.#listen();
  }

  /**
   * `open`; `dataset` as in the state; `description` of the model shown; `view`, `progress` and `loading` as in `state.map`; `trouble`: a sentence or null; `axes` and
   * `count` of test images chosen; `usage` [Z]; `z`: the code shown; `inference` of the drawing; `trace` of its means; `pictures`: decoded, that of
   * `z` first; `background`: whether decoded pictures are behind the map; `camera`: the part that is looked at, for the first map.
   */
  update(props) {
    const before = this.#props;
    this.#props = props;
    if (!before.view && !this.#seen) this.#camera = props.camera;
    if (props.view !== before.view) this.#takeView();
    this.#draw();
  }

  #listen() {
    const { retry, choose } = this.#actions;
    this.#root.querySelector(".trouble button").addEventListener("click", retry);
    this.#find("plane-background").addEventListener("change", ({ target }) =>
      this.#actions.cover(target.checked),
    );
    this.#find("plane-count").addEventListener("change", ({ target }) =>
      choose({ count: Number(target.value) }),
    );
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#plane.invalidate();
      this.#draw();
    });
  }

  #gestureTarget() {
    return {
      ready: () => Boolean(this.#seen),
      placeAt: (event) => this.#frame.from(this.#plane.pointAt(event)),
      distance: (event) => {
        const [x, y] = this.#frame.at(this.#cross);
        const [left, top] = this.#plane.pointAt(event);
        return Math.hypot(x - left, y - top);
      },
      cross: () => this.#cross,
      move: (place, byKey) => this.#move(place, byKey),
      hover: (place) => this.#hover.moveTo(place),
      zoomed: (transform) => {
        this.#zoom = transform;
        this.#draw();
      },
    };
  }

  #takeView() {
    const { view } = this.#props;
    if (!view) {
      this.#motion.clear();
      this.#background.clear();
      this.#nearest.clear();
      this.#hover.clear();
      this.#seen = null;
      return;
    }
    const posterior = this.#posterior;
    this.#motion.set(view.places, {
      more: posterior ? [placeOf(view, posterior.mean)] : [],
      continues: view.continues,
      animated: this.#props.open && !this.#still.matches,
      time: performance.now(),
    });
    if (!view.continues) this.#gestures.reset();
  }

  /** The drawing's posterior, if it is of this model. */
  get #posterior() {
    const { inference, view } = this.#props;
    return inference?.mean.length === view?.across.length ? inference : null;
  }

  /** The place of the code shown. */
  get #cross() {
    return placeOf(this.#props.view, this.#props.z);
  }

  get #frame() {
    return new Frame(this.#seen.square, this.#plane.side);
  }

  #paint(time) {
    const { open, trouble, description, view } = this.#props;
    const { dataset } = this.#root;
    dataset.state = this.#dataState();
    dataset.axes = view ? view.components.map((c) => c + 1).join(" ") || "principal" : "";
    if (!open || !description) return;
    const drawable = hasPlane(description.model);
    showTrouble(this.#root, trouble);
    const none = this.#find("plane-none");
    none.hidden = drawable;
    setText(none, drawable ? "" : noPlaneText());
    for (const part of [".plane-body", "#plane-options"]) this.#root.querySelector(part).hidden = !drawable;
    setText(this.#find("plane-state"), planeStateText(this.#props));
    if (view) setText(this.#root.querySelector("#plane-options > summary"), axesText(view));
    setText(this.#find("plane-share"), view ? shareText(view) : "");
    setValue(this.#find("plane-count"), String(this.#props.count));
    this.#find("plane-background").checked = this.#props.background;
    const { usage, axes: choice } = this.#props;
    const { components = null, variances } = view ?? {};
    this.#axes.update({ components, choice, usage, variances, size: description.code.length });
    if (drawable) this.#paintPlane(time);
  }

  #dataState() {
    const { open, trouble, description, view } = this.#props;
    if (!open) return "closed";
    if (trouble) return "failed";
    if (description && !hasPlane(description.model)) return "none";
    return view ? "drawn" : "open";
  }

  #paintPlane(time) {
    if (!this.#plane.fit()) return;
    this.#showLegend();
    const { view, description, dataset } = this.#props;
    if (!view || this.#props.z.length !== view.across.length) return this.#plane.clear();
    this.#gestures.fit(this.#plane.side);
    this.#includeDrawing();
    if (this.#motion.moving && time - this.#movedAt < PAUSE_MS) return this.#draw();
    if (this.#motion.moving) this.#movedAt = time;
    this.#motion.advance(time);
    if (this.#camera) this.#gestures.show(zoomTo(this.#motion.square, this.#plane.side, this.#camera));
    this.#camera = null;
    this.#see();
    this.#wantBackground();
    const { pictures, square } = this.#background;
    this.#plane.paint({
      square: this.#seen.square,
      ground: {
        background: pictures && this.#sameBackground(pictures, square),
        rings: hasStandardPrior(description.model) && description.model.latent > 1,
        contours: view.contours,
        rows: view.components.length === 1,
      },
      dataset,
      places: this.#motion.places,
      labels: view.labels,
      only: this.#only,
      drawing: this.#drawing(),
      trace: this.#tracePlaces(),
      cross: this.#cross,
      picked: this.#pickNearest(),
    });
    this.#describe();
    if (this.#motion.moving) this.#draw();
    this.#root.dataset.moving = String(this.#motion.moving);
    this.#root.dataset.step = String(view.step);
  }

  /** What the marks stand for, where they do not say it themselves, or why all are the same. */
  #showLegend() {
    const { view, dataset } = this.#props;
    const names = needsLegend(dataset, (view?.places.length ?? 0) / 2) ? dataset.classes : [];
    if (!names[this.#only]) this.#only = null;
    this.#legend.update({ names, ...this.#plane.marksOf(dataset) });
    const none = this.#find("plane-unlabelled");
    none.hidden = dataset.labelled;
    setText(none, dataset.labelled ? "" : text("data_sets.no_labels"));
  }

  /** The part of the square that is seen; the same object as long as nothing changes. */
  #see() {
    const { square } = this.#motion;
    const { side } = this.#plane;
    const zoom = this.#zoom;
    if (this.#seen?.of === square && this.#seen.zoom === zoom && this.#seen.side === side) return;
    this.#seen = { square: zoomedSquare(square, side, zoom), of: square, zoom, side };
    const { centre, reach } = this.#seen.square;
    Object.assign(this.#root.dataset, { square: [...centre, reach].join(" "), zoom: zoom.k.toFixed(3) });
    this.#actions.look(zoom.k > 1 ? { centre, reach } : null);
  }

  #backgroundShown = null;

  #sameBackground(pictures, square) {
    if (this.#backgroundShown?.pictures !== pictures) this.#backgroundShown = { pictures, square };
    return this.#backgroundShown;
  }

  /** Not before a motion has ended: the pictures would be of a square that is passed through. */
  #wantBackground() {
    if (!this.#props.background) return this.#background.update(null);
    if (this.#motion.moving) return;
    const { view, z, description } = this.#props;
    this.#background.update({ square: this.#seen.square, plane: view, z, weights: description });
  }

  #drawing() {
    const { view } = this.#props;
    const posterior = this.#posterior;
    if (!posterior) return null;
    return { place: placeOf(view, posterior.mean), covariance: covarianceIn(view, posterior.covariance) };
  }

  #tracePlaces() {
    const { trace: means, view } = this.#props;
    if (this.#trace.means !== means || this.#trace.plane !== view) {
      const fits = means.every((mean) => mean.length === view.across.length);
      this.#trace = { means, plane: view, places: fits ? means.map((mean) => placeOf(view, mean)) : [] };
    }
    return this.#trace.places;
  }

  /** Enlarges the square where the drawing is outside. */
  #includeDrawing() {
    const posterior = this.#posterior;
    if (posterior && !this.#gestures.dragging)
      this.#motion.include(placeOf(this.#props.view, posterior.mean));
  }

  /** Names the test image nearest to the pointer, or to the cross, once the map is at rest. Returns its place under the pointer, else null. */
  #pickNearest() {
    if (this.#motion.moving) return null;
    const { view, dataset } = this.#props;
    const { decoded } = this.#hover;
    const place = this.#nearest.update({ view, place: decoded?.place ?? this.#cross, dataset });
    return decoded && place;
  }

  /** Describes the place of the cross or the pointer: next to the map, in its text alternative, and in an announcement after a key. */
  #describe() {
    const { view, pictures } = this.#props;
    const hover = this.#hover.decoded;
    const picture = hover?.picture ?? pictures?.subarray(0, PIXELS);
    if (picture) paint(this.#find("plane-decoded"), grey(picture));
    setText(this.#find("plane-at"), decodedAtText(Boolean(hover)));
    setText(this.#find("plane-place"), placeText(view.components, hover?.place ?? this.#cross));
    const cross = placeText(view.components, this.#cross);
    setAttribute(this.#canvas, "aria-label", planeText(view.components, view.places.length / 2, cross));
    if (this.#byKey) this.#actions.say(cross);
    this.#byKey = false;
  }

  #move(place, byKey) {
    this.#byKey ||= byKey;
    this.#hover.clear();
    const frame = new Frame(this.#motion.square, this.#plane.side);
    const inside = frame.clamped(place);
    this.#actions.moveTo(codeAt(this.#props.view, this.#props.z, inside), this.#component);
    const [x, y] = this.#frame.at(inside);
    const isSeen = Math.min(x, y) >= 0 && Math.max(x, y) <= this.#plane.side;
    if (byKey && !isSeen) this.#gestures.moveTo(frame.at(inside));
  }

  /** The component that the strip of images shows next: the horizontal one, where the map has one. */
  get #component() {
    return this.#props.view.components[0] ?? null;
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}
