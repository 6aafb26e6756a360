"""What lies where, as facts of the demo: communities, streets and estates. Kilometres east and north of the centre.

The subdistrict, the villages' count and 大学新村 are the mission's; every other name is invented.
"""

from __future__ import annotations

from typing import NamedTuple

ROOT = "320412-NXS"
REGION = "320412"
CENTRE = (119.95, 31.66)  # degrees, longitude first
OUTLINE = (
    (-3.4, -2.2), (-1.9, -2.7), (-0.4, -2.4), (1.2, -2.8), (2.6, -2.3), (3.3, -1.2), (3.1, -0.1), (3.6, 0.9),
    (3.0, 2.0), (1.7, 2.6), (0.3, 2.3), (-0.9, 2.9), (-2.2, 2.5), (-3.2, 1.6), (-2.9, 0.4), (-3.6, -0.9),
)


class Community(NamedTuple):
    """A community or a village, its middle before the ground is evened out, and how many grids it has."""

    code: str
    name: str
    name_en: str
    kind: str
    middle: tuple[float, float]
    grids: int

    @property
    def has_room(self) -> bool:
        """Whether it has a Party-mass service room."""
        return self.kind == "community"


COMMUNITIES = (
    Community("NXS-01", "大学新村社区", "Daxue Xincun", "community", (0.2, 0.3), 4),
    Community("NXS-02", "蓝领公寓联合社区", "Lanling Gongyu Joint Community", "community", (1.5, 0.5), 4),
    Community("NXS-03", "望湖家园与高新人才公寓联合社区", "Wanghu Jiayuan and Gaoxin Apartments Joint Community",
              "community", (-1.2, 0.6), 4),
    Community("NXS-04", "青禾社区", "Qinghe", "community", (0.4, -1.0), 4),
    Community("NXS-05", "集贤社区", "Jixian", "community", (-0.9, -0.7), 3),
    Community("NXS-06", "春申社区", "Chunshen", "community", (1.6, -0.8), 3),
    Community("NXS-07", "桐荫社区", "Tongyin", "community", (-0.3, 1.6), 3),
    Community("NXS-08", "柳岸社区", "Liu'an", "community", (1.0, 1.7), 3),
    Community("NXS-09", "云帆社区", "Yunfan", "community", (2.6, 0.7), 3),
    Community("NXS-10", "稻香村", "Daoxiang", "village", (-2.6, -1.5), 3),
    Community("NXS-11", "石桥村", "Shiqiao", "village", (-2.4, 0.9), 3),
    Community("NXS-12", "南塘村", "Nantang", "village", (-0.4, -2.0), 3),
    Community("NXS-13", "东篱村", "Dongli", "village", (2.2, -1.9), 2),
    Community("NXS-14", "枫溪村", "Fengxi", "village", (-1.9, 2.1), 2),
)


RESIDENTS = {
    "NXS-01": 12_400, "NXS-02": 15_800, "NXS-03": 14_100, "NXS-04": 9_300, "NXS-05": 8_700, "NXS-06": 7_900,
    "NXS-07": 8_200, "NXS-08": 7_400, "NXS-09": 6_800, "NXS-10": 3_900, "NXS-11": 3_600, "NXS-12": 3_400,
    "NXS-13": 2_700, "NXS-14": 2_500,
}
"""How many people live in each, invented."""


class Line(NamedTuple):
    """A street or a river as a polyline."""

    code: str
    name: str
    name_en: str
    points: tuple[tuple[float, float], ...]


LINES = (
    Line("NXS-L1", "青禾路", "Qinghe Road", ((-3.0, -0.35), (-1.2, -0.2), (0.4, -0.3), (1.9, -0.15), (3.0, -0.3))),
    Line("NXS-L2", "云帆路", "Yunfan Road", ((-2.7, 1.25), (-0.8, 1.1), (0.9, 1.2), (2.9, 1.35))),
    Line("NXS-L3", "春申路", "Chunshen Road", ((0.95, -2.55), (0.85, -1.0), (0.95, 0.6), (0.8, 2.3))),
    Line("NXS-L4", "枫溪河", "Fengxi River",
         ((-1.3, 2.6), (-1.6, 1.6), (-1.7, 0.5), (-1.75, -0.8), (-1.5, -1.7), (-1.6, -2.55))),
)


class Estate(NamedTuple):
    """A housing estate in one grid: rows of buildings of so many stairwells, floors and flats a floor."""

    community: str
    grid: int
    name: str
    name_en: str
    buildings: int
    stairwells: int
    floors: int
    flats: int


ESTATES = (
    Estate("NXS-01", 1, "大学新村", "Daxue Xincun", 6, 2, 4, 2),
    Estate("NXS-02", 1, "蓝领公寓", "Lanling Gongyu", 4, 2, 5, 2),
    Estate("NXS-03", 2, "望湖家园", "Wanghu Jiayuan", 4, 2, 3, 2),
    Estate("NXS-04", 2, "青禾苑", "Qinghe Yuan", 3, 2, 3, 2),
    Estate("NXS-05", 1, "集贤新村", "Jixian Xincun", 3, 2, 3, 2),
)
