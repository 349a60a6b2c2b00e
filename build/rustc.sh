#!/usr/bin/env bash
# Cargo's rustc for the WebGPU module, which uses little of burn, cubecl and what they bring along: with `hint-mostly-unused`, an option that may
# vanish from the compiler, functions are compiled with the crate that uses them, and all others not at all.
#
# Not for the rest of cubecl, which is used whole: compiled so, cubecl-ir took twice as long. Nor for the CPU module, whose size and time it
# multiplied: each part of a crate has its own copies of such functions, and this crate has sixteen parts there.
rustc=$1
shift
sparse=(-Zhint-mostly-unused)
if [[ " $* " =~ ' --crate-name '(burn|cubek|cubecl_std|cubecl_opt)[a-z0-9_]*' '.*' wasm32-unknown-unknown ' ]] \
  && RUSTC_BOOTSTRAP=1 "$rustc" "${sparse[@]}" --print sysroot >/dev/null 2>&1; then
  RUSTC_BOOTSTRAP=1 exec "$rustc" "$@" "${sparse[@]}"
fi
exec "$rustc" "$@"
