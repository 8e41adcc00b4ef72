"""The ``wetread`` command. Every error of the domain is one line on stderr and exit code 2."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.settings import Settings
from models.discrepancy import Sampling
from models.errors import WetreadError
from pipelines.telling import err

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Practise the reads that are missed.",
)
account_app = typer.Typer(no_args_is_help=True, help="Local accounts.")
app.add_typer(account_app, name="account")
findings_app = typer.Typer(no_args_is_help=True, help="The catalogues of findings and diagnoses.")
app.add_typer(findings_app, name="findings")

ColumnPairs = Annotated[
    list[str] | None, typer.Option(help="Which column holds what, as reader=Radiologist; may be given again.")
]
Source = Annotated[str, typer.Option(help="Name of the source, where readers of two files share names.")]
TimeZone = Annotated[str, typer.Option(help="Zone of times that name none.")]
WrittenTimes = Annotated[
    str, typer.Option(help="How times are written where it is not ISO 8601: DD/MM/YYYY, MM/DD/YYYY, unix, unix-ms.")
]
Host = Annotated[str, typer.Option(help="Address to listen on; the default is this machine only.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]
Password = Annotated[str | None, typer.Option(help="Without one, a password is drawn and shown once.")]


def settings() -> Settings:
    return Settings.from_environment(os.environ)


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    worker: bool = True,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Take the caller's address from a proxy on this machine.")
    ] = False,
) -> None:
    """Serve the pages and the API; with --no-worker, run `wetread work` beside it."""
    from pipelines import serve as serving

    serving.serve(settings(), host, port, worker, behind_proxy=behind_proxy)


@app.command()
def work() -> None:
    """Do queued jobs until stopped."""
    from pipelines import serve as serving

    serving.work(settings())


@app.command()
def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    prepare: Annotated[bool, typer.Option("--prepare", help="Make the workspace, but do not serve it.")] = False,
) -> None:
    """Serve a demonstration department: phantoms, simulated readers, four accounts."""
    from pipelines.demo import demo_settings, run_demo

    run_demo(demo_settings(settings(), "WETREAD_HOME" in os.environ), host, port, prepare)


@app.command("import-cases")
def import_cases(
    folder: Path,
    source: Annotated[str, typer.Option(help="Name of the collection, where cases of two collections share ids.")] = "",
) -> None:
    """Import a folder of teaching cases (JSON lines and images) as drafts; importing it again adds what was missing."""
    from api.workspace import Workspace
    from pipelines.import_cases import import_cases as run

    raise typer.Exit(run(Workspace.open(settings()), folder, source))


@app.command("import-reads")
def import_reads(
    path: Annotated[Path, typer.Argument(metavar="CSV")],
    create_cases: Annotated[
        bool | None,
        typer.Option(
            help="Make stubs for cases the workspace does not know; the default where it knows none, or stubs alone."
        ),
    ] = None,
    source: Annotated[
        str,
        typer.Option(help="Name of the source, where readers or cases of two files share names; that of a collection."),
    ] = "",
    column: ColumnPairs = None,
    time_zone: TimeZone = "",
    time_format: WrittenTimes = "",
) -> None:
    """Import reads from a CSV file; importing it again adds nothing."""
    from api.workspace import Workspace, utc_now
    from pipelines.columns import ColumnWish, parse_columns
    from pipelines.csv_values import Clock
    from pipelines.import_reads import ReadsImport
    from pipelines.import_reads import import_reads as run

    wish = ColumnWish(parse_columns(column or []), time_zone)
    wanted = ReadsImport(path, Clock(utc_now()), create_cases, source, wish, time_format)
    raise typer.Exit(run(Workspace.open(settings()), wanted))


@app.command()
def mine(
    path: Annotated[Path, typer.Argument(metavar="REPORTS")],
    column: ColumnPairs = None,
    source: Source = "",
    images: Annotated[
        Path | None, typer.Option(help="Folder of the images that reports name; the default is beside them.")
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch/--no-images", help="Fetch the images of the drafts' studies from the PACS.")
    ] = True,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes that read reports, else one a core.")] = None,
    time_zone: TimeZone = "",
    time_format: WrittenTimes = "",
) -> None:
    """Mine a file or folder of reports (JSON lines, CSV, HL7, FHIR, text) for drafts; mining it again adds nothing."""
    from joblib import cpu_count

    from api.workspace import Workspace, utc_now
    from pipelines.columns import parse_columns
    from pipelines.csv_values import Clock
    from pipelines.csv_values import time_zone as zone_of
    from pipelines.mine import MiningWish
    from pipelines.mine import mine as run
    from pipelines.parallel import SETTING

    clock = Clock(utc_now(), zone_of(time_zone))
    cluster = os.environ.get(SETTING, "").strip()
    columns = parse_columns(column or [])
    wanted = MiningWish(path, clock, source, images, fetch, jobs or cpu_count(), cluster, columns, time_format)
    raise typer.Exit(run(Workspace.open(settings()), wanted))


@app.command("import-reviews")
def import_reviews(
    path: Annotated[Path, typer.Argument(metavar="CSV")],
    column: ColumnPairs = None,
    source: Source = "",
    sampling: Annotated[
        Sampling, typer.Option(help="How the reviewed cases were chosen, where the file does not say.")
    ] = Sampling.UNKNOWN,
    time_zone: TimeZone = "",
    time_format: WrittenTimes = "",
) -> None:
    """Import peer reviews (RADPEER scores) from a CSV file; importing it again adds nothing."""
    from api.workspace import Workspace, utc_now
    from pipelines.columns import ColumnWish, parse_columns
    from pipelines.import_reviews import ReviewsImport
    from pipelines.import_reviews import import_reviews as run

    wish = ColumnWish(parse_columns(column or []), time_zone)
    raise typer.Exit(
        run(Workspace.open(settings()), ReviewsImport(path, utc_now(), wish, source, sampling, time_format))
    )


@app.command("import-volumes")
def import_volumes(
    path: Annotated[Path, typer.Argument(metavar="CSV")], column: ColumnPairs = None, source: Source = ""
) -> None:
    """Import how many studies each reader reads a month; importing the file again adds nothing."""
    from api.workspace import Workspace, utc_now
    from pipelines.columns import ColumnWish, parse_columns
    from pipelines.import_volumes import VolumesImport
    from pipelines.import_volumes import import_volumes as run

    wish = ColumnWish(parse_columns(column or []))
    raise typer.Exit(run(Workspace.open(settings()), VolumesImport(path, utc_now(), wish, source)))


@app.command()
def practice(
    reader: str,
    size: Annotated[int, typer.Option(min=1, max=50)] = 10,
    seed: Annotated[int | None, typer.Option(help="The same seed and history give the same set.")] = None,
    modality: str | None = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the set as JSON.")] = False,
    read: Annotated[bool, typer.Option("--read", help="Ask for an answer to each case and store the reads.")] = False,
) -> None:
    """Choose a reader's next set and show why. READER is a name of an imported file, or a login."""
    from api.workspace import Workspace
    from pipelines.practice import PracticeWish
    from pipelines.practice import practice as run

    run(Workspace.open(settings()), PracticeWish(reader, size, seed, modality, as_json, read))


@app.command()
def train(
    force: Annotated[bool, typer.Option("--force", help="Put a worse model into use too.")] = False,
    log: Annotated[bool, typer.Option("--log/--no-log", help="Note the training in the MLflow lab book.")] = True,
) -> None:
    """Learn how hard each case is and how readers differ; put it into use unless the model there is better."""
    from api.learning import Learning
    from api.workspace import Workspace
    from pipelines.train import TrainWish
    from pipelines.train import train as run

    workspace = Workspace.open(settings())
    raise typer.Exit(run(workspace, Learning(workspace.findings), TrainWish(force, log)))


@app.command()
def backup(target: Path) -> None:
    """Write the whole workspace to one file."""
    from pipelines.backup import backup as run

    run(settings(), target)


@app.command()
def restore(source: Path) -> None:
    """Unpack a backup into an empty workspace folder and sign everybody out."""
    from pipelines.restore import restore as run

    raise typer.Exit(run(settings(), source))


@account_app.command("add")
def account_add(
    login: str,
    role: Annotated[list[str], typer.Option(help="learner, educator, quality_lead or admin; may be given again.")],
    name: str = "",
    password: Password = None,
) -> None:
    """Make an account."""
    from api.workspace import Workspace
    from pipelines import account

    account.add(Workspace.open(settings()), login, name, tuple(role), password)


@account_app.command("disable")
def account_disable(login: str) -> None:
    """Shut an account and end its sessions."""
    from api.workspace import Workspace
    from pipelines import account

    account.disable(Workspace.open(settings()), login)


@account_app.command("reset")
def account_reset(login: str, password: Password = None) -> None:
    """Give an account a new password and open it again."""
    from api.workspace import Workspace
    from pipelines import account

    account.reset(Workspace.open(settings()), login, password)


@findings_app.command("check")
def findings_check(
    findings: Annotated[Path | None, typer.Option(metavar="FILE", help="Check this file of findings instead.")] = None,
    diagnoses: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Check this file of diagnoses instead.")
    ] = None,
) -> None:
    """Check the catalogues together with the workspace's own files; the exit code is 1 where there is an error."""
    from pipelines.findings import Own, check

    raise typer.Exit(check(Own.of(settings().home, findings, diagnoses)))


def main() -> None:
    """The console script."""
    os.umask(0o077)  # what a command makes holds reports, images and a secret: its owner alone may read it
    try:
        app()
    except WetreadError as error:
        err.print(str(error), style="red", markup=False)
        sys.exit(2)


if __name__ == "__main__":
    main()
