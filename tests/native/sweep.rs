//! Studies: what is refused, runs that are stopped and resumed, and the report.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use latent_lab::study::{EpochLosses, RunResult, Spread, configurations, read_results, write_results};
use latent_lab::train::Checkpoint;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Row, RowAccessor};
use tempfile::TempDir;

use crate::command_line::{DASHED, folder, path, text};

/// A study of small models on 40 generated images; `more` are further entries.
fn study(folder: &TempDir, name: &str, more: &str) -> String {
    let data = path(folder, "shapes");
    let file = path(folder, name);
    fs::write(&file, format!("data = {data:?}\nhidden = 16\nlatent = 2\nbatch = 10\n{more}")).unwrap();
    file
}

const SMALL: &str = "epochs = 1\npreset = [\"vae\", \"full\"]\nbeta = [1, 4]\nseed = [0, 1]\n";
/// Long enough that it can be killed in the middle of a run: a checkpoint is written after each epoch.
const LONG: &str = "epochs = 60\npreset = [\"vae\", \"full\"]\nbeta = [1, 4]\nseed = [0, 1]\n";

const LATENT_LAB: &str = env!("CARGO_BIN_EXE_latent-lab");

fn sweep(arguments: &[&str]) -> Command {
    let mut command = Command::new(LATENT_LAB);
    command.arg("sweep").args(arguments);
    command
}

fn printed(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

fn refusal(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success(), "{}", text(&output.stdout));
    text(&output.stderr)
}

fn runs_folder(study: &str) -> PathBuf {
    Path::new(study).with_extension("runs")
}

/// The files of the study's folder that end like this, with their contents.
fn files(study: &str, end: &str) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = fs::read_dir(runs_folder(study)) else { return BTreeMap::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found = names.filter(|name| name.ends_with(end));
    found.filter_map(|name| Some((name.clone(), fs::read(runs_folder(study).join(&name)).ok()?))).collect()
}

/// The results by run, without times.
fn results(study: &str) -> BTreeMap<String, RunResult> {
    let timeless = |result: RunResult| {
        let curve = result.curve.iter().map(|epoch| EpochLosses { seconds: 0.0, ..*epoch }).collect();
        RunResult { curve, seconds: 0.0, ..result }
    };
    let one = |bytes: Vec<u8>| timeless(read_results(&bytes).unwrap().pop().unwrap());
    files(study, ".json").into_iter().map(|(name, bytes)| (name, one(bytes))).collect()
}

/// The commands that `sweep list` prints.
fn listed(study: &str, more: &[&str]) -> Vec<String> {
    printed(sweep(&[&["list", study], more].concat())).lines().map(String::from).collect()
}

fn name_in(command: &str) -> &str {
    command.split_whitespace().last().unwrap()
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_runs() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let refused = |entries: &str| {
        let file = path(&folder, "study.toml");
        fs::write(&file, entries).unwrap();
        let message = refusal(sweep(&["run", &file]));
        assert!(!runs_folder(&file).exists());
        message
    };
    let list = format!("{:?}", (20..60).collect::<Vec<_>>());
    let entries = ["latent", "hidden", "epochs", "batch", "beta", "seed"];
    let enormous = entries.map(|entry| format!("{entry} = {list}\n")).concat();
    for (entries, expected) in [
        ("beta = [1, 4", "cannot be read as TOML"),
        ("beta = 1\nbeta = 2", "cannot be read as TOML"),
        ("", "describes no run"),
        ("[[grid]]", "describes no run"),
        ("grid = 3\nbeta = 1", "grid is not a table"),
        ("grid = []\nbeta = 1", "grid is not a table"),
        ("betas = [1, 4]", "“betas”"),
        ("out = \"elsewhere\"", "“out”"),
        ("[[grid]]\nseeds = 3", "“seeds”"),
        ("preset = \"vea\"", "preset is \"vea\", but must be one of vae, ae,"),
        ("preset = []", "The study’s list of preset is empty"),
        ("preset = [\"vae\", \"ae\", \"vae\"]", "list of preset has vae twice"),
        ("beta = [1, 1.0]", "list of beta has 1 twice"),
        ("beta = [0, -0.0]", "list of beta has 0 twice"),
        ("beta = -1", "beta is -1, but must be a number from 0 to 1000"),
        ("beta = nan", "must be a number from 0 to 1000"),
        ("beta = \"1\"", "must be a number"),
        ("latent = 0", "latent is 0, but must be a whole number from 1 to 64"),
        ("latent = 8.0", "must be a whole number"),
        ("validation = -1", "must be a whole number, 0 or more"),
        ("body = \"cnn\"", "must be one of linear, mlp, conv"),
        ("labelled = 1", "must be true or false"),
        ("data = \"\"", "must be a text"),
        ("patience = 3", "patience 3: Early stopping needs images"),
        ("preset = [\"vae\", \"vamp\"]\nposterior = [\"diagonal\", \"point\"]", "vamp, posterior point: "),
        ("preset = [\"vae\", \"pca\"]\nseed = [0, 1]", "  pca, seed 1: “Seed"),
        ("preset = [\"vae\", \"noise\"]\nbeta = [0, 1]", "“vae, beta 0” and “noise, beta 0”"),
        ("[[grid]]\nseed = [0, 1]\n[[grid]]\npreset = \"vae\"\nseed = [1, 2]", "“seed 1” and “vae, seed 1”"),
        ("preset = \"pca\"\n[[grid]]\nseed = 0\n[[grid]]\nseed = 1", "“pca, seed 0” and “pca, seed 1”"),
        ("data_name = [\"a\", \"b\"]", "“data name a” and “data name b”"),
        ("data = [\"www\", \"./www\"]", "“data www” and “data ./www”"),
        (&enormous, "study.toml describes 4096000000 runs, but a study has at most 100000"),
    ] {
        let message = refused(entries);
        assert!(message.contains(expected), "{entries}: {message}");
    }
    let both = refused("preset = [\"vae\", \"vamp\"]\nposterior = [\"diagonal\", \"point\"]\nepochs = 1");
    assert_eq!(both.lines().count(), 2, "one combination of four: {both}");
    assert!(refusal(sweep(&["run", &path(&folder, "nowhere.toml")])).contains("cannot be read"));
    let file = path(&folder, "study.toml");
    fs::write(&file, b"data = \"caf\xe9\"").unwrap();
    assert!(refusal(sweep(&["run", &file])).contains("cannot be read as TOML. invalid utf-8"), "Latin-1");
    assert!(refusal(sweep(&["run", &file, "--jobs", "0"])).contains("0 is not in 1.."));
}

#[test]
fn entries_of_a_grid_replace_those_of_the_study() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let file = study(
        &folder,
        "study.toml",
        "epochs = 1\nseed = [0, 1]\n[[grid]]\nbeta = [1, 4]\n[[grid]]\npreset = \"pca\"\nseed = 0\n",
    );
    let names: Vec<String> = listed(&file, &[]).iter().map(|line| name_in(line).to_string()).collect();
    let starts = ["vae-seed-0-", "vae-seed-1-", "vae-seed-0-", "vae-seed-1-", "pca-seed-0-"];
    assert!(names.len() == 5 && names.iter().zip(starts).all(|(name, start)| name.starts_with(start)), "{names:?}");
    assert_eq!(names, listed(&file, &["--all"]).iter().map(|line| name_in(line).to_string()).collect::<Vec<_>>());
}

/// Starts a command as a session of its own, waits until its study has a result and another run an early checkpoint, and kills all of the session: GNU parallel's jobs are no part of
/// its process group.
fn kill_half_way(command: &[&str], study: &str) {
    let quiet = || Command::new("setsid").args(command).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = quiet().unwrap();
    while files(study, ".json").is_empty() || !under_way(study).iter().any(|(_, done)| done.len() < 20) {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        std::thread::yield_now();
    }
    let kill =
        || Command::new("pkill").args(["-KILL", "--session", &child.id().to_string()]).status().unwrap().success();
    assert!(kill());
    // A process that was begun meanwhile is found by another call. Ended ones are found as well until someone has waited for them, so the calls are counted.
    (0..20).take_while(|_| kill()).for_each(drop);
    child.wait().unwrap();
    for lock in files(study, ".lock").into_keys() {
        File::open(runs_folder(study).join(lock)).unwrap().lock().unwrap(); // once the process that held it is gone
    }
}

/// The result's name of each run that has a checkpoint and no result, and the losses after its epochs.
fn under_way(study: &str) -> Vec<(String, Vec<EpochLosses>)> {
    let losses = |bytes: &[u8]| -> Vec<EpochLosses> {
        serde_json::from_str(&Checkpoint::from_bytes(bytes).unwrap().weights.notes["curve"]).unwrap()
    };
    let left = files(study, ".resume.safetensors");
    let left = left.into_iter().map(|(name, bytes)| (name.replace(".resume.safetensors", ".json"), losses(&bytes)));
    left.filter(|(name, _)| !runs_folder(study).join(name).exists()).collect()
}

/// Kills a command half-way, calls it again, and compares with the study that was never stopped.
fn check_resumed(study: &str, command: &[&str], whole: &BTreeMap<String, RunResult>) {
    kill_half_way(command, study);
    let before = files(study, ".json");
    assert!(before.len() < whole.len(), "it was killed half-way");
    assert_eq!(listed(study, &[]).len(), whole.len() - before.len());
    let stopped = under_way(study);
    assert!(!stopped.is_empty(), "a run was under way");

    let mut again = Command::new(command[0]);
    again.args(&command[1..]);
    printed(again);
    assert_eq!(results(study), *whole, "bit for bit, and each run once");
    let after = files(study, ".json");
    assert!(
        before.iter().all(|(name, bytes)| after[name] == *bytes),
        "with the times of the first attempt: not run twice"
    );
    for (name, done) in stopped {
        let resumed = read_results(&after[&name]).unwrap().pop().unwrap();
        assert_eq!(resumed.curve[..done.len()], done, "epochs before the interruption are not run again");
    }
    assert!(listed(study, &[]).is_empty());
    let left = fs::read_dir(runs_folder(study)).unwrap().count();
    assert_eq!(left, 2 * whole.len(), "a result and weights for each run, and nothing else");
}

fn uninterrupted(folder: &TempDir) -> BTreeMap<String, RunResult> {
    let whole = study(folder, "whole.toml", LONG);
    printed(sweep(&["run", &whole, "--jobs", "1"]));
    let results = results(&whole);
    assert_eq!(results.len(), 8);
    results
}

#[test]
fn a_study_that_was_killed_goes_on_where_it_was() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let cut = study(&folder, "cut.toml", LONG);
    check_resumed(&cut, &[LATENT_LAB, "sweep", "run", &cut, "--jobs", "2"], &uninterrupted(&folder));
    let again = printed(sweep(&["run", &cut]));
    assert!(again.starts_with("8 runs, 8 of them with a result") && !again.contains("test"), "{again}");
}

#[test]
fn gnu_parallel_runs_a_study_and_goes_on_where_it_was_killed() {
    if Command::new("parallel").arg("--version").output().is_err() {
        println!("skipped: GNU parallel is not installed");
        return;
    }
    let folder = folder(DASHED, <[u8]>::to_vec);
    let cut = study(&folder, "cut.toml", LONG);
    let line = format!("{LATENT_LAB} sweep list {cut} | parallel --no-notice --jobs 2");
    check_resumed(&cut, &["sh", "-c", &line], &uninterrupted(&folder));
}

/// Kills the first run of a study once it has a checkpoint, and returns its file.
fn interrupted(study: &str) -> PathBuf {
    let mut child = sweep(&["run", study, "--only", "0"]).stdout(Stdio::null()).spawn().unwrap();
    while files(study, ".resume.safetensors").is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    runs_folder(study).join(files(study, ".resume.safetensors").into_keys().next().unwrap())
}

/// Changes a pixel of the data set's images in this file.
fn change_data(folder: &TempDir, file: &str) {
    let file = folder.path().join("shapes").join(file);
    let mut bytes = fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(file, bytes).unwrap();
}

#[test]
fn changed_data_is_not_mixed() {
    for part in [DASHED[0], DASHED[2]] {
        let folder = folder(DASHED, <[u8]>::to_vec);
        let file = study(&folder, "study.toml", "epochs = 1\nseed = [0, 1]\n");
        printed(sweep(&["run", &file, "--only", "0"]));
        let long = study(&folder, "long.toml", "epochs = 20\n");
        let checkpoint = interrupted(&long);
        change_data(&folder, part);
        let message = refusal(sweep(&["run", &long]));
        let path = checkpoint.display().to_string();
        assert!(message.contains("was trained on other images") && message.contains(&path), "{message}");
        fs::remove_file(checkpoint).unwrap();
        printed(sweep(&["run", &long]));

        printed(sweep(&["run", &file]));
        let message = refusal(sweep(&["report", &file]));
        let second = name_in(&listed(&file, &["--all"])[1]).to_string();
        assert!(message.contains("was changed between the runs"), "{message}");
        assert!(message.contains(&format!("\n  vae, seed 1: {second}\n")), "{message}");
        fs::remove_file(runs_folder(&file).join(name_in(&listed(&file, &["--all"])[0])).with_extension("json"))
            .unwrap();
        printed(sweep(&["run", &file]));
        assert!(printed(sweep(&["report", &file])).contains("| vae           | 2 |"));
    }
}

#[test]
fn a_checkpoint_is_of_a_run_however_it_was_written() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let file = study(&folder, "study.toml", "epochs = 20\n");
    interrupted(&file);
    study(&folder, "study.toml", "epochs = 20\nbeta = 1\ndevice = \"cpu\"\n"); // as they are by default
    let resumed = printed(sweep(&["run", &file, "--only", "0"]));
    assert!(resumed.contains("epoch 20:") && !resumed.contains("epoch 1:"), "{resumed}");

    study(&folder, "study.toml", "epochs = 20\nbeta = 2\n");
    fs::write(interrupted(&file), "damaged").unwrap();
    let output = sweep(&["run", &file, "--only", "0"]).output().unwrap();
    assert!(text(&output.stderr).contains("so this one begins anew"), "{}", text(&output.stderr));
    assert!(output.status.success() && text(&output.stdout).contains("epoch 1:"));
}

#[test]
fn a_study_goes_on_where_nobody_reads_of_it() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let closed = |arguments: &[&str]| {
        let mut child = sweep(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert!(child.wait().unwrap().success(), "{arguments:?}");
    };
    let full = |arguments: &[&str]| {
        let mut command = sweep(arguments);
        command.stdout(File::options().write(true).open("/dev/full").unwrap());
        command
    };
    let file = study(&folder, "study.toml", "epochs = 1\nwarm_up = 3\nseed = [0, 1]\n");
    closed(&["list", &file]);
    assert!(refusal(full(&["list", &file])).contains("Standard output cannot be written"));
    closed(&["run", &file, "--jobs", "1"]);
    assert_eq!(files(&file, ".json").len(), 2);
    let file = study(&folder, "other.toml", "epochs = 1\nseed = [0, 1]\n");
    closed(&["run", &file, "--only", "0"]);
    printed(full(&["run", &file]));
    assert_eq!(files(&file, ".json").len(), 2);
}

#[test]
fn a_changed_study_runs_only_what_is_new() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let file = study(&folder, "study.toml", "epochs = 1\nbeta = [1, 4]\n");
    printed(sweep(&["run", &file]));
    let before = files(&file, ".json");
    study(&folder, "study.toml", "epochs = 1\nbeta = [1, 2, 4.0]\nlikelihood = \"bernoulli\"\n"); // the last is the default
    assert!(printed(sweep(&["run", &file])).starts_with("3 runs, 2 of them with a result"));
    let after = files(&file, ".json");
    assert!(after.len() == 3 && before.iter().all(|(name, bytes)| after[name] == *bytes));
}

#[test]
fn a_run_is_trained_by_one_process_at_a_time() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let file = study(&folder, "study.toml", "epochs = 1\n");
    let name = name_in(&listed(&file, &[])[0]).to_string();
    fs::create_dir(runs_folder(&file)).unwrap();
    let lock = File::create(runs_folder(&file).join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    for only in [&name, "0"] {
        let message = refusal(sweep(&["run", &file, "--only", only]));
        assert_eq!(message, format!("latent-lab: Another process is training {name}.\n"));
    }
    let message = refusal(sweep(&["run", &file]));
    assert!(message.contains("Another process is training") && message.contains("Without a result: "), "{message}");
    drop(lock);
    assert!(printed(sweep(&["run", &file, "--only", "0"])).contains("epoch 1:"));
    let lock = File::create(runs_folder(&file).join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    study(&folder, "study.toml", "epochs = 1\nbeta = [1, 4]\n");
    let output = sweep(&["run", &file]).output().unwrap(); // while a process removes what it has no use for any more
    assert!(output.status.success() && files(&file, ".json").len() == 2, "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains(&format!("Another process is training {name}.")));
    study(&folder, "study.toml", "epochs = 1\n");
    drop(lock);
    assert_eq!(printed(sweep(&["run", &file, "--only", "0"])), format!("{name} has its result already.\n"));
    for unknown in ["1", "vae", "-1"] {
        let message = refusal(sweep(&["run", &file, &format!("--only={unknown}")]));
        assert!(message.contains(&format!("no run {unknown}: the numbers go from 0 to 0")), "{message}");
    }
}

/// Starts a study, one run at a time and with the program `program`, and waits for its first result.
fn begun(program: &Path, study: &str) -> Child {
    let mut command = Command::new(program);
    let child = command.args(["sweep", "run", study, "--jobs", "1"]).stdout(Stdio::null()).spawn().unwrap();
    while files(study, ".json").is_empty() {
        std::thread::yield_now();
    }
    child
}

#[test]
fn program_and_study_may_change_while_the_runs_go_on() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let program = folder.path().join("program");
    fs::copy(LATENT_LAB, &program).unwrap();
    let file = study(&folder, "study.toml", "epochs = 1\nseed = [0, 1, 2, 3]\n");
    let mut child = begun(&program, &file);
    fs::remove_file(program).unwrap();
    fs::write(&file, "no study").unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(files(&file, ".json").len(), 4);
}

#[test]
fn a_run_that_another_study_has_trained_meanwhile_is_not_missing() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let file = study(&folder, "study.toml", "epochs = 1\nseed = [0, 1]\n");
    let [first, second] = [0, 1].map(|at| name_in(&listed(&file, &[])[at]).to_string());
    fs::create_dir(runs_folder(&file)).unwrap();
    let lock = File::create(runs_folder(&file).join(format!("{first}.lock"))).unwrap();
    lock.lock().unwrap();
    let elsewhere = path(&folder, "elsewhere");
    printed(sweep(&["run", &file, "--dir", &elsewhere, "--only", &first]));
    study(&folder, "study.toml", "epochs = 1\nseed = [0, 1]\n[[grid]]\n[[grid]]\nepochs = 20\nseed = 0\n");
    let mut child = sweep(&["run", &file, "--jobs", "1"]).stdout(Stdio::null()).spawn().unwrap();
    while !runs_folder(&file).join(format!("{second}.json")).exists() {
        std::thread::yield_now();
    }
    let result = format!("{first}.json");
    fs::copy(Path::new(&elsewhere).join(&result), runs_folder(&file).join(&result)).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn names_and_values_that_begin_with_a_dash_are_no_options() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    fs::rename(path(&folder, "shapes"), path(&folder, "-shapes")).unwrap();
    let entries = "data = \"-shapes\"\nhidden = 16\nlatent = 2\nbatch = 10\nepochs = 1\nbeta = -0.0\n";
    fs::write(path(&folder, "-study.toml"), entries).unwrap();
    let here = |mut command: Command| {
        command.current_dir(&folder);
        printed(command)
    };
    let line = here(sweep(&["list", "--", "-study.toml"]));
    here(sweep(&["run", "--", "-study.toml"]));
    let mut shell = Command::new("sh");
    shell.args(["-c", &line]);
    assert!(here(shell).contains("has its result already"));
}

#[test]
fn what_a_run_warns_of_is_said() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let file = study(&folder, "study.toml", "epochs = 1\nwarm_up = 3\n");
    let output = sweep(&["run", &file]).output().unwrap();
    let said = text(&output.stderr);
    assert!(
        output.status.success() && said.starts_with("latent-lab: 1 of 1, vae, seed 0: the warm-up of 3 epochs"),
        "{said}"
    );
}

#[test]
fn a_run_that_fails_leaves_its_error_and_the_others_go_on() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let file = study(&folder, "study.toml", "epochs = 1\nbeta = [1, 4]\n");
    let name = name_in(&listed(&file, &[])[0]).to_string();
    let in_the_way = runs_folder(&file).join(format!("{name}.safetensors"));
    fs::create_dir_all(&in_the_way).unwrap();
    let message = refusal(sweep(&["run", &file]));
    assert!(
        message.contains("cannot be written") && message.contains(&format!("Without a result: {name}.")),
        "{message}"
    );
    assert_eq!(files(&file, ".json").len(), 1);
    let report = printed(sweep(&["report", &file]));
    assert!(
        report.contains("1 of 2 runs have no result:\n  beta 1, seed 0: ") && report.contains("cannot be written"),
        "{report}"
    );
    fs::remove_dir(in_the_way).unwrap();
    let in_the_way = runs_folder(&file).join(format!("{name}.resume.safetensors"));
    fs::create_dir(&in_the_way).unwrap();
    assert!(refusal(sweep(&["run", &file])).contains("cannot be written"));
    assert!(files(&file, ".part").is_empty(), "a full disk has no room for them");
    fs::write(runs_folder(&file).join(format!("{name}.error")), "").unwrap(); // as a full disk leaves it
    assert!(printed(sweep(&["report", &file])).contains("  beta 1, seed 0: to train\n"));
    fs::remove_dir(in_the_way).unwrap();
    fs::write(runs_folder(&file).join(format!("{name}.json.part")), "of a process that was killed").unwrap();
    printed(sweep(&["run", &file]));
    assert!(files(&file, ".json").len() == 2 && files(&file, ".error").is_empty() && files(&file, ".part").is_empty());
}

#[test]
fn mean_and_spread_are_those_of_a_pocket_calculator() {
    let spread = Spread::of(&[100.0, 103.0, 104.0, 109.0]).unwrap();
    assert_eq!((spread.n, spread.mean), (4, 104.0));
    assert!((spread.deviation.unwrap() - 14.0_f64.sqrt()).abs() < 1e-12, "(16 + 1 + 0 + 25) / 3 = 14");
    assert_eq!(Spread::of(&[7.5]), Some(Spread { n: 1, mean: 7.5, deviation: None }));
    assert_eq!(Spread::of(&[]), None);
}

/// The cells of a CSV file by the name of their column.
fn csv_columns(bytes: &[u8]) -> BTreeMap<String, Vec<String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let names = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    names.iter().enumerate().map(|(at, name)| (name.into(), rows.iter().map(|row| row[at].into()).collect())).collect()
}

#[test]
fn the_report_has_mean_and_spread_of_each_configuration() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let file = study(&folder, "study.toml", SMALL);
    let empty = refusal(sweep(&["report", &file]));
    assert!(empty.contains("No run of the study has a result"), "{empty}");
    printed(sweep(&["run", &file]));
    let report = printed(sweep(&["report", &file]));
    let written = |kind: &str| fs::read(Path::new(&file).with_extension(kind)).unwrap();
    let all = read_results(&written("results.jsonl")).unwrap();
    assert_eq!(all.len(), 8);
    let names = ["vae, beta 1", "vae, beta 4", "full, beta 1", "full, beta 4"];
    assert_eq!(configurations(&all).iter().map(|each| each.name).collect::<Vec<_>>(), names);
    assert_eq!(configurations(&[&all[..], &all[..3]].concat()), configurations(&all), "a run counts once");

    let summary = csv_columns(&written("summary.csv"));
    assert_eq!(summary["configuration"], names);
    assert_eq!(summary["n"], ["2"; 4]);
    for (row, pair) in all.chunks_exact(2).enumerate() {
        let [a, b] = [0, 1].map(|seed| pair[seed].test.terms.total);
        let number = |name: &str| summary[name][row].parse::<f64>().unwrap();
        assert!((number("test_total_mean") - (a + b) / 2.0).abs() < 1e-9);
        let deviation = (a - b).abs() / 2.0_f64.sqrt();
        assert!((number("test_total_standard_deviation") - deviation).abs() < 1e-9);
        let cell = format!("{:.2} ± {:.2}", (a + b) / 2.0, number("test_total_standard_deviation"));
        assert!(report.contains(&cell), "{report}");
    }
    assert_eq!(summary["preset"], ["vae", "vae", "full", "full"]);
    assert_eq!(summary["beta"], ["1", "4", "1", "4"]);
    let runs = csv_columns(&written("results.csv"));
    assert!(runs["validation"].iter().all(|cell| cell == "0") && runs["binarised"].iter().all(|cell| cell == "false"));
    assert_eq!(runs["seed"], ["0", "1", "0", "1", "0", "1", "0", "1"]);
    assert_eq!(runs["beta"], ["1", "1", "4", "4", "1", "1", "4", "4"]);
    let totals: Vec<f64> = runs["test_total"].iter().map(|cell| cell.parse().unwrap()).collect();
    assert_eq!(totals, all.iter().map(|result| result.test.terms.total).collect::<Vec<_>>(), "to the last bit");
    assert!(runs["test_accuracy"].iter().all(String::is_empty), "these models have none");
    assert!(runs["data_sha256"].iter().all(|hash| *hash == all[0].data_sha256));
    assert!(runs["test_data_sha256"].iter().all(|hash| Some(hash) == all[0].test_data_sha256.as_ref()));
    check_parquet(&Path::new(&file).with_extension("results.parquet"), &runs);
    check_parquet(&Path::new(&file).with_extension("summary.parquet"), &summary);
}

#[test]
fn reports_at_the_same_time_do_not_disturb_each_other() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let file = study(&folder, "study.toml", "epochs = 1\nseed = [0, 1]\n");
    printed(sweep(&["run", &file]));
    let report = || sweep(&["report", &file]).stdout(Stdio::null()).spawn().unwrap();
    let several: Vec<Child> = (0..8).map(|_| report()).collect();
    assert!(several.into_iter().all(|mut child| child.wait().unwrap().success()));
    let results = fs::read(Path::new(&file).with_extension("results.jsonl")).unwrap();
    assert_eq!(read_results(&results).unwrap().len(), 2);
}

/// A value of a Parquet file as a cell of a CSV file.
fn word(row: &Row, column: usize) -> String {
    let text = || row.get_string(column).ok().cloned();
    let integer = || row.get_long(column).ok().map(|number| number.to_string());
    let number = || row.get_double(column).ok().map(|number| number.to_string());
    let flag = || row.get_bool(column).ok().map(|flag| flag.to_string());
    text().or_else(integer).or_else(number).or_else(flag).unwrap_or_default()
}

/// A Parquet file has the cells of the CSV file.
fn check_parquet(file: &Path, csv: &BTreeMap<String, Vec<String>>) {
    let reader = SerializedFileReader::new(File::open(file).unwrap()).unwrap();
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert!(rows.iter().all(|row| row.len() == csv.len()) && rows.len() == csv["configuration"].len());
    for (at, row) in rows.iter().enumerate() {
        for (column, (name, _)) in row.get_column_iter().enumerate() {
            let cell = csv[name][at].as_str();
            assert_eq!(word(row, column), cell, "{name}");
        }
    }
}

#[test]
fn damaged_results_are_refused_by_their_line() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let file = study(&folder, "study.toml", "epochs = 1\nseed = [0, 1]\n");
    printed(sweep(&["run", &file]));
    let whole = files(&file, ".json").into_values().collect::<Vec<_>>().concat();
    let results = read_results(&whole).unwrap();
    assert_eq!(write_results(&results).as_bytes(), whole, "written as it was read");
    let kind = |bytes: &[u8]| read_results(bytes).unwrap_err().to_string();
    assert_eq!(kind(b""), "study_foreign");
    assert_eq!(kind(b"{\"format\": 1}"), "study_foreign");
    assert!(kind(&whole[..whole.len() - 9]).starts_with("study_damaged line=2 "));
    let mut endless = results.clone();
    endless[1].curve[0].step = 1 << 53; // JavaScript has no such integer
    assert!(kind(write_results(&endless).as_bytes()).starts_with("study_damaged line=2 "));
    let names: Vec<String> = files(&file, ".json").into_keys().collect();
    fs::write(runs_folder(&file).join(&names[0]), &whole[..40]).unwrap();
    let output = sweep(&["report", &file]).output().unwrap();
    let (report, message) = (text(&output.stdout), text(&output.stderr));
    assert!(report.contains("| vae           | 1 |") && report.contains("1 of 2 runs have no result:"), "{report}");
    assert!(report.contains(&names[0]) && report.contains("is no result of a run"), "{report}");
    assert!(!output.status.success() && message.contains(names[0].trim_end_matches(".json")), "{message}");
    fs::copy(runs_folder(&file).join(&names[1]), runs_folder(&file).join(&names[0])).unwrap();
    let output = sweep(&["report", &file]).output().unwrap();
    assert!(!output.status.success() && text(&output.stdout).contains("is the result of a run with other settings"));
}

#[test]
fn a_report_says_what_it_can_and_then_fails() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    let file = study(&folder, "study.toml", "epochs = 1\nlikelihood = [\"bernoulli\", \"unit_gaussian\"]\n");
    let fail = |name: &str| {
        let in_the_way = runs_folder(&file).join(format!("{name}.safetensors"));
        fs::create_dir_all(&in_the_way).unwrap();
        in_the_way
    };
    let in_the_way: Vec<PathBuf> = listed(&file, &[]).iter().map(|line| fail(name_in(line))).collect();
    refusal(sweep(&["run", &file]));
    let output = sweep(&["report", &file]).output().unwrap();
    let reasons = text(&output.stdout);
    assert!(!output.status.success() && reasons.matches("cannot be written").count() == 2, "{reasons}");
    in_the_way.iter().for_each(|folder| fs::remove_dir(folder).unwrap());
    printed(sweep(&["run", &file]));
    fs::create_dir(Path::new(&file).with_extension("results.jsonl")).unwrap();
    let output = sweep(&["report", &file]).output().unwrap();
    let report = text(&output.stdout);
    assert!(!output.status.success() && report.contains("| likelihood unit_gaussian | 1 |"), "{report}");
    assert!(report.contains("different likelihoods"), "{report}");
}

#[test]
fn studies_of_different_names_have_different_files() {
    let folder = folder(DASHED, <[u8]>::to_vec);
    for name in ["exp.v1", "exp.v2"] {
        let file = study(&folder, name, "epochs = 1\n");
        printed(sweep(&["run", &file]));
        printed(sweep(&["report", &file]));
    }
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.ends_with(".results.csv")).count(), 2);
}
