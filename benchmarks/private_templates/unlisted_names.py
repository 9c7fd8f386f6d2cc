"""Names that no list of Faker's has: what a redactor that learned names from such lists must find by how people talk.

A test compares them with every locale of Faker's.
"""

from __future__ import annotations

FIRST = {
    ("en", "f"): (
        "Tamsin Eilidh Morwenna Demelza Ottoline Oluwaseun Elspeth Perpetua Temperance Kerensa Loveday "
        "Clemency Ceridwen Tallulah Marjolein Senara"
    ).split(),
    ("en", "m"): (
        "Peregrine Jago Taliesin Oluwaseyi Barnaby Torquil Ruaridh Caradoc Obadiah Zebedee Merrick Olumide "
        "Leofric Crispin"
    ).split(),
    ("de", "f"): "Geske Burgel Fenja Tomke Alrun".split(),
    ("de", "m"): "Hinnerk Tjark Fiete Onno Ubbo Quirin Lüder Okko Wunibald Ruprecht".split(),
    ("es", "f"): (
        "Iratxe Ainhoa Uxía Edurne Meritxell Xóchitl Yolotzin Maialen Antía Iria Garazi Montse Yamila Zuriñe "
        "Icíar Idoia Ludivina Eulogia"
    ).split(),
    ("es", "m"): (
        "Unai Xabier Eneko Gorka Brais Oriol Cuauhtémoc Netzahualcóyotl Anxo Roi Breixo Guillem Ander Koldo "
        "Tenoch Yeray Aday Aritz Ekaitz Gaizka"
    ).split(),
}
LAST = {
    "en": (
        "Pengelly Polkinghorne Ackroyd Entwistle Ramsbottom Oyelaran Penhaligon Birtwhistle Tregenza "
        "Featherstone Akinyemi Trethewey Micklethwaite Heckmondwike Osgerby Shufflebottom Quartermaine Oduya "
        "Wrigglesworth Thistlethwaite Bamgbose Szymanski Fairweather Goodbody Ravenscroft Sowerby "
        "Hollingdrake Clutterbuck Tindall Oldroyd Postlethwaite Hebblethwaite"
    ).split(),
    "de": (
        "Brinkmöller Hinrichsen Oberhuber Niedermoser Zurbriggen Aschenbrenner Dünnebier Schimmelpfennig "
        "Trautwein Ostermayer Lüdemann Pfefferkorn Rübesam Hasenöhrl Petermann Özdemir Wohlgemuth Kirchhofer "
        "Morgenroth Grasegger Tjaden Poppinga Eichhorst Wüstenhagen Haselsteiner Zgraggen Abderhalden "
        "Zollikofer Rumpelmayr Stubenvoll Blaschke Sommerkamp Kaltenborn Ruckdeschel Mühlstädt Feddersen "
        "Dingeldein"
    ).split(),
    "es": (
        "Goikoetxea Etxeberria Zubizarreta Urrutikoetxea Puigdevall Casademunt Ixtlahuac Xicoténcatl Aguirregabiria "
        "Castiñeira Fariña Otegi Condori Yupanqui Tzompantzi Cascallana Berasategui Ballesta Domènech Rigau Outeiriño "
        "Elizalde Iturralde Echegaray Montiel Basualdo Ledezma Saldívar"
    ).split(),
}
