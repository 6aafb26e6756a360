from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "wangge.kernel.cases"
    label = "cases"
    verbose_name = "cases"
