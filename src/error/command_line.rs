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
    /// A checkpoint of a run on other images.
    ResumeOtherData = "resume_other_data" { data, file }
    /// Weights that could not be made.
    ModelsFailed = "models_failed" { files }
    /// A study that is no TOML; `reason` is the parser's message.
    StudyUnreadable = "study_unreadable" { file, reason }
    /// An entry of a study that is none; `known` are those that there are.
    StudyUnknownEntry = "study_unknown_entry" { file, entry, known }
    /// An entry `grid` that holds no tables.
    StudyGrid = "study_grid" { file }
    /// A study without entries.
    StudyWithoutEntries = "study_without_entries" { file }
    /// A list without values.
    StudyEmptyList = "study_empty_list" { entry }
    /// A list that holds a value twice.
    StudyValueTwice = "study_value_twice" { entry, value }
    /// A value that is no text, or an empty one.
    StudyNotText = "study_not_text" { entry, value }
    /// A value that is neither true nor false.
    StudyNotFlag = "study_not_flag" { entry, value }
    /// A value that is no whole number, or less than `min`.
    StudyNotCount = "study_not_count" { entry, value, min }
    /// A value that is no whole number, or outside its limits.
    StudyNotInteger = "study_not_integer" { entry, value, min, max }
    /// A value that is no number, or outside its limits.
    StudyNotNumber = "study_not_number" { entry, value, min, max }
    /// A value that is none of the choices.
    StudyNotChoice = "study_not_choice" { entry, value, choices }
    /// Combinations of a study that cannot be trained, each on a line with its reason.
    StudyRefused = "study_refused" { file, runs }
    /// A setting that a study varies, without effect in a combination.
    StudyNoEffect = "study_no_effect" { setting }
    /// A study of more runs than `most`.
    StudyTooManyRuns = "study_too_many_runs" { file, runs, most }
    /// Two combinations of a study that are the same run.
    StudySameRun = "study_same_run" { file, one, other }
    /// A name or number that no run of the study has; `last` is the largest number.
    StudyRunUnknown = "study_run_unknown" { run, last }
    /// A run that another process is training.
    StudyRunBusy = "study_run_busy" { run }
    /// Runs of a study that have no result after an attempt.
    StudyFailed = "study_failed" { runs }
    /// A report of a study without results.
    StudyNoResults = "study_no_results" { folder }
    /// The result of a run that cannot be read.
    StudyResultDamaged = "study_result_damaged" { file, reason }
    /// The result of a run under the name of another.
    StudyResultOther = "study_result_other" { file }
    /// Results that a report leaves out.
    StudyDamagedResults = "study_damaged_results" { runs }
    /// Runs of a study on one data set that saw different images, those that differ from the first one each on a line.
    StudyDataChanged = "study_data_changed" { data, runs, folder }
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
