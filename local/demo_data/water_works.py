"""The 18 contracts of the other two organisations: locks, quays and dredging, and three roads."""

from dataclasses import replace
from typing import Final

from local.demo_data.team_table import COAST, DREDGING, JOINT_INVOICING, JOINT_SITES, WATER_INVOICING
from local.demo_data.works import Works

_RIVERS: Final = (
    Works(118, 33, "Kanaal Gent-Oostende: ruimingswerken tussen Aalter en Beernem", (WATER_INVOICING, DREDGING),
          "WZ-118"),
    Works(111, 54, "Zeekanaal Brussel-Schelde: onderhoudsbaggerwerken", (WATER_INVOICING, DREDGING), "WZ-111"),
    Works(104, 75, "Bovenschelde: herstel van de oevers in Zingem", (WATER_INVOICING, DREDGING)),
    Works(97, 98, "Sluis Evergem: vernieuwen van de sluisdeuren", (WATER_INVOICING, COAST), "WZ-097",
          "sluis-evergem@zandvliet.example"),
    Works(90, 119, "Leie: vistrap aan de stuw van Harelbeke", (WATER_INVOICING, COAST)),
    Works(83, 141, "Albertkanaal: verhogen van de kaaimuur in Genk", (WATER_INVOICING, COAST), "WZ-083"),
    Works(72, 168, "Raamovereenkomst bestrijding van waterplanten, afdeling Bovenschelde", (DREDGING,),
          extendable=True),
    Works(65, 190, "Dender: vernieuwen van de stuw in Denderleeuw", (WATER_INVOICING, COAST), "WZ-065"),
    Works(51, 229, "Netekanaal: dijkherstel in Duffel", (DREDGING,)),
    Works(22, 470, "Moervaart: peilmetingen en slibonderzoek", (DREDGING,), ended=95),
    Works(121, 9, "IJzer: wachtplaats voor pleziervaart in Diksmuide"),
)  # fmt: skip

_JOINT_RIVERS: Final = (
    Works(109, 58, "Kanaal Roeselare-Leie: bouw van de fietsersbrug in Ingelmunster", (JOINT_INVOICING, JOINT_SITES),
          "SZ-4"),
    Works(94, 107, "Sluizencomplex Sint-Baafs-Vijve: toegangsweg en kaaimuur", (JOINT_INVOICING, JOINT_SITES),
          "SZ-3"),
    Works(79, 152, "Zeekanaal: vernieuwen van het jaagpad in Kapelle-op-den-Bos", (JOINT_SITES,)),
    Works(122, 6, "Dender: jaagpad tussen Geraardsbergen en Ninove"),
)  # fmt: skip

_JOINT_ROADS: Final = (
    Works(362, 79, "N60 Oudenaarde: brug over de Schelde", (JOINT_INVOICING, JOINT_SITES), "SZ-2"),
    Works(246, 174, "N456 Evergem: wegverlegging langs het kanaal", (JOINT_INVOICING,), "SZ-1"),
    Works(120, 294, "R4 Zelzate: fietstunnel onder de kanaalweg", (JOINT_INVOICING, JOINT_SITES)),
)  # fmt: skip

WATER_WORKS: Final = (
    *(replace(works, authority="DVW", organisation="zandvliet") for works in _RIVERS),
    *(replace(works, authority="DVW", organisation="combinatie") for works in _JOINT_RIVERS),
    *(replace(works, organisation="combinatie") for works in _JOINT_ROADS),
)
