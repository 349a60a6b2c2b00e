//! The judge: a small MNIST classifier, trained by `latent-lab judge`, that scores pictures independently of any model.
//! Its scores are comparable within this project only.

use burn::module::Module;
use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Device, Tensor};

use super::{most_likely_class, upload};
use crate::data::{Dataset, PIXELS};
use crate::layers::Dense;
use crate::model::ModelConfig;
use crate::random::{Stream, generator};
use crate::snapshot::{self, NamedTensor};
use crate::weights::{Contents, File, LARGEST_FILE, Notes, Precision, fill, fit};
use crate::{Error, Result};

/// A fully connected classifier, 784-256-64-Y with ReLU.
#[derive(Module, Debug)]
pub struct Judge {
    hidden: Dense,
    features: Dense,
    digits: Dense,
    #[module(skip)]
    classes: usize,
}

/// The judge's output for `n` pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// Activations of the last hidden layer, `[n * F]`.
    pub features: Vec<f32>,
    /// p(class | picture), `[n * Y]`.
    pub probabilities: Vec<f32>,
    /// `Y`.
    pub classes: usize,
}

impl Predictions {
    /// For each picture, the most likely class and its probability.
    pub fn most_likely(&self) -> impl Iterator<Item = (u8, f32)> {
        self.probabilities.chunks_exact(self.classes).map(|row| {
            let class = most_likely_class(row);
            (class, row[usize::from(class)])
        })
    }
}

/// The tensor whose length is the number of classes.
const OUTPUT: &str = "digits.bias";

impl Judge {
    const HIDDEN: usize = 256;
    /// `F`: width of the last hidden layer, in which pictures are compared.
    pub const FEATURES: usize = 64;

    /// An untrained judge of `classes` classes; the same seed gives the same weights.
    pub fn new(classes: usize, seed: u64, device: &Device) -> Self {
        let random = &mut generator(seed, Stream::Weights);
        Self {
            hidden: Dense::new(PIXELS, Self::HIDDEN, random, device),
            features: Dense::new(Self::HIDDEN, Self::FEATURES, random, device),
            digits: Dense::new(Self::FEATURES, classes, random, device),
            classes,
        }
    }

    /// `Y`: the classes that it tells apart.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Checks that the data set has as many classes as the judge, or no labels.
    ///
    /// # Errors
    /// When it has not.
    pub fn check(&self, data: &Dataset) -> Result<()> {
        let found = data.info.classes.len();
        if !data.labels.are_known() || found == self.classes {
            return Ok(());
        }
        let data = data.info.name.as_str().into();
        Err(Error::JudgeClasses { data, found: found.into(), expected: self.classes.into() })
    }

    /// Features and log p(class | image) in nats.
    ///
    /// # Shapes
    /// Images `[B, P]` to features `[B, F]` and log-probabilities `[B, Y]`.
    pub fn forward(&self, images: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let features = relu(self.features.forward(relu(self.hidden.forward(images))));
        (features.clone(), log_softmax(self.digits.forward(features), 1))
    }

    /// Cross-entropy -log p(label | image), mean over images `[B, P]` in nats, `[1]`; labels `[B, Y]`, one-hot.
    pub fn cross_entropy(&self, images: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
        let (_, log_probabilities) = self.forward(images);
        -(log_probabilities * labels).sum_dim(1).mean()
    }

    /// Predictions for pictures `[n * P]`.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn classify(&self, pictures: Vec<f32>, device: &Device) -> Result<Predictions> {
        let rows = pictures.len() / PIXELS;
        let (features, log_probabilities) = self.forward(upload(pictures, [rows, PIXELS], device));
        let read = snapshot::read(vec![features, log_probabilities.exp()]).await?;
        let [features, probabilities] = <[Vec<f32>; 2]>::try_from(read).expect("two tensors were read");
        Ok(Predictions { features, probabilities, classes: self.classes })
    }

    /// The weights as a safetensors file in half precision, with `notes` as its metadata.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn to_bytes(&self, notes: Notes) -> Result<Vec<u8>> {
        let mut contents = Contents::new(notes);
        for NamedTensor { name, shape, values } in snapshot::parameters(self).await? {
            contents.push(name, &shape, &values, Precision::Half);
        }
        Ok(contents.to_bytes())
    }

    /// Reads the weights from a safetensors file.
    ///
    /// # Errors
    /// When the bytes are not a valid safetensors file, or a tensor of the judge is missing or has another shape.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self> {
        let file = File::parse(bytes, LARGEST_FILE)?;
        let classes = file.tensor(OUTPUT)?.values.len();
        Error::check_quantity("classes", classes, ModelConfig::CLASSES)?;
        let judge = Self::new(classes, 0, device);
        let parameters = file.names().iter().map(|name| file.tensor(name)).collect::<Result<_>>()?;
        let parameters = fit(parameters, &judge)?;
        Ok(fill(judge, &parameters))
    }
}
