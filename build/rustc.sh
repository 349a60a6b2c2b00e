#!/usr/bin/env bash
# Cargo's rustc for the WebGPU module, which uses little of burn, cubecl and what they bring along: with `hint-mostly-unused`, an option that may
# vanish from the compiler, functions are compiled with the crate that uses them, and all others not at all.
#
# Not for the rest of cubecl, most of which is used, nor for the CPU module: each part of a crate compiles its own copies of such functions.
rustc=$1
shift
sparse=(-Zhint-mostly-unused)
if [[ " $* " =~ ' --crate-name '(burn|cubek|cubecl_std|cubecl_opt)[a-z0-9_]*' '.*' wasm32-unknown-unknown ' ]] \
  && RUSTC_BOOTSTRAP=1 "$rustc" "${sparse[@]}" --print sysroot >/dev/null 2>&1; then
  RUSTC_BOOTSTRAP=1 exec "$rustc" "$@" "${sparse[@]}"
fi
exec "$rustc" "$@"
