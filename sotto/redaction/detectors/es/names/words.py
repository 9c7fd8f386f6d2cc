"""What announces a name in Spanish."""

from __future__ import annotations

import re

from sotto.redaction.detectors.es.names.known_names import GIVEN_ALONE, ORDINARY, known_names
from sotto.redaction.detectors.es.words import pattern, spanish
from sotto.redaction.detectors.spoken.names.name_words import NameWords
from sotto.redaction.detectors.spoken.names.rows import RowWords, people_in_rows

_WHOSE = r"(?:mi|su|tu|el|la|nuestro|nuestra)"
_NAMED = re.compile(
    pattern(
        rf"\b(?:{_WHOSE} (?:nombre|apellido)s?(?: completo)?(?: es| son|:)|nombre(?: completo)?(?: es|:)|"
        r"apellidos?(?: es| "
        r"son|:)|(?:me|se|te) llam(?:o|a|aba|as)(?! la| el| al| para| por)|llámeme|a nombre de(?: don| doña)?|"
        r"en nombre de|"
        rf"de parte de|llamad[oa]|una? tal|{_WHOSE} (?:mujer|marido|esposa|esposo|hij[oa]|madre|padre|herman[oa]|"
        r"pareja|amig[oa]|"
        r"compañer[oa]|jef[ea]|vecin[oa]|novi[oa]|asesor[a]?|abogad[oa])(?: se llama| es|,)|"
        r"(?:el|la) titular(?: de la (?:cuenta|tarjeta|línea|póliza))? es)[\s,:]+"
    )
)
_SPOKEN_WITH = re.compile(
    pattern(
        r"\b(?:(?:le|te) (?:habla|atiende|saluda)|(?:habla|hablo|hablé|hablado|hablando|hablar) con|al habla|"
        r"pone|soy|(?:pasar|páseme|pase|póngame|ponerme|comuníqueme|comunicarme|cita|verme|quedado) con|dirigid[oa] a|"
        r"pongo a|no no|está(?= \w+\??$)|(?:dile|dígale|avise|pregúntele|díselo|dígaselo) a|según|"
        r"me (?:dijo|comentó|ayudó|explicó|prometió|confirmó|atendió)|atendid[oa] por|firmad[oa] por|"
        r"a la atención de|pregunt(?:e|o|ar) por|"
        r"me atendió|me ha atendido)[\s,:]+"
    )
)
_ADDRESSED = re.compile(
    pattern(
        r"\b(?:aquí(?: está)?|muy bien|buenos? días?|buenas (?:tardes|noches)|hola|gracias|muchas gracias|adiós|"
        r"querid[oa]|estimad[oa]|"
        r"perdone?|vale|sí|bueno|con|de|para|habla)[\s,:]+"
    )
)
_TITLE = re.compile(
    r"\b(?:senor|senora|senorita|sr|sra|srta|don|dona|doctora?|dra?|ingenier[oa]|licenciad[oa]|profesora?)\b\.?\s+"
)
_GREETED = re.compile(
    pattern(
        r"\b(?:hola|gracias|muchas gracias|adiós|muy bien|perfecto|vale|de acuerdo|buenos? días?|"
        r"buenas(?: tardes| noches)?|"
        r"estimad[oa]|querid[oa]|oiga|mire|encantad[oa]|entonces|genial)[\s,]+(?:soy |le habla |aquí )?"
    )
)
_ROLES = re.compile(
    pattern(
        r"\b(?:mi|su|tu|el|la|nuestr[oa]|un|una) (?:\w+ )?(?:mujer|marido|esposa|esposo|hijo|hija|madre|padre|"
        r"hermano|hermana|"
        r"abuelo|abuela|pareja|amigo|amiga|compañero|compañera|jefe|jefa|vecino|vecina|novio|novia|asesor|asesora|"
        r"abogado|abogada|técnico|técnica|cuñado|cuñada|suegro|suegra|primo|prima|tío|tía|sobrino|sobrina|casero|"
        r"inquilino|inquilina|gestor|gestora|cuidadora|agente|conductor|conductora)[\s,]+(?:se llama )?"
    )
)
_SURE_TITLE = re.compile(r"(?:senor|senora|senorita|sr|sra|srta|don|dona|licenciad[oa])\b")
_BEFORE_PAIRS = re.compile(pattern(r"\b(?:soy|es|con|de|para|habla|a|y|no|sino|pone|era|por|sí|aquí|dice|o)\s+"))
_NOT_NAMES = ORDINARY | spanish(
    "el la los las un una y o pero no nombre nombres apellido apellidos quiere quería llama dice necesita tiene",
    "desde para",
    "con del al aquí habla mi entonces así cero uno dos tres cuatro cinco seis siete ocho nueve diez doble como",
    "eh este con",
    "hola por calle avenida plaza paseo número",
) - spanish("de")
_PARTICLES = spanish("de del la las los y e da do dos van von di san santa")
_ORGANISATION = re.compile(
    r"^(?:s\.?l\.?|s\.?a\.?|banco|caja|seguros|grupo|hotel|aerolineas|universidad|hospital|clinica|calle|avenida|avda|"
    r"plaza|paseo|carretera|ronda|camino|colonia|barrio|urbanizacion|ministerio|ayuntamiento|estacion|aeropuerto)\b"
)
_ROWS = RowWords(
    before=spanish(
        "en a hacia desde el la los las al del un una nuestra nuestro calle avenida plaza paseo colonia barrio"
    ),
    joining=frozenset("de del la las los y e da do dos van von di".split()),
    not_names=_NOT_NAMES,
    organisation=_ORGANISATION,
    nouns_are_small=True,
)


def _people_in(text: str) -> list[tuple[int, int]]:
    return people_in_rows(text, known_names(), _ROWS)


NAMES = NameWords(
    named=_NAMED,
    spoken_with=_SPOKEN_WITH,
    addressed=_ADDRESSED,
    title=_TITLE,
    greeted=_GREETED,
    roles=_ROLES,
    most_unknown=4,
    articles=spanish("el la los las un una unos mi su nuestra nuestro no nada"),
    alone=GIVEN_ALONE,
    goes_on_over_words=True,
    of_places=spanish(
        "san santa santo virgen del calle avenida plaza paseo hospital colegio instituto parque estación"
    ),
    sure_title=_SURE_TITLE,
    before_pairs=_BEFORE_PAIRS,
    joints=frozenset({"y", "e", "o"}),
    not_names=_NOT_NAMES,
    particles=_PARTICLES,
    organisation=_ORGANISATION,
    initial=re.compile(r"(?![aeouy]\b)[a-z]\.?"),
    spelt=re.compile(r"\b(?:deletreo|deletrea|deletreado|escribe|o sea|es decir)(?: con)?[\s,:]+"),
    known=known_names,
    in_case=_people_in,
    named_before=re.compile(
        pattern(r"(?:\s*,)?\s+(?:al (?:habla|aparato|teléfono)|es mi (?:nombre|apellido)|para servirle)")
    ),
)
