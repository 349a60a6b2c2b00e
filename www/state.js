// The settings: defaults, limits, and what each needs to take effect. Strings become numbers here and nowhere else.

/**
 * `applies`: "at once" (from the next training step) or "restart" (needs a new model).
 * `query`: its name in the address.
 */
export const settings = {
  from: {
    label: "Start from",
    kind: "choice",
    choices: ["scratch", "z20", "z2", "file"],
    value: "scratch",
    applies: "restart",
    query: "from",
  },
  latent: {
    label: "Latent size Z",
    kind: "integer",
    min: 2,
    max: 64,
    value: 20,
    applies: "restart",
    query: "latent",
  },
  hidden: {
    label: "Hidden units",
    kind: "integer",
    min: 16,
    max: 1024,
    value: 400,
    applies: "restart",
    query: "hidden",
  },
  seed: {
    label: "Seed",
    kind: "integer",
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    value: 1,
    applies: "restart",
    query: "seed",
  },
  device: {
    label: "Device",
    kind: "choice",
    choices: ["auto", "gpu", "cpu"],
    value: "auto",
    applies: "restart",
    query: "device",
  },
  batch: {
    label: "Batch size",
    kind: "integer",
    min: 1,
    max: 1024,
    value: 128,
    applies: "at once",
    query: "batch",
  },
  beta: {
    label: "Weight β of the KL",
    kind: "number",
    min: 0,
    max: 100,
    value: 1,
    applies: "at once",
    query: "beta",
  },
  epochs: {
    label: "Epochs",
    kind: "integer",
    min: 1,
    max: 1000,
    value: 10,
    applies: "at once",
    query: "epochs",
  },
  learning_rate: {
    label: "Learning rate",
    kind: "number",
    min: 1e-6,
    max: 10,
    value: 1e-3,
    applies: "at once",
    query: "lr",
  },
};

export const names = Object.keys(settings);

export function defaults() {
  return Object.fromEntries(names.map((name) => [name, settings[name].value]));
}

/** What a person typed, as a value within the limits, and a sentence where it was not taken as it stood. */
export function clean(name, text, previous = settings[name].value) {
  const { label, kind, choices, min, max } = settings[name];
  if (kind === "choice") {
    if (choices.includes(text)) return { value: text, sentence: null };
    return {
      value: previous,
      sentence: `${label}: "${shorten(text)}" is not one of ${choices.join(", ")}; kept at ${previous}.`,
    };
  }
  const number = parse(text);
  if (number === null) {
    return {
      value: previous,
      sentence: `${label}: "${shorten(text)}" is not a number; kept at ${previous}.`,
    };
  }
  const value = Math.min(max, Math.max(min, kind === "integer" ? Math.round(number) : number));
  if (value === number) return { value, sentence: null };
  if (number < min || number > max)
    return { value, sentence: `${label} is limited to ${min}–${max}; set to ${value}.` };
  return { value, sentence: `${label} is a whole number; set to ${value}.` };
}

/** Settings from an address like `?latent=8&lr=0.001`; a wrong value is refused and the default used. */
export function fromQuery(search) {
  const query = new URLSearchParams(search);
  const values = defaults();
  const complaints = [];
  for (const name of names) {
    const { query: key, value, label } = settings[name];
    if (!query.has(key)) continue;
    const text = query.get(key);
    const cleaned = clean(name, text);
    const offered = name !== "from" || text !== "file"; // a file cannot come by address
    if (cleaned.sentence === null && offered) values[name] = cleaned.value;
    else
      complaints.push(
        `The address asks for ${key}=${shorten(text)}, which ${label} cannot be; ${value} is used.`,
      );
  }
  return { values, complaints };
}

/** The address that brings these settings back; defaults are left out, and what is not ours is kept. */
export function toQuery(values, search = "") {
  const query = new URLSearchParams(search);
  for (const name of names) {
    const { query: key, value } = settings[name];
    if (values[name] === value || values[name] === "file") query.delete(key);
    else query.set(key, String(values[name]));
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}

/** The settings that differ from those the running model was made with, and so wait for a restart. */
export function pending(values, running) {
  if (!running) return [];
  const bySource = ["latent", "hidden"]; // a file decides these
  return names.filter(
    (name) =>
      settings[name].applies === "restart" &&
      values[name] !== running[name] &&
      !(bySource.includes(name) && values.from !== "scratch"),
  );
}

export function trainConfig({ seed, batch, learning_rate, beta, epochs }) {
  return { seed, batch, learning_rate, beta, epochs };
}

export function stepsPerEpoch(batch, images = 60000) {
  return Math.max(1, Math.floor(images / batch));
}

/** Position 0..1 of a slider for a quantity that spans decades, and back to two digits. */
export function toDecades(value, min, max) {
  return Math.log(value / min) / Math.log(max / min);
}

export function fromDecades(position, min, max) {
  return Number((min * (max / min) ** position).toPrecision(2));
}

function parse(text) {
  const trimmed = String(text).trim().replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return null;
  return Number(trimmed);
}

function shorten(text) {
  return text.length > 20 ? `${text.slice(0, 20)}…` : text;
}
