"""Compares a training step of the command line with JAX and PyTorch: in turns, each in a new process, from equal weights, images and noise.

    python compare.py LATENT_LAB [--device cpu|gpu] [--batch B..] [--every E..] [--body mlp|conv..] [--rounds R] [--json FILE]

LATENT_LAB is the program (for --device gpu built with --features webgpu). A peer that this Python cannot import is left out, and said. --json writes
[{workload, step, rows: [{engine, speed: {q1, median, q3, count}, ratio, loss, difference, agrees}]}] to a file; times are ms a step, ratios ours / theirs.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PRESETS = {"mlp": "vae", "conv": "conv"}
TITLES = {"mlp": "784-400-20", "conv": "Convolutional"}
# Batches, and how often the loss is read.
USUAL = {
    "cpu": {"mlp": [128], "conv": [32], "every": [1]},
    "gpu": {"mlp": [128, 1024, 8192], "conv": [128, 1024], "every": [1, 10]},
}
WARM_UP = 10  # first steps of a process, in which JAX and PyTorch compile and caches fill
COMPARED_STEPS = 50  # most steps after which losses are compared: rounding errors grow with each
TOLERANCE = 0.01  # largest relative difference of equal losses


def steps_of(body, batch):
    """Steps of a process: enough for quartiles; at batch 8,192 their images take 770 MB."""
    return max(30, min(150 if body == "mlp" else 60, 60_000 // batch))


def run(command, **environment):
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stderr)
        return None
    return json.loads(done.stdout)


def engines(args, folder, body, batch, every):
    """The programs that take part, by name: each returns {times, losses}."""
    python = lambda script, *more: [sys.executable, f"{HERE}/{script}", folder, body, str(batch), str(every), *more]
    ours = ["bench", "--preset", PRESETS[body], "--batch", batch, "--every", every, "--steps", steps_of(body, batch), "--device", args.device]
    all_engines = {"Latent Lab": lambda: run([args.program, *map(str, ours)])}
    if installed("jax"):
        platform = {"JAX_PLATFORMS": "cpu"} if args.device == "cpu" else {}
        all_engines["JAX"] = lambda: run(python("jax_step.py"), XLA_PYTHON_CLIENT_PREALLOCATE="false", **platform)
    if installed("torch"):
        for mode in ("eager", "compiled"):
            all_engines[f"PyTorch, {mode}"] = lambda mode=mode: run(python("torch_step.py", args.device, mode))
    return all_engines


def installed(package):
    return importlib.util.find_spec(package) is not None


def quartiles(times):
    q1, median, q3 = statistics.quantiles(times, n=4, method="inclusive")
    return {"q1": q1, "median": median, "q3": q3, "count": len(times)}


def compare(args, body, batch, every):
    with tempfile.TemporaryDirectory(prefix="latent-lab-bench-") as folder:
        command = [args.program, "bench", "--preset", PRESETS[body], "--batch", str(batch), "--steps", str(steps_of(body, batch)), "--replay", folder]
        if run(command) is None:
            sys.exit("The inputs could not be written.")
        times, losses = {}, {}
        for _ in range(args.rounds):
            for name, measure in engines(args, folder, body, batch, every).items():
                report = measure()
                if report is not None:
                    times.setdefault(name, []).extend(report["times"][-(-WARM_UP // every) :])
                    losses[name] = report["losses"]
    if "Latent Lab" not in times:
        sys.exit("Latent Lab did not run.")
    return table(f"{TITLES[body]}, batch {batch}, loss read every {every}", times, losses)


def table(workload, times, losses):
    step = min(COMPARED_STEPS, *map(len, losses.values())) if len(losses) > 1 else COMPARED_STEPS
    expected = losses["Latent Lab"][step - 1]
    speeds = {name: quartiles(all_times) for name, all_times in times.items()}
    rows = []
    for name, speed in speeds.items():
        loss = losses[name][step - 1]
        difference = loss / expected - 1
        ratio = speeds["Latent Lab"]["median"] / speed["median"]
        rows.append({"engine": name, "speed": speed, "ratio": ratio, "loss": loss, "difference": difference, "agrees": abs(difference) <= TOLERANCE})
    return {"workload": workload, "step": step, "rows": rows}


def text(compared, device):
    lines = [f"{compared['workload']}, natively on the {device.upper()}"]
    for row in compared["rows"]:
        speed, differs = row["speed"], "" if row["agrees"] else ", NOT EQUAL"
        lines.append(
            f"{row['engine']:18} {speed['median']:.3g} ({speed['q1']:.3g}–{speed['q3']:.3g}) ms a step, ours / this {row['ratio']:.2f}, "
            f"loss after step {compared['step']} {row['loss']:.2f}{differs}"
        )
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--device", choices=USUAL, default="cpu")
    parser.add_argument("--body", choices=PRESETS, nargs="*", default=list(PRESETS))
    parser.add_argument("--batch", type=int, nargs="*")
    parser.add_argument("--every", type=int, nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", metavar="FILE")
    args = parser.parse_args()
    for package in ("jax", "torch"):
        if not installed(package):
            print(f"skipped {package}: {sys.executable} cannot import it", file=sys.stderr)
    results = []
    for body in args.body:
        for batch in args.batch or USUAL[args.device][body]:
            for every in args.every or USUAL[args.device]["every"]:
                compared = compare(args, body, batch, every)
                results.append(compared)
                print(f"\n{text(compared, args.device)}", flush=True)
    if args.json:
        with open(args.json, "w") as file:
            json.dump(results, file)


if __name__ == "__main__":
    main()
