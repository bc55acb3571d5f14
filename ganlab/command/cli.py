"""The console command: `ganlab` opens the app, `ganlab train experiment.json` trains without one, `ganlab sweep
plan.json` trains many and makes a table of them, `ganlab runs` lists what the app has saved, and `ganlab export RUN`
takes home what came of a run."""

from __future__ import annotations

import argparse
import io
import json
import os
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from ganlab import __version__
from ganlab.experiment import Experiment, ExperimentError, is_images
from ganlab.experiment.choices import EXPORTS
from ganlab.hosts.choice import Choice
from ganlab.live.addresses import LOOPBACK, listens_to_a_network, own_addresses
from ganlab.presets import PRESETS

DEFAULT_STEPS = 10_000
FOR_IMAGES = "digits-dcgan"  # the preset that images are trained with if no experiment is named


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command. Exit status 2: the arguments can't be used; 1: training failed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name may hold what the terminal's encoding has not
    options = _parser().parse_args(arguments)
    try:
        if options.command == "train":
            train(options)
        elif options.command == "export":
            export(options)
        elif options.command == "runs":
            from ganlab.command import runs  # imports torch

            runs.print_runs()
        elif options.command == "sweep":
            sweep(options)
        else:
            open_app(options)
    except (ExperimentError, OSError) as error:
        sys.exit(_complain(str(error)))


def open_app(options: argparse.Namespace) -> None:
    """Serve the app and, unless told otherwise, open it in the browser. Returns when the server stops."""
    flags = {"server.port": options.port, "server.address": options.host}
    flags["server.headless"] = "true" if options.no_browser else None
    if options.holds_a_class:
        os.environ["GANLAB_CLASS"] = "1"
        flags["server.address"] = options.host or "0.0.0.0"
        flags["server.headless"] = "true"  # the teacher opens the link that is printed, with its key
    chosen = _choice(options)
    if options.workers is not None:
        os.environ["GANLAB_WORKERS"] = str(chosen.workers)
    if options.cluster is not None:
        os.environ |= {"GANLAB_CLUSTER": chosen.cluster, "GANLAB_WORKER_CPUS": str(chosen.cpus)}
    if options.embedded_in:
        os.environ["GANLAB_EMBEDDED_IN"] = " ".join(options.embedded_in)
    sys.argv = ["streamlit", "run", str(site_directory() / "app.py")]
    sys.argv += [f"--{name}={value}" for name, value in flags.items() if value is not None]
    sys.argv += [f"--server.allowedHosts={name}" for name in _hosts(options)]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def _choice(options: argparse.Namespace) -> Choice:
    return Choice.of(options.workers, options.cluster, options.worker_cpus)


def _hosts(options: argparse.Namespace) -> list[str]:
    """The names that the app answers to, if some were added to its own; with none, it decides by itself."""
    if not options.allowed_hosts:
        return []
    host = options.host or ("0.0.0.0" if options.holds_a_class else "127.0.0.1")
    own = own_addresses() if listens_to_a_network(host) else ()
    return [*options.allowed_hosts, *LOOPBACK, *own]


def site_directory() -> Path:
    """Where app.py, the pages and Streamlit's settings are: in an installed copy, or at the root of a clone."""
    installed = Path(__file__).parents[1] / "_site"
    return installed if installed.is_dir() else Path(__file__).parents[2]


def train(options: argparse.Namespace) -> None:
    """Train as `ganlab train` was told to; says what is wrong before the slow imports where it can."""
    if options.run is None and options.experiment is None and options.images is None:
        raise ExperimentError("Name an experiment (a JSON file), images (--images), or a saved run (--from).")
    if options.run is not None and (options.experiment is not None or options.images is not None):
        raise ExperimentError(
            "A saved run (--from) brings its own experiment and data: leave out the experiment file and --images."
        )
    if options.run is not None:
        go_on(options)
    if options.best:
        raise ExperimentError("--best needs a stored run to go on from: name the run with --from.")
    experiment = _experiment(options)
    if options.steps is not None and experiment.max_steps == 0:
        raise ExperimentError(f"--steps {options.steps}: give the number of iterations, a whole number from 1 on.")
    experiment = experiment.changed(max_steps=experiment.max_steps or DEFAULT_STEPS)
    _refuse_grids_of_points(options, experiment)
    directory = _directory(options, (options.experiment or options.images.resolve()).stem)
    from ganlab.command import headless  # imports torch

    sys.exit(headless.train(experiment, directory, grids=options.grids))


def sweep(options: argparse.Namespace) -> NoReturn:
    """Train the runs of a plan, as `ganlab sweep` was told to."""
    choice = _choice(options)
    directory = Path("results") / options.plan.stem if options.out is None else options.out
    from ganlab.command import sweep as command  # imports torch
    from ganlab.runs.sweeps.plan_file import read_plan

    sys.exit(command.train_sweep(read_plan(options.plan, DEFAULT_STEPS), choice, directory))


def go_on(options: argparse.Namespace) -> NoReturn:
    """Train a stored run further, as `ganlab train --from` was told to."""
    if any(assignment.partition("=")[0] == "max_steps" for assignment in options.set):
        raise ExperimentError(
            "With --from, give the number of further iterations with --steps, not with --set max_steps."
        )
    changes = _changes(options)
    steps = changes.pop("max_steps", None)
    if steps is not None and (type(steps) is not int or steps < 1):
        raise ExperimentError(
            f"--steps {options.steps}: give the number of further iterations, a whole number from 1 on."
        )
    from ganlab.command import headless
    from ganlab.runs import resume  # imports torch

    run, name = resume.resumed(options.run, steps, DEFAULT_STEPS, changes, best=options.best)
    _refuse_grids_of_points(options, run.experiment)
    sys.exit(headless.train_on(run, _directory(options, name), grids=options.grids))


def _refuse_grids_of_points(options: argparse.Namespace, experiment: Experiment) -> None:
    if options.grids and not is_images(experiment):
        raise ExperimentError("--grids saves grids of images, but these data are points: leave it out.")


def export(options: argparse.Namespace) -> None:
    """Export as `ganlab export` was told to."""
    names = tuple(EXPORTS) if options.all else tuple(dict.fromkeys(options.formats))
    if not names:
        raise ExperimentError(
            f"Choose the form of the export: --all, or some of {', '.join(f'--{name}' for name in EXPORTS)}."
        )
    beside = options.run if options.run.is_dir() else options.run.parent
    directory = options.out or (beside / "export" if options.run.exists() else Path("export") / options.run)
    from ganlab.command import export as command  # imports torch

    sys.exit(command.export_run(options.run, names, directory, own=options.out is None))


def _experiment(options: argparse.Namespace) -> Experiment:
    """The file's Experiment, or one that suits images, with the command line's changes."""
    changes = _changes(options)
    if options.images is not None:
        from ganlab.command import images  # imports torch

        changes = images.import_images(options.images) | changes
    if options.experiment is None:
        return PRESETS[FOR_IMAGES].experiment.changed(**changes)
    try:
        text = options.experiment.read_bytes()
    except OSError as error:
        raise ExperimentError(f"{options.experiment} can't be read: {error.strerror or error}.") from None
    try:
        experiment = Experiment.from_json(text)
    except ExperimentError as error:
        raise ExperimentError(f"{options.experiment}: {error}") from None
    return experiment.changed(**changes)


def _changes(options: argparse.Namespace) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for assignment in options.set:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise ExperimentError(f'--set {assignment} is not of the form name=value, such as "lr_g=3e-4".')
        changes[name] = _value(text)
    if options.seed is not None:
        changes["seed"] = _value(options.seed)
    if options.steps is not None:
        changes["max_steps"] = _value(options.steps)
    return changes


def _value(text: str) -> Any:
    """A number, true or false where it is one, else the text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _directory(options: argparse.Namespace, name: str) -> Path:
    """A folder for the results that holds no other run's: of this name, if none was asked for. It is made later."""
    if options.out is not None:
        out = Path(options.out)
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise ExperimentError(f"{out} already holds files: choose another folder with --out.")
    else:
        stem = Path("results") / name
        out, number = stem, 2
        while out.exists():
            out, number = stem.with_name(f"{stem.name}-{number}"), number + 1
    return out


def _complain(sentence: str) -> int:
    print(f"ganlab: {sentence}", file=sys.stderr)
    return 2


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage above it."""

    def error(self, message: str) -> NoReturn:
        sys.exit(_complain(f"{message} (ganlab --help lists all commands and options)"))


def _parser() -> argparse.ArgumentParser:
    wide = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="ganlab",
        formatter_class=wide,
        description="Train a GAN and watch it learn. Without a command, opens the app in your browser.",
        epilog="An experiment is a JSON file; settings that it leaves out have their default values:\n"
        '  {"data": "ring", "loss": "hinge", "spectral_norm": true}',
    )
    parser.add_argument("--version", action="version", version=f"ganlab {__version__}")
    parser.add_argument("--port", type=int, help="port of the app's server (default: 8501, or the next free one)")
    parser.add_argument(
        "--host", metavar="ADDRESS", help="address to listen on (default: this machine only; 0.0.0.0: the network, too)"
    )
    parser.add_argument(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        dest="allowed_hosts",
        help="a name under which a browser reaches the app, for example through a proxy; may be repeated",
    )
    parser.add_argument(
        "--embed-in",
        metavar="SITE",
        action="append",
        default=[],
        dest="embedded_in",
        help="a site whose pages may show the app in a frame, such as https://moodle.example; may be repeated",
    )
    parser.add_argument(
        "--class",
        action="store_true",
        dest="holds_a_class",
        help="hold a class: students join with a code, each sees only their own runs, and you see all of them on a "
        "board; listens on the network",
    )
    _add_hosts(parser)
    parser.add_argument("--no-browser", action="store_true", help="serve the app without opening a browser")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    summary = "train an experiment without a browser"
    headless = commands.add_parser("train", help=summary, description=summary.capitalize() + ".", formatter_class=wide)
    headless.add_argument("experiment", nargs="?", type=Path, help="the experiment, a JSON file")
    headless.add_argument(
        "--from",
        metavar="RUN",
        dest="run",
        help="go on from a run, which itself stays unchanged: a folder that `ganlab train` wrote, or the beginning of "
        "an id in `ganlab runs`",
    )
    headless.add_argument(
        "--images",
        metavar="DIR",
        type=Path,
        help="train on the images in this folder; folders in it are classes (without an experiment, a small DCGAN is "
        "trained)",
    )
    headless.add_argument("--best", action="store_true", help="with --from: go on from the run's best state")
    headless.add_argument(
        "--out",
        metavar="DIR",
        help="folder for the results (default: results/ and the name of the file or folder, or run- and the run's id)",
    )
    headless.add_argument(
        "--steps",
        metavar="N",
        help=f"number of iterations, or with --from of further iterations (default: the experiment's max_steps, or "
        f"{DEFAULT_STEPS})",
    )
    headless.add_argument("--seed", metavar="N", help="seed, instead of the experiment's")
    headless.add_argument(
        "--grids", action="store_true", help="save a grid of 25 samples after each pass over the data"
    )
    headless.add_argument(
        "--set", metavar="NAME=VALUE", action="append", default=[], help="change a setting; may be repeated"
    )
    headless.epilog = f"Settings: {', '.join(Experiment.model_fields)}."
    headless.formatter_class = argparse.HelpFormatter

    summary = "train many experiments that differ in a few settings, and write a table of what came of them"
    many = commands.add_parser("sweep", help=summary, description=summary.capitalize() + ".", formatter_class=wide)
    many.add_argument("plan", type=Path, help="the plan, a JSON file")
    many.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="folder for the table and the runs (default: results/ and the plan's name); what is there already is not "
        "trained again",
    )
    _add_hosts(many, default=argparse.SUPPRESS)
    many.epilog = (
        "A plan names a preset or an experiment, the settings that differ with their values, and the seeds:\n"
        '  {"base": "ring-ns", "axes": {"lr_g": [0.001, 0.003]}, "seeds": 3, "iterations": 2000}'
    )

    summary = "list the runs that the app has saved on this computer"
    commands.add_parser("runs", help=summary, description=summary.capitalize() + ".")

    summary = "export a trained generator to files"
    takeaway = commands.add_parser("export", help=summary, description=summary.capitalize() + ".")
    takeaway.add_argument(
        "run",
        type=Path,
        help="a folder that `ganlab train` wrote, the checkpoint in it, or the beginning of an id in `ganlab runs`",
    )
    takeaway.add_argument(
        "-o",
        "--out",
        metavar="DIR",
        type=Path,
        help="folder for the files (default: RUN/export, or export/ and the id)",
    )
    takeaway.add_argument("--all", action="store_true", help="export in every form")
    for name, label in EXPORTS.items():
        takeaway.add_argument(
            f"--{name}", action="append_const", const=name, dest="formats", default=[], help=f"as {label}"
        )
    return parser


def _add_hosts(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """The options that say where runs train. `default` lets those stand that were given before a command."""
    parser.add_argument(
        "--workers",
        metavar="N",
        default=default,
        help="train in so many processes of their own, for a class or many runs at once; auto: one a processor core "
        "(default: train in this process)",
    )
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        default=default,
        help="train in the Ray cluster at HOST:PORT, which this machine is a part of; auto: start one on this machine; "
        "with --workers, in at most so many processes",
    )
    parser.add_argument(
        "--worker-cpus",
        metavar="N",
        default=default,
        help="processors for each worker of the cluster (default: 1; on a machine with GPUs, a GPU each)",
    )
