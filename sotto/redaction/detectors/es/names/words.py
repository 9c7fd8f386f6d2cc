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
        r"en nombre de|(?:se|me) llamaba|(?:nombre|apellido|apellidos) (?:de soltera|de casada)(?: es| era)?|"
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
        r"(?:dice|diga|decirle|escríbale|escribale|mándele|envíele|llame|llámele|avísele|pásele) a|pregunt(?:e|en|"
        r"a|ar|o) por|"
        r"(?:en|por) (?:el )?chat con|tratando con|trat[eé] con|qued[eé] con|estuve con|soy yo|"
        r"(?:un|una|el|la) (?:chico|chica|señor|señora|mujer|hombre|muchacho|muchacha|tal|compañer[oa]|"
        r"persona) (?:llamad[oa]|que se llama(?:ba)?)|"
        r"(?:fue|era|es)(?= \w+(?: \w+)? (?:quien|el que|la que|que))|(?:es usted|eres|es)(?= \w+(?: \w+)?\??$)|"
        r"(?:al cuidado|a la atención|de parte|por orden|por recomendación) de|figura|consta|aparece|sale|"
        r"titular es|tomador es|"
        r"beneficiari[oa] es|conductor(?:a)? es|(?:firmado|firmada|enviado|recogido|atendido|recomendado|asignado|"
        r"vendido) (?:por|a)|"
        r"(?:le|te|os) habl[aáo]|nombre (?:a|de|era)|lo siento|me atendió|me ha atendido)[\s,:]+"
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
        r"estimad[oa]|querid[oa]|oiga|mire|bueno|bien|un momentito|un momento|espere|encantad[oa]|entonces|"
        r"genial)[\s,]+(?:soy |le habla |aquí )?"
    )
)
_ROLES = re.compile(
    pattern(
        r"\b(?:mis?|sus?|tus?|el|la|los|las|nuestr[oa]s?|un|una) (?:\w+ )?(?:mujer|marido|esposa|esposo|hijo|hija|"
        r"madre|padre|"
        r"hermano|hermana|"
        r"abuelo|abuela|pareja|amigo|amiga|compañero|compañera|jefe|jefa|vecino|vecina|novio|novia|asesor|asesora|"
        r"esposa|abogado|abogada|técnico|técnica|nieto|nieta|yerno|nuera|supervisor|supervisora|encargado|encargada|"
        r"doctor|doctora|médico|médica|enfermero|enfermera|casera|arrendador|arrendadora|compi|niño|niña|niños|niñas|hijos|hijas|padres|"
        r"exmarido|exmujer|prometido|prometida|testigo|beneficiario|beneficiaria|acompañante|cliente|paciente|chico|chica|"
        r"cuñado|cuñada|suegro|suegra|primo|prima|tío|tía|sobrino|sobrina|casero|"
        r"inquilino|inquilina|gestor|gestora|cuidadora|agente|conductor|conductora)[\s,]+(?:se llama |se llamaba |"
        r"es |era )?"
    )
)
_DOUBTED = re.compile(
    pattern(
        r"\b(?:no|sino|en vez de|en lugar de|quería decir|quise decir|quiero decir|(?:tiene|debe|debería|"
        r"tendría) (?:que )?(?:ser|poner|decir)|"
        r"debe ser|será|correcto es|han puesto|ha puesto|habéis puesto|pusieron|pone|ponía|dice|decía|viene|escrito|"
        r"o igual|o quizás?|o tal vez|o puede que|o sea|ahora soy|con el apellido|de apellido|apellido|apellidos|"
        r"nombre|(?:de|sobre|contra|con|a|por)(?= \w+ (?:que|porque|quien)\b)|para(?= \w+ (?:que|porque|no|"
        r"por favor)\b)|no,? (?:es|soy)|no es \w+ (?:es|sino))[\s,:]+"
    )
)
_SURE_TITLE = re.compile(r"(?:senor|senora|senorita|sr|sra|srta|don|dona|licenciad[oa])\b")
_BEFORE_PAIRS = re.compile(pattern(r"\b(?:soy|es|con|de|para|habla|a|y|no|sino|pone|era|por|sí|aquí|dice|o)\s+"))
_NOT_NAMES = ORDINARY | spanish(
    "el la los las un una y o pero no nombre nombres apellido apellidos quiere quería llama dice necesita tiene",
    "desde para",
    "con del al aquí habla mi entonces así cero uno dos tres cuatro cinco seis siete ocho nueve diez doble como",
    "eh este con",
    "hola por calle avenida plaza paseo número en se le lo te me ha he si ya va ni",
    "uve ceta zeta equis hache jota eñe efe ele eme ene erre ese cu ka pe ele griega clabe",
) - spanish("de")
_PARTICLES = spanish("de del la las los y e da do dos van von di san santa")
_ORGANISATION = re.compile(
    r"^(?:s\.?l\.?|s\.?a\.?|banco|caja|seguros|grupo|hotel|aerolineas|universidad|hospital|clinica|calle|avenida|avda|"
    r"plaza|paseo|carretera|ronda|camino|colonia|barrio|urbanizacion|ministerio|ayuntamiento|estacion|aeropuerto)\b"
)
_INDEFINITE = spanish("un una unos unas cada ningún otra otro")
_ROWS = RowWords(
    before=spanish(
        "en a hacia desde el la los las al del un una nuestra nuestro calle avenida plaza paseo colonia barrio",
    ),
    joining=frozenset("de del la las los da do dos van von di".split()),
    not_names=_NOT_NAMES,
    organisation=_ORGANISATION,
    saints=frozenset("san santa santo st saint".split()),
    indefinite=_INDEFINITE,
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
    nouns_are_small=True,
    prepositions=spanish("con de para"),
    doubted=_DOUBTED,
    indefinite=_INDEFINITE,
    after_particles=spanish(
        "fuente fuentes torre torres cruz rosa vega peña mata calle hoz serna iglesia iglesias rio valle pozo",
        "olmo campo castillo moral",
        "barrio álamo amo arco santos reyes ríos ángeles heras cobos monteros mozos casa casas llana parra puente",
        "rubia morena hera",
        "cerda plata paz concha barrera cuesta riva orden villa sota puerta riera guardia haza hera corte cortes",
        "barco caso cid cerro pino",
        "prado rey rincón rosal sol soto toro carmen pilar mar dios rosario león viso hoyo arroyo bosque viejo",
        "paso potro",
    ),
    most_unknown=4,
    articles=spanish("el la los las un una unos mi su nuestra nuestro no nada del al lo"),
    alone=GIVEN_ALONE,
    goes_on_over_words=True,
    of_places=spanish(
        "san santa santo virgen del calle avenida plaza paseo hospital colegio instituto parque estación",
    ),
    sure_title=_SURE_TITLE,
    before_pairs=_BEFORE_PAIRS,
    joints=frozenset({"y", "e", "o"}),
    not_names=_NOT_NAMES,
    particles=_PARTICLES,
    organisation=_ORGANISATION,
    initial=re.compile(r"(?![aeouy]\b)[a-z]\.?"),
    spelt=re.compile(
        r"\b(?:deletreo|deletrea|deletreado|escribe|entonces|o sea|es decir|seria|repito)(?: asi)?(?: con)?[\s,:]+"
    ),
    known=known_names,
    in_case=_people_in,
    named_before=re.compile(
        pattern(
            r"(?:\s*,)?\s+(?:al (?:habla|aparato|teléfono)|es mi (?:nombre|apellido)|para servirle|"
            r"(?:,\s*)?(?:es |y )?(?:mi|su|tu) (?:mujer|marido|esposa|esposo|hij[oa]|madre|padre|herman[oa]|"
            r"pareja|amig[oa]|compañer[oa]|jef[ea]|vecin[oa]|"
            r"novi[oa]|gestora?|abogad[oa]|asesora?|cuidadora?|cuñad[oa]|prim[oa]|tí[oa]|sobrin[oa]|caser[oa]|"
            r"médic[oa])\b|(?:creo que |que )se llamaba?|con (?:una |dos )?(?:doble )?(?:[a-zñ]|ele|ene|erre|ce|"
            r"ka|uve|be|ese|zeta|hache|jota|ye|te|pe)(?=[\s,.?!]|$)|(?:le )?habla(?=[\s,.!]*$)|por aqui|"
            r"de (?:facturacion|siniestros|soporte|ventas|recepcion|atencion)\b|"
            r"quien me (?:dijo|atendio|llamo|dio)\b|me (?:dijo|atendio|llamo|dio|comento)\b)"
        )
    ),
    surely_named=re.compile(r"habla|aparato|telefono|servirle|nombre|apellido|dijo"),
)
