"""Spanish words that announce private data, and questions for something else."""

from __future__ import annotations

import re

from sotto.redaction.detectors.es.words import pattern
from sotto.redaction.detectors.spoken.context import AnnouncingWords, announcing_words
from sotto.tenants.redaction_rules import PrivateKind

_N = r"(?:n[uú]mero|no\.?|n[uú]m\.?)"
_OF = r"(?: del?| de la| de su| de mi| de tu)"
_YOUR = r"(?:su|mi|tu|la|el|sus|mis|tus|las|los)"
_STRONG: tuple[tuple[PrivateKind, str], ...] = (
    (PrivateKind.ONE_TIME_CODE,
        r"(?:código|clave|contraseña|pin|token) (?:de )?(?:verificación|confirmación|activación|autenticación|acceso|"
        r"autorización|seguridad que (?:le|te|me|nos) \w+|un solo uso|uso único|único|temporal|sms|dinámic[oa]|"
        r"desbloqueo|validación)|(?:código|clave) (?:de )?(?:seis|6|cuatro|4|ocho|8) (?:dígitos|cifras)|"
        r"(?:código|clave|número) que (?:le|te|me|nos|les|acabo|acabamos|acaba|ha|he|hemos)\b(?: \w+){0,4}? (?:llegado|"
        r"llegó|llega|enviado|enviamos|enviar|mandado|mandamos|mandaron|enviaron|recibido|recibir|mandar|llegar)|"
        r"(?:código|clave) (?:del?|por|en el) (?:sms|mensaje|correo|móvil|celular|whatsapp|aplicación|app)|"
        r"(?:me|le|te) (?:ha )?(?:llegado|llegó) (?:el|un|este) (?:código|número)|otp|o t p|"
        r"(?:el )?(?:mensaje|sms) (?:dice|pone)"),
    (PrivateKind.PASSWORD,
        r"contraseñas?|clave (?:de acceso|secreta|de internet|de usuario|telefónica|web)|palabra (?:de paso|clave)|"
        r"password|pas ?word"),
    (PrivateKind.SECURITY_ANSWER,
        r"apellido de soltera(?: de (?:su|mi|tu) madre)?|(?:pregunta|respuesta|palabra|frase) (?:de seguridad|secreta)|"
        r"respuesta a (?:su|mi|la|tu) pregunta|palabra (?:memorable|secreta)|"
        r"(?:su|mi|tu) primer[ao]? (?:mascota|perro|gato|colegio|escuela|coche|carro|auto|profesor|profesora|jefe|"
        r"trabajo|novia|novio)|nombre de (?:su|mi|tu) (?:primer[ao]? )?(?:mascota|perro|gato|colegio|escuela|"
        r"abuel[ao])|"
        r"(?:su|mi|tu) (?:película|comida|libro|equipo|cantante|color|profesor|maestra?) favorit[oa]|"
        r"(?:lugar|ciudad|pueblo) de nacimiento|(?:ciudad|pueblo|lugar|hospital) (?:donde|en (?:el|la) que) (?:nació|"
        r"nací|nacieron|se conocieron)"),
    (PrivateKind.PIN,
        rf"(?:{_N} )?pin\b(?: de la tarjeta| secreto)?|clave de (?:la tarjeta|cajero|cuatro (?:dígitos|cifras))|"
        r"(?:código|número) secreto|número de identificación personal|p i n|clave del cajero|nip\b"),
    (PrivateKind.SECURITY_CODE,
        r"(?:código|número|dígitos|clave) de (?:seguridad|verificación de la tarjeta|la parte (?:de )?(?:atrás|"
        r"trasera)|"
        r"atrás|detrás|validación de la tarjeta)|c ?v ?[cv] ?2?|ce uve uve|(?:tres|3) (?:dígitos|números|"
        r"numeritos|cifras)|(?:cuatro|4) (?:dígitos|números|"
        r"cifras) (?:de|en|del|que \w+ en|al)(?: la| el)? (?:dorso|reverso|detrás|atrás|parte|otro|cara)|(?:al|en el) "
        r"(?:dorso|reverso)|(?:por|de) detrás|parte (?:de atrás|trasera|posterior)"),
    (PrivateKind.CARD_EXPIRY,
        r"(?:fecha de )?(?:caducidad|vencimiento|expiración)|(?:caduca|vence|expira)(?: en| el)?|válida hasta|"
        r"valida hasta"),
    (PrivateKind.SOCIAL_SECURITY,
        rf"(?:{_N} )?(?:de )?(?:la )?(?:seguridad social|afiliación|afiliado)|nuss|n\.?s\.?s|curp|rfc|cuil|cuit|"
        r"(?:número )?de seguro social|seguro social"),
    (PrivateKind.CARD_ENDING,
        r"(?:termina|terminada|acaba|acabada|terminación|finaliza|terminado|acabado)(?: en)?|(?:últimos|ultimas) "
        r"(?:cuatro|4|tres) (?:dígitos|números|cifras)|(?:cuatro|4) últim[oa]s(?: dígitos| números| cifras)?"),
    (PrivateKind.ACCOUNT_NUMBER,
        rf"iban|i b a n|{_N}{_OF} (?:cuenta|cliente|póliza|poliza|contrato|socio|socia|abonado|usuario|"
        r"expediente|suministro|préstamo)|cuenta (?:bancaria|corriente|de ahorros?|número)|"
        r"(?:código )?(?:bic|swift)|(?:a|en|de) qué cuenta|clabe(?: interbancaria)?|cbu\b|cups\b"),
    (PrivateKind.IDENTITY_DOCUMENT,
        rf"d\.?n\.?i\b|d n i|{_N}{_OF} (?:d\.?n\.?i|d n i|documento|identidad|identificación|cédula|pasaporte|nie|nif|"
        r"carnet|carné|licencia)|de ene i|n\.?i\.?[ef]\b|n i [ef]|documento (?:nacional )?(?:de identidad)?|"
        r"cédula(?: de (?:identidad|ciudadanía))?|pasaporte(?: número| es)?|(?:carnet|carné) de (?:conducir|identidad)|"
        r"licencia (?:de conducir|número)|tarjeta de identidad|ine\b|tarjeta de residencia"),
    (PrivateKind.CARD_NUMBER,
        rf"{_N}(?:s)?{_OF} (?:la |su |mi |tu )?(?:\w+ )?tarjeta(?: de (?:crédito|débito))?|tarjeta número|(?:datos|"
        r"numeración) de (?:la|su|mi|tu) tarjeta|(?:número|numeración) (?:completo|completa|largo|larga|de dieciséis|"
        r"de 16)|(?:dieciséis|16) (?:dígitos|números|cifras)|(?:dígame|dime|deme|dame|díctame|dícteme|indíqueme|léame|"
        r"facilíteme|doy|dicto|leo) (?:\w+ )?(?:su|la|tu|mi) tarjeta|(?:primeros|siguientes) (?:cuatro|ocho|seis|"
        r"4|8|6) "
        r"(?:dígitos|números|cifras)|números? (?:de|que \w+)(?: en)? (?:delante|frente|la tarjeta|su tarjeta|mi "
        r"tarjeta)|(?:la|mi|su) tarjeta es (?:la|el)?"),
    (PrivateKind.PHONE,
        rf"(?:{_N}{_OF} )?(?:teléfono|móvil|celular|fijo|contacto)(?: es| número| fijo| móvil| de contacto)|"
        rf"{_N}{_OF} (?:teléfono|móvil|celular|contacto|fax)|mi (?:teléfono|móvil|celular|fijo|"
        r"número(?! de (?!tel|móv|cel|con)))(?: es)?|"
        r"su (?:teléfono|móvil|celular|número(?= de (?:tel|con|móv|cel)|\?|$))|(?:llamar|llame|llamen|llamarme|"
        r"llámeme|localizar|localizarme|contactar|contactarme|marcar|devolver)(?:me|le|"
        r"nos)?(?: la llamada)? (?:al|en el)|"
        r"teléfono:|móvil:|tel\.?:|otro número|prefijo"),
    (PrivateKind.DATE_OF_BIRTH,
        r"(?:fecha|día|año) de nacimiento|nací(?: el| en)?|nacid[oa](?: el| en)?|nació(?: el)?|cumpleaños|cuándo nació|"
        r"cumplo(?: años)?(?: el)?"),
    (PrivateKind.EMAIL, r"correo(?: electrónico)?|e ?-?mail|mail\b|dirección (?:de correo|electrónica|de e ?-?mail)"),
    (PrivateKind.NAME,
        rf"(?:cómo|como) (?:se llama\b(?! (?:su|tu|el|la) )|te llamas|es {_YOUR} nombre)|(?:cuál es|dígame|dime|"
        r"me dice|me da|"
        r"me puede dar|deme|"
        r"me indica|me facilita|indíqueme|facilíteme|puede decirme|podría decirme|confirmarme|confirme|repita|"
        r"deletree|"
        rf"deletrear|deletréeme|necesito|me dices|me confirma) (?:por favor )?{_YOUR} (?:nombre|"
        r"apellidos?)(?: completo)?"
        r"(?: y (?:sus |los )?apellidos?)?|(?:su|tu) (?:nombre|"
        r"apellido)(?:s)?(?: completo)?(?: y (?:sus )?apellidos?)? "
        r"(?:por favor|completo)|(?:con quién|quién) (?:hablo|tengo el gusto|habla)|a nombre de quién|a quién tengo|"
        r"titular(?: de la (?:tarjeta|cuenta|línea|póliza))?(?=\?|$)|nombre (?:y apellidos?|completo|"
        r"del titular)(?: por favor)?|(?:su|tu) nombre completo|(?:su|tu|el|sus|los) (?:nombre|apellido)s?(?=\?|"
        r"$)|"
        r"nombre de pila|(?:y )?usted es(?=\?|$)|(?:nombre|apellidos?) (?:del|de la) (?:titular|asegurad[oa]|"
        r"paciente|tomador|viajer[oa]|pasajer[oa]|"
        r"beneficiari[oa]|conductora?|empleade?[oa]?)|(?:a|en) qué nombre|(?:su|tu|el) nombre para|(?:dar|da|deja|"
        r"dejar|dice|dígame|dime|apunto|anoto|necesito) "
        r"(?:su|tu|el|un|los) (?:nombre|apellidos?)|(?:por quién|por quien) pregunt\w+|de parte de quién|"
        r"cómo (?:me )?(?:dijo|ha dicho) que se llama(?:ba)?|"
        r"cómo (?:prefiere|quiere|le gusta|desea) que (?:le|la|lo|te) llam\w+|(?:otro|segundo|algún otro) nombre|"
        r"cómo se llama usted|quién (?:firmó|lo recogió|es|era|fue|le atendió)"),
    (PrivateKind.ADDRESS,
        rf"{_YOUR} (?:nueva |actual )?(?:dirección|domicilio)(?! de correo| electr| de e ?-?mail| ip|"
        r" web)(?: (?:postal|"
        r"completa|actual|de envío|de entrega|de facturación|nueva))?(?: es)?|(?:dirección|domicilio) (?:postal|"
        r"completa|"
        r"de envío|de entrega|de facturación|fiscal|es)|dónde vive|donde vive|(?:cuál es|y|deletr\w+|dígame|"
        r"en qué|a qué) (?:me )?(?:la |el |su )?(?:población|localidad|ciudad|municipio|pueblo|"
        r"calle|provincia)(?=[ ?]|$)|a ?dónde (?:se )?(?:lo|la|le|los|las) (?:enviamos|mandamos|entregamos)|"
        r"(?:cómo se llama|cuál es|qué|en qué) (?:la |su |el )?(?:calle|avenida|población|localidad|pueblo|"
        r"municipio|urbanización|edificio|portal|piso)(?= es|\?|$| por|,)|"
        r"(?:a|de|en) (?:qué|cuál) (?:dirección|domicilio|calle)|y (?:el número|la calle|el portal|"
        r"el piso)(?= por|\?|$|,)|"
        r"(?:a ?dónde|dónde)[^.?!]{0,20}(?:entreg|envi|mand|llev|vaya|técnico|repartidor|dejamos|instal)\w*|"
        r"dónde (?:está|queda) (?:la casa|el piso|la vivienda|el local)|"
        r"dirección (?:de|para) (?:la |el )?(?:entrega|envío|facturación|instalación|recogida|reparto)|"
        r"dónde reside|vivo en|resido en|"
        r"domiciliad[oa] en|dirección:|número de (?:la )?(?:casa|calle|portal)"),
    (PrivateKind.POSTCODE, r"código postal|c\.?p\.?\b|codigo postal"),
)  # fmt: skip
_WEAK: tuple[tuple[PrivateKind, str], ...] = (
    (PrivateKind.CARD_NUMBER, r"tarjetas?|visa|mastercard|amex|american express"),
    (PrivateKind.PHONE, r"teléfono|móvil|celular|fijo|fax|llámeme|llamarme|whatsapp"),
    (PrivateKind.ACCOUNT_NUMBER, r"cuenta|póliza|contrato|cupón|vale regalo"),
    (PrivateKind.PIN, r"pin|clave"),
    (PrivateKind.ONE_TIME_CODE, r"código(?! postal| de error| de área| qr| promo| de descuento)"),
    (PrivateKind.CARD_ENDING, r"termina|acaba|terminación"),
    (PrivateKind.IDENTITY_DOCUMENT, r"pasaporte|carnet|carné|licencia|documento|identidad"),
)  # fmt: skip

_OTHER_QUESTION = re.compile(
    pattern(
        r"\b(?:cu[aá]nt[oa]s?|qu[eé] (?:año|hora|día|talla|tamaño|modelo|tipo|importe|cantidad|tarifa)|"
        r"cu[aá]l(?:es)? de|"
        r"cu[aá]ndo(?! naci)|hace cu[aá]nto)\b"
    )
)


_INNOCENT = re.compile(
    pattern(
        r"\b(?:número (?:de (?:la |el )?|del )?(?:pedido|orden|artículo|pieza|referencia|modelo|tique|ticket|factura|"
        r"seguimiento|vuelo|habitación|error|serie|reserva|incidencia|caso|producto|parte)|modelo|error|artículo|pedido|"
        r"referencia|versión|serie|talla|windows|tique|ticket|pieza)\b"
    )
)


_OF_A_SECRET = r"[^.?!]{0,40}(?:de soltera|mascota|perro|gato|abuel)"
"""Whose name proves who somebody is."""


def _in_spanish(kinds: tuple[tuple[PrivateKind, str], ...]) -> tuple[tuple[PrivateKind, str], ...]:
    return tuple(
        (kind, pattern(rf"(?!{_OF_A_SECRET})(?:{words})" if kind is PrivateKind.NAME else words))
        for kind, words in kinds
    )


_LIKELY_NAME = re.compile(
    pattern(
        r"\b(?:quién|quiénes)\b(?![^?]*\b(?:culpa|compañía|proveedor|operador|operadora|aseguradora|banco|empresa|fabricante|comercializadora)\b)|"
        r"\b(?:hablo|estoy hablando) con (?:el|la)\b|\bcómo (?:se|lo|la) (?:escrib|deletre)\w+|\bdeletre\w+|"
        r"\bcómo se llam(?:a|an|aba)\b(?!(?: usted)? (?:la calle|el medicamento|la medicina|el producto|la tarifa|"
        r"el programa|la empresa|la app))"
    )
)
ANNOUNCING: AnnouncingWords = announcing_words(
    strong=_in_spanish(_STRONG),
    weak=_in_spanish(_WEAK),
    other_question=_OTHER_QUESTION,
    innocent=_INNOCENT,
    likely_name=_LIKELY_NAME,
)
