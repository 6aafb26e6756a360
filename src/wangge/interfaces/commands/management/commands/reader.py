"""Trains, measures and asks the model that reads reports, on any labelled table or on a subdistrict's own cases."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any, ClassVar

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code
from wangge.kernel.reading.core import Evaluation, evaluate, train
from wangge.kernel.reading.core.keeping import digest_of, packed, unpacked
from wangge.kernel.reading.core.table import Labelled, read, without_rare
from wangge.kernel.reading.core.training import FOLDS, SEED
from wangge.kernel.reading.services import FEWEST, retrain

#: Each sub-command: what it does, and an example of it.
WORDS = {
    "train": ("Learn from a labelled table and write the model.",
              "wangge reader train messages.csv --text 留言详情 --label 一级标签 --out messages.model"),
    "evaluate": ("Measure by stratified folds: every row is asked once, by a model that did not learn from it.",
                 "wangge reader evaluate messages.csv --text 留言详情 --label 一级标签 --json"),
    "suggest": ("What a model says of a text.", "wangge reader suggest '路边烧烤油烟太大' --model messages.model"),
    "retrain": (f"Learn from the closed cases of a subdistrict now ({FEWEST} or more), as the weekly job does.",
                "wangge reader retrain 320412"),
}


class Command(WanggeCommand):
    """`wangge reader train | evaluate | suggest | retrain`."""

    help = "The model that reads reports: train, evaluate, suggest, retrain. It suggests, it never decides."
    example = WORDS["evaluate"][1]
    facts: ClassVar[bool] = False  # each sub-command has its own --json
    what = ""

    def arguments(self, parser: CommandParser) -> None:
        """One parser for each sub-command."""
        chosen = parser.add_subparsers(dest="what", required=True, metavar="train | evaluate | suggest | retrain")
        made = {
            name: chosen.add_parser(
                name, help=words, description=words, epilog=f"example:\n  {example}",
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
            for name, (words, example) in WORDS.items()
        }
        for name in ("train", "evaluate"):
            _table_arguments(made[name])
        made["train"].add_argument("--out", metavar="MODEL", help="where the model goes (default FILE.model here)")
        made["evaluate"].add_argument("--folds", type=int, default=5, help="how many folds (default 5)")
        made["suggest"].add_argument("text", metavar="TEXT")
        made["suggest"].add_argument("--model", metavar="MODEL", required=True, help="a file that `reader train` wrote")
        made["suggest"].add_argument("-n", type=int, default=3, help="how many labels (default 3)")
        made["retrain"].add_argument("area", metavar="AREA_CODE", help="the code of a subdistrict")
        for one in made.values():
            one.add_argument(
                "--json", action="store_true", dest="as_json", help="print the facts as JSON on the last line"
            )

    def run(self, **options: Any) -> Facts:
        """What the sub-command found."""
        self.what = options.pop("what")
        facts: Facts = getattr(self, f"_{self.what}")(**options)
        return facts

    def _train(self, *, file: str, out: str | None, seed: int, **options: Any) -> Facts:
        found = self._rows(file, FOLDS, **options)
        target = Path(out or f"{Path(file).name}.model")
        began = time.perf_counter()
        with self.bar("Training", total=2 * len(found.texts)) as bar:
            model = train(found.texts, found.labels, seed=seed, progress=bar.advance)
        seconds = time.perf_counter() - began
        data = packed(model)
        target.write_bytes(data)
        return {
            "rows": model.rows, "skipped": found.skipped, "labels": list(model.labels),
            "features": len(model.features), "seconds": round(seconds, 2), "bytes": len(data),
            "digest": digest_of(data), "model": str(target),
        }

    def _evaluate(self, *, file: str, folds: int, seed: int, **options: Any) -> Facts:
        found = self._rows(file, folds, **options)
        with self.bar("Measuring", total=2 * len(found.texts) + folds + 1) as bar:
            seen = evaluate(found.texts, found.labels, folds=folds, seed=seed, progress=bar.advance)
        return {**figures(seen), "skipped": found.skipped, "folds": folds, "seed": seed}

    def _suggest(self, *, text: str, model: str, n: int) -> Facts:
        path = Path(model)
        if not path.is_file():
            raise InvalidInput("There is no such file.", field="model", value=model, expected="a trained model")
        said = unpacked(path.read_bytes()).suggest(text, n)
        return {"suggestions": [
            {"label": one.label, "confidence": round(one.confidence, 4), "words": list(one.words)} for one in said
        ]}

    def _retrain(self, *, area: str) -> Facts:
        root = area_by_code(area)
        if root.parent is not None:
            raise InvalidInput("A model belongs to a whole subdistrict.", field="area", value=area, expected="a root")
        with self.bar("Training") as bar:
            done = retrain(root=root, by=mandates.console(), progress=bar.advance)
        facts: dict[str, Any] = {"area": area, "cases": done.cases, "changed": done.changed, "silent": not done.model}
        if done.model and done.figures:
            facts |= {"trained_at": done.model.trained_at, "digest": done.model.digest} | figures(done.figures)
        return facts

    def _rows(self, file: str, folds: int, *, text: list[str], label: str, skip_rare: bool) -> Labelled:
        found = read(Path(file), text=text, label=label)
        if found.skipped:
            self.say(f"{found.skipped} rows have no text or no label and are left out.")
        if skip_rare:
            found, rare = without_rare(found, folds)
            if rare:
                self.say("Labels left out: " + ", ".join(f"{name} ({size})" for name, size in rare.items()))
        return found

    def show(self, facts: Facts) -> None:
        """Tables for people; the label stands last, so that columns stay in line in every script."""
        plain = {name: value for name, value in facts.items() if not isinstance(value, list)}
        super().show({name: round(value, 4) if isinstance(value, float) else value for name, value in plain.items()})
        for one in facts.get("suggestions", ()):
            because = "".join(f"“{word}”" for word in one["words"])
            self.stdout.write(f"{one['confidence']:.2f}  {one['label']}  {because}".rstrip())
        if "classes" in facts:
            self.stdout.write("\nprecision  recall      f1  support  label")
            for row in facts["classes"]:
                shares = f"{row['precision']:9.4f}  {row['recall']:6.4f}  {row['f1']:6.4f}"
                self.stdout.write(f"{shares}  {row['support']:7d}  {row['label']}")
            self.stdout.write("\nconfidence       rows  said   right")
            for row in facts["reliability"]:
                step = f"{row['low']:.1f} to {row['high']:.1f}"
                self.stdout.write(f"{step:<12} {row['rows']:8d}  {row['confidence']:.3f}  {row['right']:.3f}")


def figures(seen: Evaluation) -> dict[str, Any]:
    """What was measured, as facts."""
    return {
        "macro_f1": round(seen.macro_f1, 4), "accuracy": round(seen.accuracy, 4), "top3": round(seen.top3, 4),
        "ece": round(seen.ece, 4), "seconds": round(seen.seconds, 2), "bytes": seen.size, "rows": seen.rows,
        "classes": [_rounded(row._asdict()) for row in seen.classes],
        "reliability": [_rounded(row._asdict()) for row in seen.reliability],
    }


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()}



def _table_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.csv", help="a table with a header; UTF-8, UTF-16 or GB 18030")
    parser.add_argument(
        "--text", metavar="COL", required=True, action="append", help="the column of the text (repeated: joined)"
    )
    parser.add_argument("--label", metavar="COL", required=True, help="the column of the label")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of folds and training (default {SEED})")
    parser.add_argument("--skip-rare", action="store_true", help="leave out labels with fewer rows than folds")
