"""Spanish, as it is spoken in Spain and in America."""

from __future__ import annotations

import re

from sotto.consent.languages.words import ConsentWords

_RECORD = (
    r"\b(?:grab(?:ar|arme|arla|arlo|ando|ándome|ada|adas|ado|en|e|an|a|amos|emos)|grabación|grabaciones|regrabar)\b"
)
_CALL = r"(?:llamada|llamadas|conversación|línea)"
_FINE = r"(?:de acuerdo|está bien|le parece|le importa|inconveniente|permiso|permite|autoriza|consiente|acepta)"

WORDS = ConsentWords(
    recording=re.compile(_RECORD),
    asked=re.compile(
        rf"\b{_CALL}\b.{{0,60}}{_RECORD}|{_RECORD}.{{0,60}}\b(?:{_CALL}|{_FINE})\b|"
        rf"\b(?:puedo|podemos|podría|podríamos|{_FINE}|será|va a ser|vamos a|está siendo)\b.{{0,60}}{_RECORD}"
    ),
    refusal=re.compile(
        rf"\b(?:no|sin|nunca|jamás|tampoco)\b.{{0,50}}{_RECORD}|"
        rf"\b(?:deje|dejen|deja|pare|paren|para|detenga|detengan|apague|apaguen|borre|borren|quite|corte)\b.{{0,25}}"
        rf"{_RECORD}|"
        r"\bno (?:estoy|estamos) de acuerdo\b|\bno (?:lo )?(?:acepto|autorizo|consiento|permito)\b|"
        r"\bno (?:le |les )?doy (?:mi )?(?:permiso|consentimiento|autorización)\b|"
        r"\b(?:retiro|revoco) (?:mi|el) (?:consentimiento|permiso)\b|\bme (?:opongo|niego)\b|\b(?:sí|si) me importa\b"
    ),
    double_negative=re.compile(
        r"\bno me (?:importa|molesta)\b|\bno (?:tengo|hay|veo) (?:ningún )?(?:inconveniente|problema|objeción)\b|"
        r"\b(?:sin|ningún) (?:ningún )?(?:problema|inconveniente)\b|\bpor qué no\b|\bno pasa nada\b"
    ),
    consent=re.compile(
        r"\b(?:estoy|estamos) de acuerdo\b|\b(?:lo |la )?(?:acepto|autorizo|consiento|permito)\b|"
        r"\b(?:doy|tiene) mi (?:consentimiento|permiso|autorización)\b|\b(?:puede|pueden|puedes)\b|\bestá bien\b|"
        r"\bme parece bien\b|\bde acuerdo\b"
    ),
    yes=re.compile(
        r"^(?:\W|eh|este|pues|bueno|ah|mmm)*(?:sí|si|claro|vale|de acuerdo|por supuesto|bueno|está bien|okay|ok|"
        r"adelante|desde luego|cómo no|perfecto|correcto|acepto|me parece bien)(?!\w)"
    ),
    no=re.compile(
        r"^(?:\W|eh|este|pues|bueno|ah|mmm|lo siento|perdón)*(?:no|nop|prefiero que no|preferiría que no|mejor no|"
        r"de ninguna manera|para nada|en absoluto|jamás|nunca|me niego)(?!\w)"
    ),
    about_others=re.compile(
        r"\bgrab\w+ (?:un|una|el|la|los|las|mi|mis|su) (?:disco|cd|canción|vídeo|video|película|mensaje|contestador|"
        r"serie|programa|fotos?)\b|\bquedó grabad[oa]\b"
    ),
)
