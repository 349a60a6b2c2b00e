//! Data sets of files and drawings for the page. What has images takes them as an IDX file, as bare bytes `[n * 784]` or as numbers in 0..=1, and gives them
//! as it got them, but numbers as bytes; labels are an IDX file or bare bytes likewise.

use js_sys::{Float32Array, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::arguments::check_rows;
use super::convert::{deserialize, floats, record, serialize};
use crate::data::import::{self, MOST_PICTURES};
use crate::data::{self, Augmentation, Classed, Images, PIXELS};
use crate::{Error, Result};

/// A data set that files are added to.
#[wasm_bindgen]
pub struct DataImport {
    import: import::Import,
}

#[wasm_bindgen]
impl DataImport {
    /// Without files.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript has no default")]
    pub fn new() -> DataImport {
        Self { import: import::Import::new(MOST_PICTURES) }
    }

    /// Adds a file, of whatever kind; of a picture, `name` may be a path whose last folder is the class. `{ pictures }` says how many encoded pictures are in it. Throws
    /// when nothing of it is read; that is among the summary's `refused` as well.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<JsValue> {
        let pictures = self.import.add(name, bytes)?;
        Ok(record([("pictures", (pictures as f64).into())]))
    }

    /// How many encoded pictures still wait to be decoded. Each keeps its index until none waits; then indices begin with 0 again.
    pub fn pictures(&self) -> usize {
        self.import.waiting()
    }

    /// The bytes of an encoded picture.
    pub fn picture(&self, index: usize) -> Result<Uint8Array> {
        Ok(Uint8Array::from(self.import.picture(index)?.as_slice()))
    }

    /// Its file.
    pub fn picture_name(&self, index: usize) -> Result<String> {
        self.import.picture_name(index).map(String::from)
    }

    /// Its pixels, decoded: red, green, blue, alpha.
    pub fn take_pixels(&mut self, index: usize, width: usize, height: usize, rgba: &[u8]) -> Result<()> {
        self.import.take_pixels(index, width, height, rgba)
    }

    /// It cannot be decoded.
    pub fn refuse(&mut self, index: usize, reason: &str) -> Result<()> {
        self.import.refuse(index, reason)
    }

    /// What has been read so far: `{ count, train, test, labelled, classes: [{ name, count }], refused: [{ file, kind, values }], full_ink: [{ file, value }], mean,
    /// looks_inverted, looks_transposed, examples, example_classes }`.
    pub fn summary(&self) -> JsValue {
        let mut summary = self.import.summary();
        let (mean, examples) = (std::mem::take(&mut summary.mean), std::mem::take(&mut summary.examples));
        let object = serialize(&summary);
        for (key, values) in [("mean", mean), ("examples", examples)] {
            js_sys::Reflect::set(&object, &key.into(), &floats(&values)).expect("a fresh object takes any property");
        }
        object
    }

    /// The data set, by `{ name, invert, transpose, test_share, seed, mnist_frame }`: `{ name, classes, train_images, train_labels, test_images, test_labels, sha256, train, test,
    /// test_is_train }` with IDX files; labels are undefined without classes.
    pub fn finish(&self, options: JsValue) -> Result<JsValue> {
        let set = self.import.finish(&deserialize(options)?)?;
        Ok(record([
            ("name", set.name.into()),
            ("classes", serialize(&set.classes)),
            ("train_images", bytes(&set.train_images)),
            ("train_labels", optional(set.train_labels.as_deref())),
            ("test_images", bytes(&set.test_images)),
            ("test_labels", optional(set.test_labels.as_deref())),
            ("sha256", set.sha256.into()),
            ("train", (set.train as f64).into()),
            ("test", (set.test as f64).into()),
            ("test_is_train", set.test_is_train.into()),
        ]))
    }
}

/// Images and labels as a function got them.
#[derive(Deserialize)]
struct Given {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    images: JsValue,
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    labels: JsValue,
    #[serde(default)]
    classes: Vec<String>,
}

/// The same as bytes.
struct Taken {
    images: Vec<u8>,
    labels: Option<Vec<u8>>,
    classes: Vec<String>,
    is_idx: bool,
}

impl Given {
    fn take(self) -> Result<Taken> {
        let Self { images, labels, classes } = self;
        let given = match images.dyn_ref::<Float32Array>() {
            Some(pixels) => pixels.to_vec().into_iter().map(|ink| (255.0 * ink).round() as u8).collect(),
            None => Uint8Array::new(&images).to_vec(),
        };
        let is_idx = given.len() % PIXELS == 16; // bytes of the header
        let images = if is_idx { Images::parse("images", given)?.as_idx()[16..].to_vec() } else { given };
        check_rows("images", PIXELS, images.len())?;
        let count = images.len() / PIXELS;
        let is_known = !labels.is_undefined() && !labels.is_null();
        let labels = is_known.then(|| Uint8Array::new(&labels).to_vec());
        let labels =
            labels.map(|given| if given.len() == count { given } else { given[given.len().min(8)..].to_vec() });
        if let Some(labels) = &labels
            && labels.len() != count
        {
            let (found, images) = (labels.len().into(), count.into());
            return Err(Error::DataCount { file: "labels".into(), labels: found, images });
        }
        Ok(Taken { images, labels, classes, is_idx })
    }
}

impl Taken {
    fn classed(self) -> Classed {
        Classed { images: self.images, labels: self.labels, classes: self.classes }
    }
}

/// `{ images, labels }` as IDX files or bare bytes.
fn images_and_labels(images: &[u8], labels: Option<&[u8]>, is_idx: bool) -> [(&'static str, JsValue); 2] {
    let count = images.len() / PIXELS;
    match is_idx {
        true => [
            ("images", bytes(&import::idx_images(images.chunks_exact(PIXELS), count))),
            ("labels", optional(labels.map(import::idx_labels).as_deref())),
        ],
        false => [("images", bytes(images)), ("labels", optional(labels))],
    }
}

fn bytes(values: &[u8]) -> JsValue {
    Uint8Array::from(values).into()
}

fn optional(values: Option<&[u8]>) -> JsValue {
    values.map_or(JsValue::UNDEFINED, bytes)
}

/// `{ images, labels, copies, shift, rotation, scale, seed }` -> `{ images, labels }`: the images and then `copies` of each, shifted by up to `shift` pixels,
/// rotated by up to `rotation` degrees and scaled by up to the share `scale`.
#[wasm_bindgen]
pub fn augment(options: JsValue) -> Result<JsValue> {
    #[derive(Deserialize)]
    struct Options {
        seed: f64,
    }
    let Options { seed } = deserialize(options.clone())?;
    let by: Augmentation = deserialize(options.clone())?;
    let Taken { images, labels, is_idx, .. } = deserialize::<Given>(options)?.take()?;
    let images = data::augment(&images, &by, seed as u64, MOST_PICTURES)?;
    let labels = labels.map(|labels| labels.repeat(by.copies + 1));
    Ok(record(images_and_labels(&images, labels.as_deref(), is_idx)))
}

/// `{ own: { images, labels, classes }, other: { images, labels, classes }, share, seed }` -> `{ images, labels, classes }`, as IDX files where `own` is one.
#[wasm_bindgen]
pub fn mix(options: JsValue) -> Result<JsValue> {
    #[derive(Deserialize)]
    struct Options {
        own: Given,
        other: Given,
        share: f64,
        seed: f64,
    }
    let Options { own, other, share, seed } = deserialize(options)?;
    let own = own.take()?;
    let is_idx = own.is_idx;
    let Classed { images, labels, classes } = data::mix(&own.classed(), &other.take()?.classed(), share, seed as u64)?;
    let [images, labels] = images_and_labels(&images, labels.as_deref(), is_idx);
    Ok(record([images, labels, ("classes", serialize(&classes))]))
}

/// `{ count, seed }` -> `{ images, labels, factors, classes }`: IDX files, and five factors of each image: shape, x, y, scale, angle.
#[wasm_bindgen]
pub fn sprites(options: JsValue) -> Result<JsValue> {
    #[derive(Deserialize)]
    struct Options {
        count: usize,
        seed: f64,
    }
    let Options { count, seed } = deserialize(options)?;
    Error::check_quantity("sprites", count, 1..=MOST_PICTURES)?;
    let drawn = data::sprites(count, seed as u64);
    let [images, labels] = images_and_labels(&drawn.images, Some(&drawn.labels), true);
    Ok(record([images, labels, ("factors", floats(&drawn.factors).into()), ("classes", serialize(&data::SHAPES))]))
}

/// `{ images, labels, share, seed }` -> `{ train_images, train_labels, test_images, test_labels, train, test, test_is_train }`.
#[wasm_bindgen]
pub fn split_off(options: JsValue) -> Result<JsValue> {
    #[derive(Deserialize)]
    struct Options {
        share: f64,
        seed: f64,
    }
    let Options { share, seed } = deserialize(options.clone())?;
    let Taken { images, labels, is_idx, .. } = deserialize::<Given>(options)?.take()?;
    let halves = data::split_off(images.len() / PIXELS, labels.as_deref(), share, seed as u64);
    let part = |of: &[usize]| {
        let pixels: Vec<u8> = of.iter().flat_map(|&at| &images[at * PIXELS..(at + 1) * PIXELS]).copied().collect();
        let labels = labels.as_ref().map(|labels| of.iter().map(|&at| labels[at]).collect::<Vec<_>>());
        images_and_labels(&pixels, labels.as_deref(), is_idx).map(|(_, values)| values)
    };
    let ([train_images, train_labels], [test_images, test_labels]) = (part(&halves.train), part(&halves.test));
    Ok(record([
        ("train_images", train_images),
        ("train_labels", train_labels),
        ("test_images", test_images),
        ("test_labels", test_labels),
        ("train", (halves.train.len() as f64).into()),
        ("test", (halves.test.len() as f64).into()),
        ("test_is_train", halves.test_is_train.into()),
    ]))
}

/// `{ train_images, train_labels, test_images, test_labels, classes, test_is_train }` -> a ZIP archive of PNG files, `train/CLASS/00001.png` and so on, which [`DataImport`] reads again.
#[wasm_bindgen]
pub fn export_zip(set: JsValue) -> Result<Uint8Array> {
    #[derive(Deserialize)]
    struct Set {
        #[serde(with = "serde_wasm_bindgen::preserve")]
        train_images: JsValue,
        #[serde(default, with = "serde_wasm_bindgen::preserve")]
        train_labels: JsValue,
        #[serde(default, with = "serde_wasm_bindgen::preserve")]
        test_images: JsValue,
        #[serde(default, with = "serde_wasm_bindgen::preserve")]
        test_labels: JsValue,
        #[serde(default)]
        classes: Vec<String>,
        #[serde(default)]
        test_is_train: bool,
    }
    let Set { train_images, train_labels, test_images, test_labels, classes, test_is_train } = deserialize(set)?;
    let has_test = !test_is_train && !test_images.is_undefined() && !test_images.is_null();
    let taken = |images, labels| Given { images, labels, classes: Vec::new() }.take();
    let train = taken(train_images, train_labels)?;
    let test = if has_test { Some(taken(test_images, test_labels)?) } else { None };
    let mut parts = vec![("train", train.images.as_slice(), train.labels.as_deref())];
    parts.extend(test.as_ref().map(|test| ("test", test.images.as_slice(), test.labels.as_deref())));
    Ok(Uint8Array::from(import::pictures_zip(&parts, &classes).as_slice()))
}
