"""The 18 contracts of the other two organisations: locks, quays and dredging, and three roads."""

from dataclasses import replace
from typing import Final

from local.demo_data.contract_row import ContractRow
from local.demo_data.group_table import COAST, DREDGING, JOINT_INVOICING, JOINT_SITES, WATER_INVOICING

_RIVERS: Final = (
    ContractRow(118, 33, "Kanaal Gent-Oostende: ruimingswerken tussen Aalter en Beernem", (WATER_INVOICING, DREDGING),
                "WZ-118"),
    ContractRow(111, 54, "Zeekanaal Brussel-Schelde: onderhoudsbaggerwerken", (WATER_INVOICING, DREDGING), "WZ-111"),
    ContractRow(104, 75, "Bovenschelde: herstel van de oevers in Zingem", (WATER_INVOICING, DREDGING)),
    ContractRow(97, 98, "Sluis Evergem: vernieuwen van de sluisdeuren", (WATER_INVOICING, COAST), "WZ-097",
                "sluis-evergem@zandvliet.example"),
    ContractRow(90, 119, "Leie: vistrap aan de stuw van Harelbeke", (WATER_INVOICING, COAST)),
    ContractRow(83, 141, "Albertkanaal: verhogen van de kaaimuur in Genk", (WATER_INVOICING, COAST), "WZ-083"),
    ContractRow(72, 168, "Raamovereenkomst bestrijding van waterplanten, afdeling Bovenschelde", (DREDGING,),
                extendable=True),
    ContractRow(65, 190, "Dender: vernieuwen van de stuw in Denderleeuw", (WATER_INVOICING, COAST), "WZ-065"),
    ContractRow(51, 229, "Netekanaal: dijkherstel in Duffel", (DREDGING,)),
    ContractRow(22, 470, "Moervaart: peilmetingen en slibonderzoek", (DREDGING,), ended=95),
    ContractRow(121, 9, "IJzer: wachtplaats voor pleziervaart in Diksmuide"),
)  # fmt: skip

_JOINT_RIVERS: Final = (
    ContractRow(109, 58, "Kanaal Roeselare-Leie: bouw van de fietsersbrug in Ingelmunster",
                (JOINT_INVOICING, JOINT_SITES), "SZ-4"),
    ContractRow(94, 107, "Sluizencomplex Sint-Baafs-Vijve: toegangsweg en kaaimuur", (JOINT_INVOICING, JOINT_SITES),
                "SZ-3"),
    ContractRow(79, 152, "Zeekanaal: vernieuwen van het jaagpad in Kapelle-op-den-Bos", (JOINT_SITES,)),
    ContractRow(122, 6, "Dender: jaagpad tussen Geraardsbergen en Ninove"),
)  # fmt: skip

_JOINT_ROADS: Final = (
    ContractRow(362, 79, "N60 Oudenaarde: brug over de Schelde", (JOINT_INVOICING, JOINT_SITES), "SZ-2"),
    ContractRow(246, 174, "N456 Evergem: wegverlegging langs het kanaal", (JOINT_INVOICING,), "SZ-1"),
    ContractRow(120, 294, "R4 Zelzate: fietstunnel onder de kanaalweg", (JOINT_INVOICING, JOINT_SITES)),
)  # fmt: skip

WATER_CONTRACTS: Final = (
    *(replace(row, authority="DVW", organisation="zandvliet") for row in _RIVERS),
    *(replace(row, authority="DVW", organisation="combinatie") for row in _JOINT_RIVERS),
    *(replace(row, organisation="combinatie") for row in _JOINT_ROADS),
)
