"""Training the reader on 9,000 generated messages of 20 to 2,000 characters in seven classes, and asking it.

The messages are made of the words of the shipped class tables between invented filling, which makes them long, not
hard: their macro-F1 says nothing about real ones.
"""

from __future__ import annotations

import csv
import time
from importlib.resources import files

import numpy as np

from wangge.kernel.reading.core import train
from wangge.kernel.reading.core.keeping import packed

MESSAGES, CLASSES = 9_000, 7
MOST_SECONDS, MOST_MILLISECONDS = 60.0, 5.0
_COMMONEST = 3_000


def messages() -> tuple[list[str], list[str]]:
    """Texts and labels: one phrase in eight speaks of the label, one in eight of another, the rest of nothing."""
    chance = np.random.default_rng(1)
    text = files("wangge.kernel.cases").joinpath("data/case_classes.csv").read_text("utf-8")
    topics: dict[str, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        topics.setdefault(row["major_name"], []).extend((row["minor_name"], row["condition_zh"]))
    names = sorted(topics, key=lambda name: (-len(topics[name]), name))[:CLASSES]
    rare = np.array([1 / rank for rank in range(1, _COMMONEST + 1)])
    filling = ["".join(map(chr, 0x4E00 + word)) for word in chance.choice(_COMMONEST, (40_000, 8), p=rare / rare.sum())]
    lengths = np.clip(chance.lognormal(6.1, 0.8, MESSAGES), 20, 2000).astype(int)
    texts, labels = [], []
    for length in lengths:
        own, other = chance.integers(0, CLASSES, 2)
        parts = []
        while sum(map(len, parts)) < length:
            drawn = chance.random()
            source = topics[names[own]] if drawn < 0.125 else topics[names[other]] if drawn < 0.25 else filling
            parts.append(source[chance.integers(len(source))])
        texts.append("，".join(parts)[:length])
        labels.append(names[own])
    return texts, labels


def run() -> dict[str, float]:
    """Seconds of one training, bytes of the model, and the median and the 95th percentile of a suggestion."""
    texts, labels = messages()
    began = time.perf_counter()
    model = train(texts, labels)
    seconds = time.perf_counter() - began
    times = []
    for text in texts[:500]:
        began = time.perf_counter()
        model.suggest(text)
        times.append((time.perf_counter() - began) * 1000)
    middle, slow = float(np.median(times)), float(np.percentile(times, 95))
    size = len(packed(model))
    mean = sum(map(len, texts)) // MESSAGES
    print(f"Reading: {MESSAGES:,} messages, {mean} characters on average, {CLASSES} classes")
    print(f"  training       {seconds:.1f} s (limit {MOST_SECONDS:.0f})")
    print(f"  model          {size / 1e6:.1f} MB")
    print(f"  a suggestion   {middle:.1f} ms (limit {MOST_MILLISECONDS:.0f}); 95 % within {slow:.1f} ms\n")
    return {"seconds": seconds, "bytes": size, "milliseconds": middle, "milliseconds_95": slow}
