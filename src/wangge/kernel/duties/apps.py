"""The Django application of this room."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DutiesConfig(AppConfig):
    name = "wangge.kernel.duties"
    label = "duties"

    def ready(self) -> None:
        """Keep the table of posts equal to the catalogue; take part in erasing and moves; tell how duties add up."""
        from wangge.kernel.duties import projecting, receivers

        projecting.register()
        post_migrate.connect(receivers.sync_posts, sender=self, dispatch_uid="duties.posts")
        receivers.subscribe()
