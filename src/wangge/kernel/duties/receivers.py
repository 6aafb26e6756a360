"""What duties do when told: keep the posts in step with the catalogue."""

from __future__ import annotations

from typing import Any

from django.apps import apps as live
from django.db import connection

from wangge.kernel.duties.catalogue import POSTS


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
