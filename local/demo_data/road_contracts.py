"""The 52 contracts of the personas' organisation, all awarded by the Agentschap Wegen en Verkeer."""

from typing import Final

from local.demo_data.contract_row import ContractRow
from local.demo_data.group_table import INVOICING, NORTH, OFFICE, SAFETY, SITES, SOUTH

# The contracts that the sender, the drafter and the reader share. None of them has ended.
_SHARED: Final = (
    ContractRow(417, 38, "N9 Aalst: structureel onderhoud tussen de R41 en Erembodegem", INVOICING, "SL-26-031"),
    ContractRow(402, 52, "R4 Gent: vernieuwen van de toplaag tussen Zwijnaarde en Merelbeke", INVOICING, "SL-26-029"),
    ContractRow(388, 60, "N60 Ronse: aanleg van een dubbelrichtingsfietspad", (*INVOICING, SOUTH), "SL-26-027"),
    ContractRow(371, 71, "E313 Herentals-West: herinrichten van het op- en afrittencomplex",
                (*INVOICING, NORTH, SITES), "SL-26-025", "e313-herentals@scheldeland.example"),
    ContractRow(356, 83, "N70 Beveren: doortocht met gescheiden riolering", (*INVOICING, OFFICE), "SL-26-022"),
    ContractRow(340, 96, "N16 Willebroek: herstellen van betonplaten", (*INVOICING, OFFICE, SITES), "SL-26-020"),
    ContractRow(322, 110, "A12 Boom: plaatsen van geluidsschermen ter hoogte van Terhagen", INVOICING, "SL-26-018"),
    ContractRow(309, 121, "N8 Kortrijk: heraanleg van het kruispunt met de Doorniksewijk", (*INVOICING, SOUTH)),
    ContractRow(291, 137, "E17 Kruishoutem: structureel onderhoud van de bruggen", (*INVOICING, SOUTH, SITES),
                "SL-26-014"),
    ContractRow(275, 149, "N49 Maldegem: ombouw van de gelijkgrondse kruispunten", (*INVOICING, NORTH), "SL-26-013",
                "n49-maldegem@scheldeland.example"),
    ContractRow(258, 164, "Fietssnelweg F4: doortocht tussen Lokeren en Sinaai", INVOICING, "SL-26-011"),
    ContractRow(240, 178, "N43 Deinze: vernieuwen van de rijweg en de fietspaden", (*INVOICING, SOUTH)),
    ContractRow(221, 195, "Raamovereenkomst wegmarkeringen, district Oudenaarde", INVOICING, "SL-R-009",
                extendable=True),
    ContractRow(203, 211, "N36 Ronse: ondergrondse infrastructuur voor verkeerslichten", INVOICING),
    ContractRow(187, 226, "R0 Groot-Bijgaarden: tijdelijke herstellingen aan de viaducten", (*INVOICING, SITES),
                "SL-26-007"),
    ContractRow(169, 243, "N47 Dendermonde: aanleg van een ovonde", (*INVOICING, OFFICE), "SL-26-006"),
    ContractRow(150, 262, "E34 Zelzate: vernieuwen van de vangrails", (*INVOICING, NORTH)),
    ContractRow(131, 281, "N41 Sint-Niklaas: veilige schoolomgeving Plezantstraat", INVOICING, "SL-26-003"),
    ContractRow(112, 303, "Raamovereenkomst herstel van asfaltverhardingen, district Aalst", (*INVOICING, OFFICE),
                "SL-R-008", extendable=True),
    ContractRow(96, 325, "N42 Wetteren: aanleg van de nieuwe verbindingsweg", (*INVOICING, SOUTH, SITES), "SL-25-041"),
    ContractRow(77, 352, "N445 Zele: riolerings- en wegeniswerken", INVOICING, "SL-25-038"),
    ContractRow(58, 388, "E17 Gentbrugge: herstel van de voegovergangen van het viaduct", (*INVOICING, SITES),
                "SL-25-033"),
)  # fmt: skip

_OF_OTHER_GROUPS: Final = (
    ContractRow(410, 44, "N14 Nijlen: fietspaden langs de Bouwelsesteenweg", (NORTH,), "SL-26-030"),
    ContractRow(379, 66, "N12 Malle: doortocht Westmalle", (NORTH, SAFETY), "SL-26-026"),
    ContractRow(348, 90, "E19 Brasschaat: geluidswering ter hoogte van de Kapelsesteenweg", (NORTH, OFFICE),
                "SL-26-021", "e19-brasschaat@scheldeland.example"),
    ContractRow(316, 116, "N19 Turnhout: vernieuwen van de brug over het kanaal", (NORTH, SITES)),
    ContractRow(283, 143, "R14 Geel: verlichting van de kruispunten", (NORTH,), "SL-26-012"),
    ContractRow(249, 171, "N10 Lier: herstel van verzakkingen", (NORTH,)),
    ContractRow(212, 203, "Raamovereenkomst maaien van bermen, district Geel", (NORTH, OFFICE), "SL-R-010",
                extendable=True),
    ContractRow(178, 234, "N123 Retie: fietsoversteek Kasteelstraat", (NORTH,)),
    ContractRow(140, 272, "N153 Lille: aanpassen van de waterhuishouding", (NORTH, SAFETY)),
    ContractRow(88, 338, "E34 Turnhout-Centrum: verlengen van de invoegstroken", (NORTH, SITES), "SL-25-040"),
    ContractRow(395, 56, "N7 Halle: doortocht Bergensesteenweg", (SOUTH,), "SL-26-028"),
    ContractRow(364, 77, "N28 Ninove: vrijliggende fietspaden", (SOUTH,)),
    ContractRow(331, 103, "E40 Ternat: onderhoud van de afwatering", (SOUTH, SITES), "SL-26-019"),
    ContractRow(299, 130, "N272 Lennik: herinrichten van de doortocht", (SOUTH, SAFETY)),
    ContractRow(266, 157, "N45 Geraardsbergen: herstel van de taluds", (SOUTH,), "SL-26-010"),
    ContractRow(230, 187, "N495 Lierde: schoolroute Hemelveerdegem", (SOUTH,), None, "schoolroute@scheldeland.example"),
    ContractRow(195, 219, "Raamovereenkomst winterdienst, district Halle", (SOUTH, OFFICE), "SL-R-011",
                extendable=True),
    ContractRow(159, 252, "N255 Liedekerke: herstellen van de rijweg", (SITES,)),
    ContractRow(103, 314, "R22 Machelen: aanleg van busbanen", (SAFETY,), "SL-25-042"),
)  # fmt: skip

# Only administrators see these until a group is linked.
_WITHOUT_GROUP: Final = (
    ContractRow(431, 4, "N9 Melle: herinrichten van het kruispunt met de Brusselsesteenweg"),
    ContractRow(430, 5, "E40 Wetteren: vernieuwen van de oprit richting Brussel"),
    ContractRow(428, 7, "N35 Deinze: bomen en bermen langs de Kortrijkstraat"),
    ContractRow(427, 8, "Fietssnelweg F7: fietsbrug over de Leie in Deinze"),
    ContractRow(425, 11, "Raamovereenkomst slagboominstallaties, provincie Oost-Vlaanderen", extendable=True),
    ContractRow(423, 15, "N70 Lokeren: ontharden van de middenberm"),
    ContractRow(421, 22, "R41 Aalst: slimme verkeerslichten", reference="SL-26-032"),
    ContractRow(419, 29, "N44 Aalter: veilige oversteek bij Woestijne"),
)

_ENDED: Final = (
    ContractRow(44, 560, "N13 Ranst: structureel onderhoud", (NORTH,), "SL-25-012", ended=140),
    ContractRow(31, 590, "N8 Ninove: vernieuwen van de voetpaden", (SOUTH, OFFICE), "SL-25-007", ended=75),
    ContractRow(19, 605, "E313 Massenhoven: tijdelijke verkeerssignalisatie", (NORTH, SITES), ended=18),
)

ROAD_CONTRACTS: Final = (*_SHARED, *_OF_OTHER_GROUPS, *_WITHOUT_GROUP, *_ENDED)
