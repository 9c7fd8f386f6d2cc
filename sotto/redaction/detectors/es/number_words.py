"""Spanish numbers: "veintiuno", "treinta y dos", "treintaidós", "doscientos", "doble siete", "dos ceros"."""

from __future__ import annotations

from sotto.redaction.detectors.es.words import spanish, spanish_map
from sotto.redaction.detectors.spoken.numbers.number_words import NumberWords

UNITS = {
    "cero": "0", "uno": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6", "siete": "7",
    "ocho": "8", "nueve": "9",
}  # fmt: skip

SOUND_ALIKES = {
    "un": "1",
    "una": "1",
    "sero": "0",
    "ceros": "0",
    "dose": "12",
    "sinco": "5",
    "ciete": "7",
    "nuebe": "9",
}

TENS = {
    "diez": "10", "veinte": "20", "treinta": "30", "cuarenta": "40", "cincuenta": "50", "sesenta": "60",
    "setenta": "70", "ochenta": "80", "noventa": "90",
}  # fmt: skip
"""Ten among them: some say "diez y seis"."""

TEENS = spanish_map(
    {
        "once": "11", "doce": "12", "trece": "13", "catorce": "14", "quince": "15", "dieciséis": "16",
        "diecisiete": "17", "dieciocho": "18", "diecinueve": "19", "veintiún": "21", "veintiuna": "21",
    }
    | {f"veinti{unit}": f"2{digit}" for unit, digit in UNITS.items() if digit != "0"}
    | {
        f"{tens}{join}{unit}": ten[0] + digit
        for tens, ten in TENS.items() for unit, digit in UNITS.items() for join in ("i", "y")
        if digit != "0" and int(ten) > 20
    }
)  # fmt: skip

HUNDREDS = {"cien": 100, "ciento": 100, "quinientos": 500, "quinientas": 500} | {
    f"{stem}cient{ending}": value
    for stem, value in {
        "dos": 200, "tres": 300, "cuatro": 400, "seis": 600, "sete": 700, "siete": 700, "ocho": 800, "nove": 900,
        "nueve": 900,
    }.items()
    for ending in ("os", "as")
}  # fmt: skip

MAGNITUDES = {"cientos": 100, "mil": 1_000, "millon": 1_000_000, "millones": 1_000_000}

REPEATS = {"doble": 2, "triple": 3, "cuadruple": 4}

PLURALS = {
    "ceros": "0", "unos": "1", "doses": "2", "treses": "3", "cuatros": "4", "cincos": "5", "seises": "6",
    "sietes": "7", "ochos": "8", "nueves": "9",
}  # fmt: skip

BRIDGES = spanish(
    "- – — . , ( ) / + # : ; _ | * ~ = guión raya barra espacio punto coma menos eh este em mmm mm ah y luego después",
    "entonces vale bueno pues okay ok no perdón perdone disculpe disculpa espera espere digo quiero decir sigue",
    "ay siguen otra vez otro corrijo mejor dicho a ver es sí ahora",
)

ASIDES = spanish(
    "sí si claro vale bueno pues a ver es el la los las mi su número número cifra cifras dígitos código clave y luego",
    "entonces eh este em mmm ah por favor gracias no perdón primero primera primeros siguiente último últimos cuatro",
    "ahora okay ok exacto correcto eso son sería mire mira aquí tiene tengo le doy digo apunte apunta tome nota",
)

UNITS_OF_MEASURE = spanish(
    "euro euros eur céntimo céntimos centavos peso pesos dólar dólares libra libras soles sol bolívares por % € $ £",
    "porciento hora horas h minuto minutos segundo segundos día días semana semanas mes meses año años noche noches",
    "quincena kilómetro kilómetros km metro metros centímetros cm milímetros gramo gramos g kilo kilos kg litro litros",
    "mililitros ml miligramos mg grado grados pastilla pastillas gotas unidad unidades personas persona niños adultos",
    "pasajeros maletas billetes boletos entradas asientos habitaciones plazas artículos paquetes pedidos",
    "facturas cuotas",
    "plazos veces estrellas puntos megas megabytes gigas gb mb tb mbps voltios vatios kilovatios trabajadores páginas",
    "botellas líneas más otros otras o piezas mensualidades hábiles laborables",
)

NUMBERS = NumberWords(
    units=UNITS,
    sound_alikes=SOUND_ALIKES,
    teens=TEENS,
    tens=TENS,
    repeats=REPEATS,
    plurals=PLURALS,
    hundred=frozenset({"cientos"}),
    magnitudes=MAGNITUDES,
    hundreds=HUNDREDS,
    alone=frozenset({"mil"}),
    one_before=frozenset({"un"}),
    joins=frozenset({"y"}),
    tens_join=frozenset({"y", "i"}),
    tens_join_needed=True,
    unit_first={},
    times=frozenset({"veces"}),
    repeat_joins=spanish("- el la de un"),
    bridges=BRIDGES,
    asides=ASIDES,
    units_of_measure=UNITS_OF_MEASURE,
    year_before=spanish("en desde de del hasta año durante antes después hacia sobre principios mediados finales"),
    links=spanish("es número no id de la el con que : # * _ ( . - termina acaba en"),
    point="coma",
    calls=spanish("llame llama llamar marque marca marcar"),
    idioms=frozenset({"247"}),
    emergency=spanish("112 091 061 062 080 911 016 010"),
)
