"""The commonest names, by which others are recognised, and the ordinary words that no name is made of.

Short on purpose: what is said around a name finds more names than a list does. From general knowledge; no register of
people was read."""

from __future__ import annotations

import re
from functools import cache

from sotto.redaction.detectors.es.names import more_names
from sotto.redaction.detectors.es.number_words import NUMBERS
from sotto.redaction.detectors.es.secrets import SECRET_WORDS
from sotto.redaction.detectors.es.sentence_words import SENTENCE_WORDS
from sotto.redaction.detectors.es.words import spanish
from sotto.redaction.detectors.spoken.names.known_names import KnownNames, common_words

_GIVEN = spanish(
    "adrián agustín alba alberto alejandra alejandro alfonso alfredo alicia álvaro amalia amparo ana andrea",
    "andrés ángel",
    "ángela ángeles antonia antonio araceli armando arturo asunción aurora beatriz begoña belén benito bernardo blanca",
    "borja bruno camila carla carlos carlota carmen carolina catalina cecilia césar claudia clara concepción consuelo",
    "cristian cristina cristóbal daniel daniela darío david diana diego dolores domingo eduardo elena elisa",
    "elvira emilia",
    "emilio encarnación enrique ernesto esperanza esteban ester esther eugenia eugenio eva fátima federico",
    "felipe félix",
    "fernanda fernando florencia francisca francisco gabriel gabriela gerardo germán gloria gonzalo graciela gregorio",
    "guadalupe guillermo gustavo héctor hugo ignacio iker inés inmaculada irene iria isabel isidro iván jacinto jaime",
    "javier jesús jimena joaquín joel jordi jorge josé josefa josefina juan juana judith julia julián julio",
    "laura leandro",
    "leonardo leonor leticia lidia lola lorena lorenzo lourdes lucas lucía luis luisa luz macarena magdalena manuel",
    "manuela marc marcela marcelo marcos margarita maría mariana mariano mario marta martín martina mateo matías",
    "mauricio máximo mercedes miguel milagros mireia miriam mónica montserrat nadia natalia nerea nicolás nieves",
    "noelia",
    "nora núria nuria olga óscar pablo paloma paola patricia patricio paula paz pedro pepe pilar rafael ramiro ramón",
    "raquel raúl rebeca ricardo roberto rocío rodolfo rodrigo rogelio rosa rosario rubén salvador samuel sandra",
    "santiago",
    "sara sebastián sergio silvia simón sofía sonia susana tamara teresa tomás valentina valeria vanesa vera verónica",
    "vicente víctor victoria virginia xavier ximena yolanda zaira itziar jon ainhoa aitor joan pau jordi xoán antía",
    "camilo jazmín ivonne montse unai rufino ramona fabián facundo joel ezequiel valentín thiago bautista benjamín",
    "nahuel franco lautaro ulises saúl abel abraham isaac moisés elías eloy efraín eliseo evaristo fermín fidel",
    "florentino",
    "hernán hilario horacio inocencio isaías ismael jonathan kevin ladislao lázaro leopoldo maximiliano nicanor",
    "norberto",
    "octavio orlando osvaldo pascual plácido remedios reinaldo rené rigoberto rosendo santos segundo silvestre teodoro",
    "ulpiano urbano valentino wilfredo zacarías azucena brenda candela celia chloe cintia dalia débora delfina edith",
    "elisabet elsa emma estefanía estela eulalia fabiola flor genoveva georgina gisela griselda haydée herminia",
    "hortensia",
    "ingrid itziar ivana jacqueline jennifer josefa josefina karina karla leire liliana lorenza lucrecia ludmila maite",
    "malena manuela marina maribel maricarmen marisa marisol maritza matilde micaela miranda nélida nancy norma ofelia",
    "olimpia paulina perla petra priscila regina renata rita romina roxana sabrina salomé selena soledad tatiana",
    "trinidad",
    "úrsula violeta wendy yesenia yolanda zoe zulema",
    "mohamed fatima nadia ahmed andreea mihai ioana wei",
)
_GIVEN_AND_WORD = spanish(
    "alba amparo ángel ángeles asunción aurora blanca clara consuelo dolores domingo encarnación esperanza gloria luz",
    "mercedes nieves paz pilar rosa rosario salvador victoria vera julio rocío concepción mar sol leo abril",
    "milagros pau",
    "wei santiago guadalupe valencia flor soledad estela candela celia perla norma remedios segundo santos trinidad",
    "violeta azucena dalia regina franco camilo abel elsa",
)
_FAMILY = spanish(
    "garcía gonzález rodríguez fernández lópez martínez sánchez pérez gómez martín jiménez ruiz hernández díaz moreno",
    "muñoz álvarez romero alonso gutiérrez navarro torres domínguez vázquez ramos gil ramírez serrano blanco molina",
    "morales suárez ortega delgado castro ortiz rubio marín sanz núñez iglesias medina garrido cortés castillo santos",
    "lozano guerrero cano prieto méndez cruz calvo gallego herrera márquez león vidal peña flores cabrera campos vega",
    "fuentes carrasco diez reyes caballero nieto aguilar pascual santana herrero lorenzo montero hidalgo giménez",
    "ibáñez",
    "ferrer durán santiago benítez mora vicente vargas arias carmona crespo román pastor soto sáez velasco moya soler",
    "parra esteban bravo gallardo rojas quispe mamani acosta aguirre ojeda paredes salazar villalobos zamora espinoza",
    "figueroa contreras sepúlveda tapia valenzuela rivas rivera mendoza guzmán juárez estrada ochoa ponce",
    "cárdenas solís",
    "valverde palma oliver figueroa moll roca pons vila serra costa riera bosch font vidal camacho cuesta",
    "galindo godoy",
    "maldonado miranda montes mejía meza nava ochoa olivares orozco pacheco palacios peralta pineda plaza",
    "quintero robles",
    "rocha salas salinas sandoval segura sierra sosa trujillo uribe valdés valle varela vera villa villanueva zavala",
    "bermúdez echeverría etxeberria otero pereira puig ferrán",
)
_FAMILY_AND_WORD = spanish(
    "moreno blanco castillo cano cruz calvo gallego león peña flores campos vega fuentes diez reyes caballero",
    "nieto pastor",
    "rubio mora bravo gallardo paredes guerrero delgado iglesias santos torres ramos soto parra rivera marín",
    "cortés prieto",
    "palma roca costa cuesta font galindo plaza robles salas segura sierra valle vera villa miranda montes palacios",
    "roman vicente esteban lorenzo santiago zamora estrada",
)
_GIVEN_ALSO_WORDS = _GIVEN_AND_WORD | more_names.GIVEN_AND_WORD
_FAMILY_ALSO_WORDS = _FAMILY_AND_WORD | more_names.FAMILY_AND_WORD
_SHORTEST_ALONE = 4
GIVEN_ALONE = (
    _GIVEN | frozenset(name for name in more_names.GIVEN if len(name) >= _SHORTEST_ALONE)
) - _GIVEN_ALSO_WORDS
ORDINARY = (
    spanish(
        "factura facturas contrato contratos tarjeta crédito débito cuenta dinero banco importe transferencia",
        "pago cobro",
        "recibo envío pedido paquete artículo producto aparato internet teléfono móvil celular línea router",
        "tarifa baja alta",
        "cliente clienta servicio atención agente operador operadora compañero compañera empresa departamento",
        "oficina tienda",
        "cita semana mes año día mañana tarde noche hora lunes martes miércoles jueves viernes sábado domingo problema",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre pregunta",
        "respuesta ayuda",
        "información número dirección domicilio calle avenida nombre apellido apellidos nacimiento contraseña",
        "clave código",
        "contento contenta descontento enfadado enfadada enfermo cansado seguro lista listo nuevo viejo bueno",
        "mal malo bien",
        "casado casada soltero soltera jubilado jubilada estudiante profesor médico marido mujer esposa esposo",
        "hombre hijo",
        "hija madre padre hermano hermana familia amigo amiga vecino vecina jefe jefa titular seguro accidente",
        "coche carro",
        "piso casa alquiler luz gas agua ciudad país españa méxico argentina señor señora señorita don doña",
        "doctor doctora",
        "visa mastercard paypal amazon iban dni nie pin sms app email correo web página línea buenos buenas hola",
        "gracias",
        "llamo llamaba llama llame espero esperando pagado pagar pedir pedido entregado cancelado mudado perdido",
        "robado",
        "bloqueado bloqueada cambiar anular cancelar dar deletreo deletrea deletrear primero segundo tercero",
        "datos euros",
        "pesos por ciento cliente llamada favor momento vivo vive trabajo trabaja desde hace aquí allí ahora hoy ayer",
        "entonces pues bueno vale claro además porque también exactamente correcto efectivamente disponible",
        "habla hablo",
        "hablando reserva vuelo hotel habitación viaje maleta equipaje poder así siempre quería quisiera",
        "llamando atiende",
        "mi su tu soy es era y e o u con sin del al titular mismo misma igual todo ninguno nada interesado interesada",
        "segura encantado encantada dígame diga cuénteme necesito adiós saludo saludos usuario usuaria póliza cuál",
        "averías facturación soporte ventas recepción contabilidad reclamaciones administración bajas autónomo",
        "autónoma",
        "fontanero enfermera abogado ingeniero diabético celíaco vegetariano español española mexicano mexicana",
        "argentino",
        "embarazada nervioso preocupado preocupada preocupado molesto molesta harto harta",
    )
    | frozenset({*NUMBERS.units, *NUMBERS.teens, *NUMBERS.tens, *NUMBERS.magnitudes, *NUMBERS.repeats})
    | frozenset(NUMBERS.hundreds)
    | NUMBERS.units_of_measure
    | SENTENCE_WORDS
    | SECRET_WORDS.courtesy
    | SECRET_WORDS.time_and_place
)
_ORDINARY_ENDING = re.compile(
    r"\w{3,}(?:cion|ciones|sion|siones|dad|dades|mente|ando|iendo|ados|adas|idos|idas|able|ible|ista|istas|[^r]ero|[^r]era|ologo|"
    r"ologa|ado|ada|ido|ida|isimo|isima|isimos|isimas|[^r]amos|emos|imos|aron|ieron|aste|iste|abamos|ante|ente|ador|adora|etico|etica|atico|atica|ionista)"
)
_FAMILY_ENDING = re.compile(r"\w{2,}(?:(?<!al)(?<!v)ez|oglu|ski|escu|berria|etxea|goitia)")
_PLACES = frozenset(
    place.replace("_", " ")
    for place in spanish(
        "madrid barcelona valencia sevilla zaragoza málaga murcia palma bilbao alicante córdoba valladolid vigo gijón",
        "granada vitoria elche oviedo santander pamplona almería burgos salamanca cádiz huelva logroño badajoz toledo",
        "león girona tarragona lleida castellón cáceres jaén segovia ávila soria teruel cuenca españa méxico monterrey",
        "guadalajara puebla tijuana cancún bogotá medellín cali barranquilla lima arequipa cusco quito guayaquil",
        "santiago",
        "valparaíso rosario mendoza montevideo caracas paraguay uruguay argentina chile colombia perú ecuador bolivia",
        "venezuela francia italia alemania portugal europa londres parís roma berlín buenos_aires nueva_york",
        "san_sebastián",
        "la_coruña santa_cruz las_palmas ciudad_de_méxico los_ángeles estados_unidos costa_rica reino_unido",
    )
)


@cache
def known_names() -> KnownNames:
    common = common_words(__package__)
    places = _PLACES | common.places
    family = _FAMILY | more_names.FAMILY
    family_also_words = _FAMILY_ALSO_WORDS | (family & (places | ORDINARY))
    given_also_words = _GIVEN_ALSO_WORDS | (more_names.GIVEN & ORDINARY)
    return KnownNames(
        given=(_GIVEN | more_names.GIVEN) - given_also_words,
        family=family - family_also_words,
        given_and_word=given_also_words,
        also_words=given_also_words | family_also_words,
        ordinary=ORDINARY | common.ordinary,
        seldom=common.seldom,
        proper=spanish(
            "visa mastercard paypal amazon google apple samsung vodafone movistar orange telefónica santander",
        ),
        places=places,
        family_ending=_FAMILY_ENDING,
        ordinary_ending=_ORDINARY_ENDING,
    )
