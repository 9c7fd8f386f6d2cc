"""What stands in addresses beside street, number and town: flats, houses with names, boxes, villages."""

from __future__ import annotations

FLATS = {
    "en": (
        "flat 3b",
        "flat two",
        "apartment 4",
        "apartment twelve c",
        "unit 7",
        "suite 210",
        "the ground floor flat",
        "basement flat",
        "apt 5",
        "flat 1 second floor",
    ),
    "de": (
        "zweiter Stock links",
        "dritter Stock",
        "Hinterhaus",
        "Wohnung 12",
        "Wohnung drei",
        "Erdgeschoss rechts",
        "Aufgang B",
        "vierte Etage",
        "Stiege 2 Tür 9",
        "im Seitenflügel",
    ),
    "es": (
        "2º B",
        "tercero izquierda",
        "cuarto c",
        "piso 3 puerta 2",
        "bajo derecha",
        "portal 5 primero a",
        "escalera B segundo primera",
        "departamento 12",
        "ático",
        "interior 4",
    ),
}
PO_BOX = {
    "en": ("PO box", "P.O. Box", "post office box", "box number"),
    "de": ("Postfach", "Postfach", "Postfachnummer"),
    "es": ("apartado de correos", "apartado postal", "apartado"),
}
HOUSE_NAMES = {
    "en": (
        "Rose Cottage",
        "The Old Rectory",
        "Hillside",
        "Orchard House",
        "Brookfield Farm",
        "The Laurels",
        "Tigh na Mara",
    ),
    "de": ("Gut Sonnenhof", "Haus Waldblick", "Mühle am Bach"),
    "es": ("Villa Carmen", "Finca La Paloma", "Casa Rural El Olivo", "Quinta Santa Elena", "Chalet Los Rosales"),
}
VILLAGES = {
    "en": (
        "Little Wenham",
        "Upper Slaughter",
        "Nether Poppleton",
        "Ballyhaunis",
        "Tintern",
        "Chew Magna",
        "Great Missenden",
        "Lower Peover",
        "Skerries",
        "Cedar Falls",
        "Wyre Piddle",
    ),
    "de": (
        "Oberammergau",
        "Klein Nordende",
        "Hinterzarten",
        "Bad Wiessee",
        "Unterwössen",
        "Groß Wittensee",
        "Niederstetten",
        "Wörpswede",
        "Sankt Märgen",
        "Langeoog",
    ),
    "es": (
        "Villanueva de la Sierra",
        "Alcolea del Pinar",
        "Peñaranda",
        "Santa Olalla",
        "Arroyomolinos",
        "El Burgo Ranero",
        "Tepoztlán",
        "Valdepiélagos",
        "San Lorenzo de la Parrilla",
        "Cuevas del Valle",
    ),
}
