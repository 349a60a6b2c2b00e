// The data sets that come with the page.

import { hasFile } from "../urls.js";
import { PIXELS } from "./idx.js";

const DIGITS = [..."0123456789"];
const CLOTHES = [
  "T-shirt",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];
const ANIMALS = ["Bear", "Bird", "Cat", "Cow", "Dog", "Elephant", "Giraffe", "Horse", "Sheep", "Zebra"];

/**
 * Each as in the state's `dataset`, with the `folder` of www/data/ that its IDX files are in; without one it is drawn by the CPU module.
 * `sha256`: of the training images and then their labels, as raw IDX files. build/data.mjs makes the files and holds them against this list.
 */
const ALL = [
  {
    key: "mnist",
    name: "MNIST",
    classes: DIGITS,
    train: 60_000,
    test: 10_000,
    folder: "",
    sha256: "c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914",
  },
  {
    key: "fashion",
    name: "Fashion-MNIST",
    classes: CLOTHES,
    train: 60_000,
    test: 10_000,
    folder: "fashion/",
    sha256: "d9ef4273af5c2e360155dad0c06bd939447bf37a6620db007d69fc79e4732045",
  },
  {
    key: "sprites",
    name: "Sprites",
    classes: ["Square", "Ellipse", "Heart"],
    train: 20_000,
    test: 5000,
    folder: null,
    sha256: null,
  },
  {
    key: "animals",
    name: "Animals",
    classes: ANIMALS,
    train: 8000,
    test: 2000,
    folder: "animals/",
    sha256: "2b69f7b898ece77a9c1b4e7b4e6c1aba4f0f8a22442c1a4eae397b9879fffab1",
  },
];

/** In the order in which they are handed out: of each its name, and its bytes once inflated, the total for hosts that send it with a content encoding. */
const PARTS = [
  ["train-images-idx3-ubyte.gz", ({ train }) => 16 + PIXELS * train],
  ["train-labels-idx1-ubyte.gz", ({ train }) => 8 + train],
  ["t10k-images-idx3-ubyte.gz", ({ test }) => 16 + PIXELS * test],
  ["t10k-labels-idx1-ubyte.gz", ({ test }) => 8 + test],
];

/** Those whose files are there: a build leaves out what it could not get. */
export const SHIPPED = ALL.filter(isThere).map((each) => ({
  ...each,
  labelled: true,
  origin: "shipped",
  testIsTrain: false,
}));

/** What the page starts with. */
export const [MNIST] = SHIPPED;

function isThere(set) {
  return set.folder === null || idxFiles(set).every(({ name }) => hasFile(`data/${name}`));
}

/** The files [{name, raw}] of a data set with so many `train` and `test` images; `folder`: of www/data/, ending in a slash, or "". */
export function idxFiles({ folder, train, test }) {
  return PARTS.map(([name, raw]) => ({ name: `${folder}${name}`, raw: raw({ train, test }) }));
}
