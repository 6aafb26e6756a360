"""What duties do when told: posts follow the catalogue, duties follow areas, persons are placed by their duties."""

from __future__ import annotations

from itertools import takewhile
from typing import Any
from uuid import UUID

from django.apps import apps as live
from django.db import connection

from wangge.base import events
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.journal.services import place_of
from wangge.kernel.places.events import AreasEnded


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
    events.subscribe(AreasEnded, areas_ended)
    place_of("person", place_of_person)


def areas_ended(event: AreasEnded) -> None:
    """Duties end with their area and go on at its successor, in the same transaction."""
    from wangge.kernel.duties import services
    from wangge.kernel.places.models import Area

    ids = [move.new_id for move in event.moves if move.new_id]
    areas = Area.objects.in_bulk(ids)
    moves = [(move.old_id, areas[move.new_id] if move.new_id else None) for move in event.moves]
    services.succeed(moves, at=event.at, by=event.by)


def place_of_person(person_id: UUID) -> str:
    """The deepest path above all duties that a person ever held; '' for one without duties."""
    from wangge.kernel.duties.queries import duties_of

    paths = [held.area_path.split("/")[:-1] for held in duties_of(person_id)]
    if not paths:
        return ""
    common = [parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False))]
    return "".join(f"{part}/" for part in common)
