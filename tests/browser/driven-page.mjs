// A page of a browser that Playwright does not drive, with the part of Playwright's interface that page.mjs uses. A driver brings
// `goto(url)`, `reload()`, `run(expression)`, which resolves to the value as JSON, `perform(sources)`, which takes input actions as the W3C's
// WebDriver has them, `screenshot({path})`, `on(event, listener)` and `close()`.

import { until } from "./page.mjs";

const KEYS = { Tab: "\uE004", ArrowRight: "\uE014" };

export class DrivenPage {
  #driver;

  constructor(driver) {
    this.#driver = driver;
    this.mouse = new Pointer(driver, "mouse");
    this.touch = new Pointer(driver, "touch");
    this.pen = new Pointer(driver, "pen");
    this.keyboard = new Keyboard(driver);
  }

  goto(url) {
    return this.#driver.goto(url);
  }

  reload() {
    return this.#driver.reload();
  }

  evaluate(act, argument) {
    return this.#driver.run(`(${act})(${JSON.stringify(argument)})`);
  }

  locator(selector) {
    return new Locator(this, selector);
  }

  on(event, listener) {
    this.#driver.on(event, listener);
  }

  screenshot(options) {
    return this.#driver.screenshot(options);
  }

  close() {
    return this.#driver.close();
  }
}

/** The first element that matches. */
class Locator {
  #page;
  #selector;

  constructor(page, selector) {
    this.#page = page;
    this.#selector = selector;
  }

  /** Runs `act(element, argument)` in the page; `element` is null while there is none. */
  evaluate(act, argument) {
    const [selector, value] = [this.#selector, argument].map((each) => JSON.stringify(each));
    return this.#page.evaluate(`async () => (${act})(document.querySelector(${selector}), ${value})`);
  }

  waitFor({ state = "visible" } = {}) {
    return until(this.#page, `${this.#selector} is ${state}`, () =>
      state === "attached" ? this.evaluate((element) => element !== null) : this.isVisible(),
    );
  }

  count() {
    return this.#page.evaluate((selector) => document.querySelectorAll(selector).length, this.#selector);
  }

  isVisible() {
    return this.evaluate((element) => {
      const { width, height } = element?.getBoundingClientRect() ?? { width: 0, height: 0 };
      return width > 0 && height > 0 && getComputedStyle(element).visibility === "visible";
    });
  }

  getAttribute(name) {
    return this.evaluate((element, key) => element.getAttribute(key), name);
  }

  innerText() {
    return this.evaluate((element) => element.innerText);
  }

  inputValue() {
    return this.evaluate((element) => element.value);
  }

  scrollIntoViewIfNeeded() {
    return this.evaluate((element) => element.scrollIntoView({ block: "nearest", behavior: "instant" }));
  }

  boundingBox() {
    return this.evaluate((element) => element.getBoundingClientRect().toJSON());
  }

  /** By the mouse, once the element is there, enabled and under no other. */
  async click() {
    const [x, y] = await until(this.#page, `${this.#selector} can be clicked`, () =>
      this.evaluate(clickable),
    );
    await this.#page.mouse.move(x, y);
    await this.#page.mouse.down();
    await this.#page.mouse.up();
  }

  focus() {
    return this.evaluate((element) => element.focus());
  }

  async press(key) {
    await this.focus();
    await this.#page.keyboard.press(key);
  }

  /** Types the text in place of what is there. */
  async fill(text) {
    await this.evaluate((element) => {
      element.focus();
      element.select();
    });
    for (const letter of text) await this.#page.keyboard.press(letter);
  }

  selectOption(value) {
    return this.evaluate((element, wanted) => {
      element.value = wanted;
      for (const event of ["input", "change"]) element.dispatchEvent(new Event(event, { bubbles: true }));
    }, value);
  }
}

/** In the page: where a click meets the element, scrolled into view if need be, or null. */
function clickable(element) {
  if (!element || element.disabled) return null;
  const middle = () => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x + width / 2, y + height / 2];
  };
  const isHit = () => element.contains(document.elementFromPoint(...middle()));
  if (!isHit()) element.scrollIntoView({ block: "center", behavior: "instant" });
  return isHit() ? middle() : null;
}

/** One pointer; it moves at once. */
class Pointer {
  #driver;
  #source;

  constructor(driver, pointerType) {
    this.#driver = driver;
    this.#source = { type: "pointer", id: pointerType, parameters: { pointerType } };
  }

  move(x, y) {
    return this.#perform({ type: "pointerMove", duration: 0, x: Math.round(x), y: Math.round(y) });
  }

  down() {
    return this.#perform({ type: "pointerDown", button: 0 });
  }

  up() {
    return this.#perform({ type: "pointerUp", button: 0 });
  }

  #perform(action) {
    return this.#driver.perform([{ ...this.#source, actions: [action] }]);
  }
}

class Keyboard {
  #driver;

  constructor(driver) {
    this.#driver = driver;
  }

  /** A letter, or a key of `KEYS` by its name. */
  press(key) {
    const value = KEYS[key] ?? key;
    const actions = ["keyDown", "keyUp"].map((type) => ({ type, value }));
    return this.#driver.perform([{ type: "key", id: "keys", actions }]);
  }
}
