"""What duties do when told: posts follow the catalogue, duties follow areas, persons are placed by their duties."""

from __future__ import annotations

from itertools import takewhile
from typing import Any
from uuid import UUID

from django.apps import apps as live
from django.db import connection

from wangge.base import events
from wangge.kernel.duties import succeeding
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.queries import duties_of
from wangge.kernel.journal.services import place_of
from wangge.kernel.people.access import placed_by
from wangge.kernel.people.models import Account
from wangge.kernel.places.events import AreasEnded, AreasEnding
from wangge.kernel.places.models import Area
from wangge.kernel.places.queries import atlas


def sync_posts(**_: Any) -> None:
    """After migrating: the table of posts equals the catalogue. A post that the catalogue dropped stays."""
    post = live.get_model("duties", "Post")
    if post._meta.db_table not in connection.introspection.table_names():
        return
    rows = [
        post(code=info.code, name=info.name, name_en=info.name_en, single_seat=info.single_seat, group=info.group,
             position=position)
        for position, info in enumerate(POSTS.values())
    ]
    columns = ["name", "name_en", "single_seat", "group", "position"]
    post.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=columns)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE duties_assignment d SET single_seat = p.single_seat FROM duties_post p"
            " WHERE p.code = d.post_id AND d.single_seat <> p.single_seat"
        )


def subscribe() -> None:
    """Called once, when the application is ready."""
    events.subscribe(AreasEnding, areas_ended)
    events.subscribe(AreasEnded, areas_ended)
    place_of("person", place_to_erase)
    place_of("account", place_of_account)
    placed_by(place_of_person)


def areas_ended(event: AreasEnded | AreasEnding) -> None:
    """Duties end with their area and go on at its successor, in the same transaction."""
    ids = [move.new_id for move in event.moves if move.new_id]
    areas = Area.objects.in_bulk(ids)
    moves = [(move.old_id, areas[move.new_id] if move.new_id else None) for move in event.moves]
    succeeding.succeed(moves, at=event.at, by=event.by)


def place_of_person(person_id: UUID) -> str | None:
    """The deepest path above all duties that a person ever held, '' for several roots; None for one without any."""
    paths = [held.area_path.split("/")[:-1] for held in duties_of(person_id)]
    if not paths:
        return None
    common = [parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False))]
    return "".join(f"{part}/" for part in common)


def place_to_erase(person_id: UUID) -> str:
    """Where a person lies for erasing. One without duties belongs to the only root there is, else to all."""
    found = place_of_person(person_id)
    if found is not None:
        return found
    roots = atlas().roots
    return roots[0].path if len(roots) == 1 else ""


def place_of_account(account_id: UUID) -> str:
    """Where an account lies for erasing: with its person; one of nobody belongs to all."""
    person = Account.objects.values_list("person_id", flat=True).get(id=account_id)
    return place_to_erase(person) if person else ""
