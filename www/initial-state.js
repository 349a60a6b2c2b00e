// What parts of the state are before anything has happened.

/** The run before there is one. */
export const BEFORE_TRAINING = {
  status: "idle",
  system: null,
  made: null,
  dataset: null,
  record: null,
  step: 0,
  epoch: 0,
  device: null,
  phase: "",
  testing: null,
  msPerStep: null,
  imagesPerSecond: null,
  trouble: null,
};

/** The smallest change of a code before one was searched. */
export const NO_CHANGE = {
  status: "idle",
  progress: null,
  reading: null,
  singles: [],
  pairs: [],
  z: null,
  target: null,
  trouble: null,
};

/** What was read of files before any were brought. */
export const NO_IMPORT = {
  status: "none",
  progress: null,
  summary: null,
  refused: [],
  classes: [],
  name: "",
  invert: false,
  transpose: false,
  frame: false,
  testShare: 0.2,
  trouble: null,
};

/** What was taught before anything was. */
export const NO_TEACHING = {
  status: "none",
  steps: 0,
  set: null,
  test: null,
  seen: 0,
  before: null,
  after: null,
  samples: 0,
  trouble: null,
};
