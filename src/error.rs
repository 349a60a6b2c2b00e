//! Errors as kinds with values. The sentences are in the message catalogue (`www/messages/en.json`, `errors.<kind>`), where
//! the page and the command line find them.

mod catalogue;
#[cfg(feature = "cli")]
mod command_line;
mod value;

pub use catalogue::InCatalogue;
pub(crate) use catalogue::errors;
#[cfg(feature = "cli")]
pub use command_line::CommandLineError;
pub use value::Value;

use std::fmt;
use std::ops::RangeInclusive;

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

errors! {
/// What can go wrong in this crate. A broken invariant panics instead.
///
/// In the catalogue's sentences a value called `setting` is a key of [`crate::settings`] and reads as that setting's label; a
/// value called `quantity` is a key of the catalogue's `quantities`.
pub enum Error {
    /// An IDX file that ends inside its header.
    DataHeader = "data_header" { file, bytes }
    /// A file that does not start with the magic number of IDX images.
    DataNotImages = "data_not_images" { file, found, expected }
    /// A file that does not start with the magic number of IDX labels.
    DataNotLabels = "data_not_labels" { file, found, expected }
    /// Images of another size than 28 x 28.
    DataImageSize = "data_image_size" { file, rows, columns, side }
    /// An IDX file without entries.
    DataEmpty = "data_empty" { file }
    /// An IDX file with more or fewer bytes than its header says.
    DataLength = "data_length" { file, expected, found }
    /// A label that is none of the classes.
    DataLabel = "data_label" { file, index, label, classes }
    /// Different numbers of images and labels.
    DataCount = "data_count" { file, labels, images }
    /// A model that is conditional on the label, and images without labels.
    DataWithoutLabels = "data_without_labels" { data }
    /// A model that is conditional on the label, and a data set with another number of classes.
    DataClasses = "data_classes" { data, found, expected }
    /// A judge of another number of classes than the data set has.
    JudgeClasses = "judge_classes" { data, found, expected }

    /// An imported file that is none of the formats.
    ImportUnknown = "import_unknown" { file }
    /// An imported file without bytes.
    ImportEmpty = "import_empty" { file }
    /// A compressed file, an archive or an array that is cut short or damaged.
    ImportDamaged = "import_damaged" { file }
    /// A file that would be larger than `most`, in MB, when it is unpacked.
    ImportTooLarge = "import_too_large" { file, most }
    /// More pictures than there may be.
    ImportTooMany = "import_too_many" { file, most }
    /// An entry of an archive whose name is no relative path, or leads out of it.
    ImportPath = "import_path" { file }
    /// An encrypted entry of an archive.
    ImportEncrypted = "import_encrypted" { file }
    /// An entry of an archive that is compressed in another way than deflate.
    ImportCompression = "import_compression" { file }
    /// An archive in an archive.
    ImportNested = "import_nested" { file }
    /// Python objects, which only a program can read that also runs what is in them.
    ImportPickle = "import_pickle" { file }
    /// An array whose header cannot be read.
    ImportHeader = "import_header" { file }
    /// Values of a type that are no pixels and no labels.
    ImportType = "import_type" { file, found }
    /// An array whose shape is neither that of pictures nor that of labels.
    ImportShape = "import_shape" { file, shape }
    /// A `value` that is NaN or infinite.
    ImportNotFinite = "import_not_finite" { file, index, value }
    /// Pixels below 0 or above the largest value of any scale.
    ImportRange = "import_range" { file, least, most }
    /// A cell of a table that is no number.
    ImportNotNumber = "import_not_number" { file, line, text }
    /// A row of a table with more or fewer cells than the first one.
    ImportRagged = "import_ragged" { file, line, found, expected }
    /// A table whose rows are no square pictures.
    ImportColumns = "import_columns" { file, columns }
    /// A label that is no whole number.
    ImportLabel = "import_label" { file, index, label }
    /// Labels that belong to no images.
    ImportLabelsAlone = "import_labels_alone" { file, labels }
    /// More classes than there may be.
    ImportClasses = "import_classes" { file, most }
    /// Pictures without a class, among more that have one; `file` is the first of them.
    ImportUnlabelled = "import_unlabelled" { file, count }
    /// Labels of fewer pictures than there are without; `file` is the first of them.
    ImportLabelsLeftOut = "import_labels_left_out" { file, count }
    /// A picture that cannot be decoded; `reason` is the decoder's message.
    ImportPicture = "import_picture" { file, reason }
    /// A data set without pictures.
    ImportNothing = "import_nothing" {}

    /// A setting outside its limits.
    SettingRange = "setting_range" { setting, min, max, value }
    /// An argument outside its limits.
    QuantityRange = "quantity_range" { quantity, min, max, value }
    /// An argument of the wrong length.
    Length = "length" { quantity, expected, found }
    /// An argument whose length is not a multiple of the row's.
    LengthMultiple = "length_multiple" { quantity, row, found }
    /// Settings of the wrong names or types; `detail` is the parser's message.
    SettingsUnreadable = "settings_unreadable" { detail }

    /// A learned prior with a posterior that has no density.
    PriorNeedsDensity = "prior_needs_density" {}
    /// A learned prior with a codebook, which has its own prior.
    PriorWithCodebook = "prior_with_codebook" {}
    /// A learned prior with categorical variables, whose prior is uniform.
    PriorWithCategorical = "prior_with_categorical" {}
    /// A fitted prior with two layers, of which each would need one.
    FittedPriorWithTwoLayers = "fitted_prior_with_two_layers" {}
    /// Two codebooks in an architecture without convolutions.
    TwoCodebooksNeedConvolutions = "two_codebooks_need_convolutions" {}
    /// A VampPrior with a posterior that is no axis-aligned Gaussian.
    VampNeedsDiagonal = "vamp_needs_diagonal" {}
    /// Labels as the segments of digits, for classes that are not the ten digits.
    AttributesNeedDigits = "attributes_need_digits" {}
    /// A class left out that is none of the data set's.
    LeftOutUnknown = "left_out_unknown" { class }
    /// A class left out without which no image is left.
    LeftOutAll = "left_out_all" { class }
    /// A classifier in a model that is not conditional on the label.
    ClassifierNeedsLabels = "classifier_needs_labels" {}
    /// A classifier with a codebook.
    ClassifierWithCodebook = "classifier_with_codebook" {}
    /// A classifier with a prior that is fitted to codes.
    ClassifierWithFittedPrior = "classifier_with_fitted_prior" {}
    /// A classifier with a critic.
    ClassifierWithCritic = "classifier_with_critic" {}
    /// Several importance samples, while training, with a posterior whose samples have no density.
    SamplesNeedDensity = "samples_need_density" {}
    /// Several importance samples with a classifier or a critic.
    SamplesWithClassifierOrCritic = "samples_with_classifier_or_critic" {}
    /// Free bits, a capacity or another divergence than the KL, with several importance samples.
    PenaltyWithSamples = "penalty_with_samples" { }
    /// Free bits, a capacity or another divergence than the KL, with a classifier.
    PenaltyWithClassifier = "penalty_with_classifier" { }
    /// Free bits, a capacity or another divergence than the KL, with a prior that is learned.
    PenaltyNeedsStandardPrior = "penalty_needs_standard_prior" { }
    /// Both free bits and a capacity.
    FreeBitsWithCapacity = "free_bits_with_capacity" { }
    /// Free bits or a capacity for a posterior whose KL is not in closed form.
    KlTargetNeedsGaussian = "kl_target_needs_gaussian" { }
    /// Free bits or a capacity with another divergence than the KL.
    KlTargetNeedsKl = "kl_target_needs_kl" { }
    /// The three parts of the KL for a posterior that is no axis-aligned Gaussian.
    PartsNeedDiagonal = "parts_need_diagonal" { }
    /// The maximum mean discrepancy for codes that are no vectors of N(0, I).
    MmdNeedsVectors = "mmd_needs_vectors" { }
    /// The maximum mean discrepancy from a batch of one image.
    MmdNeedsBatch = "mmd_needs_batch" { }
    /// Training that needs more memory than there is; a `batch` that fits.
    MemoryBatch = "memory_batch" { needed, available, batch }
    /// Training that needs more memory than there is even with one image per step; the `setting` that takes most of it.
    MemorySetting = "memory_setting" { needed, available, setting }
    /// A model that is conditional on the label got no label and has no classifier to infer it.
    LabelNeeded = "label_needed" {}
    /// A likelihood estimate of a model whose posterior has no density.
    LikelihoodNeedsDensity = "likelihood_needs_density" {}
    /// A grid over the codes of a model that has more or fewer than two components.
    PosteriorNeedsPlane = "posterior_needs_plane" { latent }
    /// A grid of p(z given x) for a posterior that is no Gaussian to compare it with.
    PosteriorNeedsGaussian = "posterior_needs_gaussian" {}
    /// A grid of p(z given x) for a likelihood that is no probability of binary pixels.
    PosteriorNeedsBernoulli = "posterior_needs_bernoulli" {}
    /// A grid of p(z given x) with values that are not finite.
    PosteriorNotFinite = "posterior_not_finite" {}
    /// Samples of a learned prior whose weights are not finite.
    PriorNotFinite = "prior_not_finite" {}
    /// A map of codes that are not finite.
    CodesNotFinite = "codes_not_finite" {}
    /// A search for the smallest change of a codebook's code, which has no components that could be moved.
    ChangeNeedsComponents = "change_needs_components" {}
    /// A comparison of Fréchet distances between different numbers of pictures.
    FrechetCounts = "frechet_counts" { one, other }
    /// A replay of a run whose batches hold more than images and noise.
    ReplayUnsupported = "replay_unsupported" {}

    /// A weights file beyond the largest size, in MB.
    FileTooLarge = "file_too_large" { megabytes, most }
    /// A weights file without bytes.
    FileEmpty = "file_empty" {}
    /// Bytes that are no safetensors file, or a damaged one; `detail` is the parser's message.
    WeightsNotSafetensors = "weights_not_safetensors" { detail }
    /// A safetensors file that ends inside its header of `header` bytes.
    WeightsHeaderCut = "weights_header_cut" { header, found }
    /// A safetensors file with more or fewer bytes than its header says.
    WeightsLength = "weights_length" { expected, found }
    /// A file of zeros.
    WeightsZeros = "weights_zeros" {}
    /// The pointer that Git LFS leaves in the place of a file.
    WeightsLfsPointer = "weights_lfs_pointer" {}
    /// A checkpoint as `torch.save` writes it: a zip archive with a pickle.
    WeightsPytorch = "weights_pytorch" {}
    /// A pickle without an archive: an old PyTorch checkpoint, or another Python object.
    WeightsPickle = "weights_pickle" {}
    /// A NumPy array (`.npy`) or an archive of them (`.npz`).
    WeightsNumpy = "weights_numpy" {}
    /// An HDF5 file or a Keras archive.
    WeightsKeras = "weights_keras" {}
    /// A zip archive of something else.
    WeightsZip = "weights_zip" { entry }
    /// A compressed file or an archive.
    WeightsPacked = "weights_packed" { format }
    /// A web page, such as a server's error message.
    WeightsHtml = "weights_html" {}
    /// JSON, such as a server's error message or an index.
    WeightsJson = "weights_json" {}
    /// A picture.
    WeightsImage = "weights_image" { format }
    /// Another known format.
    WeightsOtherFormat = "weights_other_format" { format }
    /// A safetensors file of another network: without `tensor`; `found` are some of its names.
    WeightsUnknownModel = "weights_unknown_model" { tensor, found }
    /// Tensors that are the same for a Bernoulli likelihood and a Gaussian of variance one, without metadata that tell which.
    WeightsLikelihoodUnknown = "weights_likelihood_unknown" {}
    /// Metadata that contradict the tensors.
    WeightsContradiction = "weights_contradiction" { setting, stated, found }
    /// A metadata entry that cannot be parsed; `detail` is the parser's message.
    WeightsMetadata = "weights_metadata" { entry, detail }
    /// A tensor that the model needs and the file lacks.
    TensorMissing = "tensor_missing" { tensor }
    /// A tensor of the wrong shape.
    TensorShape = "tensor_shape" { tensor, found, expected }
    /// A tensor of another type than F32, F16, BF16 or F64.
    TensorType = "tensor_type" { tensor, found }
    /// A tensor with NaN or infinite values.
    TensorNotFinite = "tensor_not_finite" { tensor }
    /// Weights of a model with other settings.
    WeightsOtherModel = "weights_other_model" { setting, found, expected }
    /// A weights file without the training state that resuming needs.
    WeightsWithoutTraining = "weights_without_training" {}
    /// A checkpoint from before the first step, which has no gradients to compare.
    WeightsUntrained = "weights_untrained" {}

    /// An archive beyond the largest size, in MB.
    ArchiveTooLarge = "archive_too_large" { megabytes, most }
    /// An archive whose files together would be larger than `most`, in MB: too large, or packed as densely as no lab is.
    ArchiveUnpackedTooLarge = "archive_unpacked_too_large" { megabytes, most }
    /// Bytes that do not begin as a ZIP archive does.
    ArchiveNotZip = "archive_not_zip" {}
    /// A ZIP archive without lab.json; `entry` is its first one.
    ArchiveForeign = "archive_foreign" { entry }
    /// An archive without its end.
    ArchiveCut = "archive_cut" {}
    /// An archive whose parts contradict each other.
    ArchiveDamaged = "archive_damaged" {}
    /// An archive with more files than any lab has.
    ArchiveEntries = "archive_entries" { count, most }
    /// An entry whose bytes cannot be unpacked, or do not have its checksum.
    ArchiveChecksum = "archive_checksum" { entry }
    /// An entry that another program has compressed in another way than deflate.
    ArchiveCompressed = "archive_compressed" { entry }
    /// An encrypted entry.
    ArchiveEncrypted = "archive_encrypted" { entry }
    /// An entry whose name is no relative path, or leads out of the archive.
    ArchiveName = "archive_name" { entry }
    /// Two entries of the same name.
    ArchiveNameTwice = "archive_name_twice" { entry }

    /// A file of a study's results beyond the largest size, in MB.
    StudyTooLarge = "study_too_large" { megabytes, most }
    /// A file that is none of a study's results.
    StudyForeign = "study_foreign" {}
    /// A line of a study's results that cannot be read; `detail` is the parser's message.
    StudyDamaged = "study_damaged" { line, detail }

    /// Training or scoring before the data set is loaded. Kinds that begin with `data_` mean a damaged file, so this one does
    /// not.
    TrainingImagesNotLoaded = "training_images_not_loaded" {}
    /// An evaluation before the test images are loaded.
    TestImagesNotLoaded = "test_images_not_loaded" {}
    /// The next work item of an evaluation that was not started.
    EvaluationNotStarted = "evaluation_not_started" {}

    /// A device that could not be opened; `detail` is the driver's message.
    DeviceUnavailable = "device_unavailable" { detail }
    /// A device that stopped answering; `detail` is the driver's message.
    DeviceLost = "device_lost" { detail }
}
}

impl Error {
    /// An error unless the setting lies within `limits`; NaN is never within them.
    pub(crate) fn check_setting<T>(setting: &'static str, value: T, limits: RangeInclusive<T>) -> Result<()>
    where
        T: PartialOrd + Copy + Into<Value>,
    {
        if limits.contains(&value) {
            return Ok(());
        }
        let (min, max) = limits.into_inner();
        Err(Self::SettingRange { setting: setting.into(), min: min.into(), max: max.into(), value: value.into() })
    }

    /// An error unless the argument lies within `limits`; NaN is never within them.
    pub fn check_quantity<T>(quantity: &'static str, value: T, limits: RangeInclusive<T>) -> Result<()>
    where
        T: PartialOrd + Copy + Into<Value>,
    {
        if limits.contains(&value) {
            return Ok(());
        }
        let (min, max) = limits.into_inner();
        Err(Self::QuantityRange { quantity: quantity.into(), min: min.into(), max: max.into(), value: value.into() })
    }

    /// A tensor `name` of shape `found` where `expected` is needed.
    pub(crate) fn tensor_shape(name: &str, found: &[usize], expected: &[usize]) -> Self {
        let sizes = |shape: &[usize]| shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ").into();
        Self::TensorShape { tensor: name.into(), found: sizes(found), expected: sizes(expected) }
    }
}

impl std::error::Error for Error {}

/// For developers: the kind and its values.
impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.kind())?;
        self.values().into_iter().try_for_each(|(name, value)| write!(formatter, " {name}={value}"))
    }
}
