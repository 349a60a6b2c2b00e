// The data set that the page begins with, as `state.dataset` describes one.

export const MNIST = {
  key: "mnist",
  name: "MNIST",
  classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  labelled: true,
  train: 60_000,
  test: 10_000,
  sha256: "",
  origin: "shipped",
  testIsTrain: false,
};
