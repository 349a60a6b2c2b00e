// The map: the codes of test images in a plane of latent space, as marks of their classes; the prior, the drawing's posterior and a cross to move.

import { codeAt, covarianceIn, hasPlane, hasStandardPrior, placeOf } from "../evaluation/plane-geometry.js";
import { PIXELS } from "../explore/images.js";
import { text } from "../messages/text.js";
import { ClassLegend } from "./class-legend.js";
import { setAttribute, setText } from "./dom.js";
import { onFrame } from "./frame.js";
import { needsLegend } from "./map-marks.js";
import { NearestImage } from "./nearest-image.js";
import { grey, paint } from "./pixels.js";
import { PlaneBackground } from "./plane-background.js";
import { PlaneCamera } from "./plane-camera.js";
import { MARGIN, PlaneCanvas } from "./plane-canvas.js";
import { PlaneControls } from "./plane-controls.js";
import { PlaneGestures } from "./plane-gestures.js";
import { PlaneHover } from "./plane-hover.js";
import { decodedAtText, placeText, planeText } from "./plane-texts.js";

export class PlaneView {
  #root;
  #actions;
  #canvas; // the element
  #plane; // what is painted on it
  #controls;
  #gestures;
  #camera;
  #background;
  #hover;
  #nearest;
  #legend;
  #only = null; // the class that the legend brings out
  #props = { open: false, description: null, view: null };
  #trace = { means: null, plane: null, places: [] };
  #byKey = false; // whether the cross was moved by key and its place is not yet spoken
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
    this.#controls = new PlaneControls(root, actions);
    this.#gestures = new PlaneGestures(this.#canvas, MARGIN, this.#gestureTarget());
    this.#camera = new PlaneCamera({
      zoom: (transform) => this.#gestures.show(transform),
      look: (square, k) => this.#look(square, k),
    });
    this.#background = new PlaneBackground(actions.decodeMany, this.#draw);
    const decode = (place) => actions.decode(codeAt(this.#props.view, this.#props.z, place));
    this.#hover = new PlaneHover(decode, this.#draw);
    const ofNearest = { canvas: this.#find("plane-image"), words: this.#find("plane-image-name") };
    this.#nearest = new NearestImage(ofNearest, actions.imageAt);
    this.#legend = new ClassLegend(this.#find("plane-legend"), (label) => {
      this.#only = label;
      this.#draw();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#plane.invalidate();
      this.#draw();
    });
  }

  /**
   * `open`; `dataset` as in the state; `description` of the model shown; `view`, `progress` and `loading` as in `state.map`; `trouble`: a sentence or null; `axes` and
   * `count` of test images chosen; `usage` [Z]; `z`: the code shown; `inference` of the drawing; `trace` of its means; `pictures`: decoded, that of
   * `z` first; `background`: whether decoded pictures are behind the map; `camera`: the part that is looked at, for the first map.
   */
  update(props) {
    const before = this.#props;
    this.#props = props;
    if (!before.view) this.#camera.beginAt(props.camera);
    if (props.view !== before.view) this.#takeView();
    this.#draw();
  }

  #gestureTarget() {
    return {
      ready: () => this.#camera.ready,
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
        this.#camera.zoomed(transform);
        this.#draw();
      },
    };
  }

  #takeView() {
    const { view } = this.#props;
    if (!view) {
      this.#camera.clear();
      this.#background.clear();
      this.#nearest.clear();
      this.#hover.clear();
      return;
    }
    const posterior = this.#posterior;
    this.#camera.set(view.places, {
      more: posterior ? [placeOf(view, posterior.mean)] : [],
      continues: view.continues,
      animated: this.#props.open,
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
    return this.#camera.frame(this.#plane.side);
  }

  #paint(time) {
    const { open, description } = this.#props;
    this.#controls.update(this.#props);
    if (open && description && hasPlane(description.model)) this.#paintPlane(time);
  }

  #paintPlane(time) {
    if (!this.#plane.fit()) return;
    this.#showLegend();
    const { view, description, dataset } = this.#props;
    if (!view || this.#props.z.length !== view.across.length) return this.#plane.clear();
    this.#gestures.fit(this.#plane.side);
    this.#includeDrawing();
    if (!this.#camera.advance(time)) return this.#draw();
    this.#camera.look(this.#plane.side);
    this.#wantBackground();
    const { pictures, square } = this.#background;
    this.#plane.paint({
      square: this.#camera.square,
      ground: {
        background: pictures && this.#sameBackground(pictures, square),
        rings: hasStandardPrior(description.model) && description.model.latent > 1,
        contours: view.contours,
        rows: view.components.length === 1,
      },
      dataset,
      places: this.#camera.places,
      labels: view.labels,
      only: this.#only,
      drawing: this.#drawing(),
      trace: this.#tracePlaces(),
      cross: this.#cross,
      picked: this.#pickNearest(),
    });
    this.#describe();
    if (this.#camera.moving) this.#draw();
    this.#root.dataset.moving = String(this.#camera.moving);
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

  /** Tells others, and the tests of the page, which part is seen. */
  #look({ centre, reach }, k) {
    Object.assign(this.#root.dataset, { square: [...centre, reach].join(" "), zoom: k.toFixed(3) });
    this.#actions.look(k > 1 ? { centre, reach } : null);
  }

  #backgroundShown = null;

  #sameBackground(pictures, square) {
    if (this.#backgroundShown?.pictures !== pictures) this.#backgroundShown = { pictures, square };
    return this.#backgroundShown;
  }

  /** Not before a motion has ended: the pictures would be of a square that is passed through. */
  #wantBackground() {
    if (!this.#props.background) return this.#background.update(null);
    if (this.#camera.moving) return;
    const { view, z, description } = this.#props;
    this.#background.update({ square: this.#camera.square, plane: view, z, weights: description });
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
      this.#camera.include(placeOf(this.#props.view, posterior.mean));
  }

  /** Names the test image nearest to the pointer, or to the cross, once the map is at rest. Returns its place under the pointer, else null. */
  #pickNearest() {
    if (this.#camera.moving) return null;
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
    const frame = this.#camera.wholeFrame(this.#plane.side);
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
