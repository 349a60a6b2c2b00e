//! The data sets that come with the project, called as the page calls them (`www/data-sets/shipped.js`).

use latent_lab::data::{FACTORS, Factors, SHAPES, Sprites, sprites};

/// Sprites to train on and to test with, and their seeds.
const TRAIN: (usize, u64) = (20_000, 1);
const TEST: (usize, u64) = (5_000, 2);

/// A data set with a short name.
pub struct Known {
    /// Its short name, which also begins the names of its weights; MNIST's have no such beginning.
    pub key: &'static str,
    /// As a person reads it.
    pub name: &'static str,
    /// Where a build has put its files; `None` for sprites, which are drawn.
    pub folder: Option<&'static str>,
    /// Its training images.
    pub train_images: usize,
    /// The names of its classes.
    pub classes: &'static [&'static str],
    /// Weights of its judge.
    pub judge: &'static str,
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const CLOTHES: [&str; 10] =
    ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];
const ANIMALS: [&str; 10] = ["Bear", "Bird", "Cat", "Cow", "Dog", "Elephant", "Giraffe", "Horse", "Sheep", "Zebra"];

/// All of them.
pub const KNOWN: [Known; 4] = [
    Known {
        key: "mnist",
        name: "MNIST",
        folder: Some("www/data"),
        train_images: 60_000,
        classes: &DIGITS,
        judge: "www/models/judge.safetensors",
    },
    Known {
        key: "fashion",
        name: "Fashion-MNIST",
        folder: Some("www/data/fashion"),
        train_images: 60_000,
        classes: &CLOTHES,
        judge: "www/models/fashion-judge.safetensors",
    },
    Known {
        key: "sprites",
        name: "Sprites",
        folder: None,
        train_images: TRAIN.0,
        classes: &SHAPES,
        judge: "www/models/sprites-judge.safetensors",
    },
    Known {
        key: "animals",
        name: "Animals",
        folder: Some("www/data/animals"),
        train_images: 8_000,
        classes: &ANIMALS,
        judge: "www/models/animals-judge.safetensors",
    },
];

/// The data set of this short name.
pub fn known(key: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.key == key)
}

/// The sprites to train on, and those to test with.
pub fn drawn() -> [Sprites; 2] {
    [TRAIN, TEST].map(|(count, seed)| sprites(count, seed))
}

/// The factors of the sprites to test with.
pub fn test_factors() -> Factors {
    Factors::new(FACTORS.map(String::from).into(), &drawn()[1].factors)
}
