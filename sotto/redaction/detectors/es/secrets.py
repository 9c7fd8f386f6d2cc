"""Spanish talk around passwords and answers to security questions."""

from __future__ import annotations

import re

from sotto.redaction.detectors.es.sentence_words import SENTENCE_WORDS, STATEMENT_OPENERS
from sotto.redaction.detectors.es.words import pattern, spanish
from sotto.redaction.detectors.spoken.secret_vocabulary import SecretWords

_HEDGES = spanish(
    "eh este em mmm pues bueno a ver creo que todo en minúsculas mayúsculas minúscula mayúscula junto letras la",
    "palabra",
    "el siguiente la siguiente , : = - es era sería actualmente ahora probablemente quizá simplemente vale sí",
)
_NO_SECRET = spanish(
    "no incorrecta incorrecto correcta correcto inválida válida caducada caducado bloqueada bloqueado rechazada",
    "aceptada",
    "necesaria necesario perdida olvidada robada hackeada restablecida cambiada guardada anotada vieja nueva",
    "demasiado muy",
    "siempre nunca ninguna ningún nada qué algo diferente distinta distinto segura seguro insegura débil fuerte",
    "corta larga",
    "fácil difícil aquí ahí bien mejor mal conocida desconocida porque solo para por con de desde en un una",
    "realmente rara",
    "privada secreta confidencial importante imposible posible opcional útil baja alta mala grande pequeña buena",
    "vacía temporal permanente recomendada reconocida verificada confirmada lista mía mía tuya suya nuestra mi",
    "su tu usada",
    "obligatoria la el lo que si cuando como donde equivocada errónea denegada",
)
_COURTESY = spanish(
    "sí si no eh este em mmm ah oh pues bueno vale claro ok okay de acuerdo por favor gracias muchas perdón perdone",
    "disculpe hola adiós buenos buenas días tardes noches perfecto genial estupendo excelente exacto correcto",
    "eso momento",
    "segundo minuto espere un una señor señora señorita verificado confirmado ajá entendido encantado encantada dígame",
    "diga bien muy amable nada hasta luego saludos bueno seguro supuesto",
)
_TIME_AND_PLACE = spanish("hoy ayer mañana otra vez ya aquí ahora luego pronto entonces antes")
_SAYS_NOTHING = _COURTESY | _NO_SECRET | spanish("listo lista idea ni ninguna sé")
_COURTEOUS = rf"(?:(?:{'|'.join(sorted(_COURTESY))})\b[\s,.!-]*)*"
_LED_IN = pattern(
    rf"^\W*{_COURTEOUS}(?:(?:creo|pienso|supongo) que )?"
    r"(?:(?:la|el|mi|su)? ?(?:respuesta|palabra|nombre|apellido|contraseña|clave)? ?(?:es|era|sería|fue|debe ser)|"
    r"se llama(?:ba)?|se llamo|pruebe(?: con)?|llamad[oa])\b|\bse (?:llamaba|llama|apellida|apellidaba)\b|"
    r"\bde soltera\b|\b(?:puse|elegí|usé|he puesto|pusimos)\b"
)

SECRET_WORDS = SecretWords(
    verbs=spanish("es era sería fue : = - llama llamaba dice"),
    chosen=spanish("puse elegí usé uso puesto"),
    chooser=spanish("yo he la que"),
    hedges=_HEDGES,
    no_secret=_NO_SECRET,
    courtesy=_COURTESY,
    says_nothing=_SAYS_NOTHING,
    greeting=re.compile(r"\W*(?:buen(?:os|as)? (?:dias?|tardes|noches)|hola|bienvenid[oa])\b"),
    led_in=re.compile(_LED_IN),
    asks_for_a_word=re.compile(
        r"(?:apellido|nombre|palabra|respuesta|frase|madre|soltera|pregunta|secreta|seguridad)$"
    ),
    sets=spanish("poner ponga puse cambiar cambie cambié cambiado cambiarla actualizar modificar"),
    set_to=spanish("a por"),
    with_or_as=spanish("con como"),
    before_an_answer=_COURTESY | spanish("es era la el en se llama llamaba mi un una"),
    time_and_place=_TIME_AND_PLACE,
    talk=(SENTENCE_WORDS - spanish("el la los las y de"))
    | _TIME_AND_PLACE
    | spanish("deje déjeme deja dejen pensar pensando suena bastante llamando último"),
    clause_openers=spanish("y pero así porque si cuando o que ,"),
    statement_openers=STATEMENT_OPENERS,
    ends_clause=spanish("gracias porque aunque"),
    asks_of_you=frozenset({("por", "favor"), ("me", "puede"), ("puede", "usted")}),
    own=spanish("mi la el nuestra su tu"),
    is_before=spanish("es era fue como"),
    thanks=("muchas", "gracias"),
    tails=frozenset({("creo",), ("creo", "yo"), ("me", "parece"), ("si", "no", "recuerdo", "mal")}),
    words_of_one_letter=frozenset("aeouyi"),
    spelled_with=spanish("de como"),
)
