//! Errors that only the command line has.

use super::errors;

errors! {
/// What a command refuses, beyond the errors of the crate; a value called `reason` is the operating system's message.
pub enum CommandLineError {
    /// A file that cannot be read.
    FileUnreadable = "file_unreadable" { file, reason }
    /// A file or folder that cannot be written.
    FileUnwritable = "file_unwritable" { file, reason }
    /// A folder without a file of the data set.
    DataMissing = "data_missing" { folder, file }
    /// A folder with several files that could be the one that is needed.
    DataAmbiguous = "data_ambiguous" { folder, files }
    /// A batch larger than the data set.
    BatchTooLarge = "batch_too_large" { batch, images }
    /// As many held-out images as there are, or more.
    ValidationTooLarge = "validation_too_large" { validation, images }
    /// Held-out images that leave less than one batch to train on.
    ValidationLeavesNoBatch = "validation_leaves_no_batch" { validation, left, batch }
    /// `--device gpu` in a build that has no GPU.
    GpuNotBuilt = "gpu_not_built" {}
    /// `--patience` without `--validation`.
    PatienceNeedsValidation = "patience_needs_validation" {}
    /// A loss that is infinite or NaN.
    TrainingDiverged = "training_diverged" { step }
    /// A checkpoint of a run with another model, seed or number of held-out images.
    ResumeOtherRun = "resume_other_run" {}
    /// Weights that could not be made.
    ModelsFailed = "models_failed" { files }
    /// `--classify` for a model that is not conditional on the label.
    ClassifyNeedsLabels = "classify_needs_labels" {}
    /// A weights file that does not tell its likelihood, without `--likelihood`.
    LikelihoodNeeded = "likelihood_needed" {}
    /// `export` of another model than a plain VAE.
    ExportNotPlainVae = "export_not_plain_vae" {}
    /// A judge with a test accuracy too low to be used, in percent.
    JudgeInaccurate = "judge_inaccurate" { percent, least }
}
}
