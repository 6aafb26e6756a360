"""What `wangge up` says when it stands: where, who, and what to click first."""

from __future__ import annotations

from wangge.runtime import secrets

ACCOUNTS = (
    ("operator", "派遣员", "dispatches cases from the queue"),
    ("leader", "街道领导", "sees the whole subdistrict"),
    ("secretary", "社区书记", "answers for a community"),
    ("worker", "专职网格员", "reports and handles in a grid"),
    ("unit", "部门经办人", "handles what is dispatched to Sanitation (环境卫生)"),
    ("inspector", "核查员", "checks what was handled"),
    ("auditor", "审计员", "traces and verifies"),
    ("admin", "系统管理员", "areas, duties, classes, accounts"),
)


def text(url: str, *, demo: bool) -> str:
    """The greeting, with the demo's accounts if it is loaded."""
    lines = ["", f"  网格 Wangge  {url}", ""]
    if demo:
        lines.append(f"  Demo accounts, all with the password  {secrets.demo_password()}")
        lines += [f"    {name:<10} {post}  {what}" for name, post, what in ACCOUNTS]
        lines += [
            "",
            f"  1. {url}/report/   report something as a resident; keep the tracking code",
            f"  2. {url}/desk/     sign in as operator: your report is in the queue; accept and register it,",
            "     and dispatch it to 环境卫生, the department of unit",
            "  3. sign in as unit and handle it, as inspector and close it",
            f"  4. {url}/track/    follow it with the tracking code",
            f"  5. {url}/desk/mine sign in as worker: why a point was lost, how to appeal; as leader see /desk/runs",
        ]
    else:
        lines.append(f"  {url}/desk/   `wangge up --demo` in an empty WANGGE_HOME shows a demo")
    return "\n".join([*lines, "", "  Ctrl-C stops everything.", ""])
