"""The commonest names, by which others are recognised, and the ordinary words that no name is made of.

Short on purpose: what is said around a name finds more names than a list does. From general knowledge; no register of
people was read."""

from __future__ import annotations

import re
from functools import cache

from sotto.redaction.detectors.de.names import more_names
from sotto.redaction.detectors.de.number_words import NUMBERS
from sotto.redaction.detectors.de.secrets import SECRET_WORDS
from sotto.redaction.detectors.de.sentence_words import SENTENCE_WORDS
from sotto.redaction.detectors.de.words import german
from sotto.redaction.detectors.spoken.names.known_names import KnownNames, common_words

_GIVEN = german(
    "alexander alexandra andrea andreas angela angelika anja anke anna anne annette anton antje armin astrid barbara",
    "bastian beate benjamin bernd bernhard bettina birgit björn brigitte britta carina carsten caroline charlotte",
    "christa christian christiane christina christine christoph claudia clemens cornelia dagmar daniel daniela david",
    "dennis dieter dietmar dirk dominik doris eberhard edith elena elfriede elisabeth elke emil emma erich erika erwin",
    "eva fabian felix florian franz franziska friedrich gabriele georg gerd gerda gerhard gertrud gisela gudrun günter",
    "günther hannah hanna hannelore hannes hans harald hartmut heike heiko heinz heinrich helene helga helmut herbert",
    "hermann hilde holger horst hubert ilse ines inge ingeborg ingo ingrid irene iris jan jana janina jens jessica",
    "joachim johanna johannes jonas jörg josef julia juliane jürgen karin karl katharina kathrin katja katrin kerstin",
    "kevin klara klaus konstantin kristina kurt lara laura lea lena leon leonie lisa lothar luca ludwig luisa lukas",
    "magdalena maik manfred manuel manuela marcel marco marcus mareike margarete maria marianne marie marina mario",
    "marion markus marlene martin martina mathias matthias max maximilian melanie mia michael michaela michelle mona",
    "monika moritz nadine nadja natalie nicole niklas nina nora norbert oliver olaf otto pascal patrick paul",
    "paula peter",
    "petra philipp pia rainer ralf regina reiner reinhard renate rené ricarda richard rita robert roland rolf",
    "rosemarie",
    "rudolf sabine sabrina sandra sara sarah sascha sebastian siegfried sigrid silke silvia simon simone sofia sonja",
    "sophia sophie stefan stefanie steffen stephan susanne susann svenja sven sylvia tanja theresa thomas thorsten tim",
    "tobias torsten udo ulf ulrich ulrike ursula ute uwe vanessa vera verena veronika viktoria volker waltraud walter",
    "wera werner wilhelm wilma wolfgang yvonne mehmet mustafa ayşe fatma ali ahmed mohammed emre elif aylin piotr",
    "vincent arthur ilka marika marlies marlene jochen henning henrik hendrik malte torben sören finn ole jannik",
    "jannis",
    "niels lennart lasse thilo tilo till timo mirko heino götz falk volkmar winfried siegmund hilmar ekkehard reinhold",
    "raimund leopold ferdinand valentin theo emilia mila lina leni greta frieda ida mathilda clara charlotte amelie",
    "antonia theresia rosina walburga resi burkhard eckhard dietrich detlef detlev egon elmar ewald gerold gottfried",
    "gregor hagen heribert ignaz ingolf karsten knut kuno lambert leander linus lorenz marc maren maike meike merle",
    "mechthild milena mirjam nele nils noah nicolas philip quirin raphael rieke roger ronny rosa ruth sigmar silvio",
    "solveig steffi susi swantje sybille tamara tina traute undine urban veit vitus wiebke wolfram wenzel xaver",
    "katarzyna giovanni ivan olga tatjana igor dragan zoran jovana urs reto beat ueli regula hansjörg sepp alois",
)
_GIVEN_AND_WORD = german(
    "kai mark rosa viola stern ernst wolf frank jasmin heidi linda bruno dana beat august mai till veit urban lina"
)
_FAMILY = german(
    "müller schmidt schmitt schmid schneider fischer weber meyer meier maier mayer wagner becker schulz schulze",
    "hoffmann",
    "schäfer bauer koch richter klein wolf schröder neumann schwarz zimmermann braun krüger hofmann hartmann lange",
    "werner krause lehmann köhler herrmann könig walter huber kaiser fuchs peters lang scholz möller weiß jung hahn",
    "schubert vogel friedrich keller günther frank berger winkler roth beck lorenz baumann franke albrecht schuster",
    "simon ludwig böhm winter kraus schumacher krämer vogt stein jäger otto sommer groß seidel heinrich brandt haas",
    "schreiber graf dietrich ziegler kuhn kühn pohl engel horn busch bergmann thomas voigt sauer arnold wolff pfeiffer",
    "amann bender lüdemann gerlach vogler hansen petersen jansen janssen paulsen carstens behrens harms lüders ahrens",
    "brinkmann heinemann hildebrandt kirchner lindner marx merkel michel nagel oswald paul pfeifer rademacher reuter",
    "ritter römer rose rudolph sander schilling schindler schlüter schreiner schulte schütz seifert siebert",
    "stahl stark",
    "steffen straub thiel thiele ulrich urban voss wegner weiss wendt wenzel wilhelm witt wirth wulf zeller ziegler",
    "steiner gruber moser leitner pichler eder egger ebner reiter lechner wimmer bürgi ammann brunner baumgartner",
    "yılmaz kaya öztürk demir çelik nowak kowalski petrov ivanov nguyen novak horvat popović",
)
_FAMILY_AND_WORD = german(
    "schneider fischer bauer koch richter klein wolf schwarz zimmermann braun lange könig kaiser fuchs lang jung hahn",
    "vogel keller schuster winter stein jäger sommer groß graf engel horn busch sauer weiß reiter berger frank mark",
    "schreiber otto werner walter nagel marx paul rose ritter schilling stahl stark steffen ulrich urban wilhelm",
    "michel",
    "schreiner reuter sander",
)
_GIVEN_ALSO_WORDS = _GIVEN_AND_WORD | more_names.GIVEN_AND_WORD
_FAMILY_ALSO_WORDS = _FAMILY_AND_WORD | more_names.FAMILY_AND_WORD
_SHORTEST_ALONE = 4
GIVEN_ALONE = (
    _GIVEN | frozenset(name for name in more_names.GIVEN if len(name) >= _SHORTEST_ALONE)
) - _GIVEN_ALSO_WORDS
ORDINARY = (
    german(
        "rechnung rechnungen vertrag verträge karte kreditkarte konto geld bank betrag überweisung zahlung mahnung",
        "lieferung bestellung paket ware artikel produkt gerät internet telefon handy anschluss router tarif kündigung",
        "kunde kundin kunden service hotline mitarbeiter mitarbeiterin kollege kollegin kollegen firma abteilung",
        "filiale",
        "termin woche monat jahr tag morgen abend nacht uhr montag dienstag mittwoch donnerstag freitag samstag",
        "sonntag",
        "januar februar märz april mai juni juli august september oktober november dezember problem frage fragen",
        "antwort",
        "hilfe information nummer adresse anschrift straße name vorname nachname familienname geburtsdatum",
        "passwort code",
        "zufrieden unzufrieden verärgert krank müde sicher bereit neu alt gut schlecht richtig falsch zuständig dran",
        "sauer enttäuscht froh verheiratet selbstständig unterwegs zuhause rentner rentnerin student studentin lehrer",
        "ärztin arzt ehefrau ehemann mann frau kind kinder sohn tochter mutter vater bruder schwester familie freund",
        "freundin nachbar chef chefin versicherung schaden auto wagen fahrzeug wohnung haus miete strom gas wasser",
        "stadt land deutschland österreich schweiz europa herr herrn frau doktor professor visa mastercard",
        "paypal amazon",
        "iban bic pin tan sms app email mail website online guten hallo danke bitte vielen herzlichen grüße sehr",
        "leider",
        "gerne natürlich wirklich eigentlich ungefähr vielleicht wahrscheinlich einfach nochmal außerdem",
        "deswegen deshalb",
        "darum trotzdem dann danach davor hier dort da jetzt heute gestern vorgestern später früher sofort gleich bald",
        "rufe rief anrufen angerufen warte wartet meldet melde bezahlt bezahlen bestellt bestellen geliefert gekündigt",
        "storniert umgezogen verloren gestohlen gesperrt geändert ändern sperren kündigen buchstabiert",
        "buchstabiere also",
        "erst zuerst nummern daten angaben euro cent prozent dank apparat leitung inhaber inhaberin karteninhaber und",
        "gespräch anruf rückruf kundennummer vertragsnummer kartennummer telefonnummer postleitzahl hausnummer wohne",
        "seit bei wohnt lebt lebe arbeite arbeitet stehe steht liegt liegen hätte gern nämlich zwar okay",
        "entschuldigung",
        "spricht spreche sprechen genau schreibt geschrieben gebürtig verfügung zahlen umbuchung reise flug",
        "hotel zimmer",
    )
    | frozenset({*NUMBERS.units, *NUMBERS.teens, *NUMBERS.tens, *NUMBERS.magnitudes, *NUMBERS.repeats})
    | NUMBERS.units_of_measure
    | SENTENCE_WORDS
    | SECRET_WORDS.courtesy
    | SECRET_WORDS.time_and_place
)
_ORDINARY_ENDING = re.compile(
    r"\w*(?:hundert|tausend)\w*|\w+und(?:zwanzig|dreiss?ig|vierzig|fue?nfzig|sechzig|siebzig|achtzig|neunzig)|"
    r"\w{2,}(?:ungen|ung|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|tat|nummern?|karten?|konto|vertrag|daten|"
    r"datum|rechnung|versicherung|stras?se|ieren|iert|lich|lichen|liche|licher|isch|ische|ischen|bar|los|ende|enden|"
    r"weise|dienst|center|bank|werk|amt|zentrum|geschaft|gerat)"
)
_FAMILY_ENDING = re.compile(
    r"\w{2,}(?:(?<!je)mann|meier|meyer|maier|mayer|hofer|huber|hauser|baumer|schmidt|schmitt|schulze?|ski|sky|ska|wicz|"
    r"oglu|owa|ova|escu|vic|enko|nn?sen|sson|hoff|brecht|bauer)"
)
_PLACES = german(
    "berlin hamburg münchen köln frankfurt stuttgart düsseldorf dortmund essen leipzig bremen dresden hannover",
    "nürnberg",
    "duisburg bochum wuppertal bielefeld bonn münster karlsruhe mannheim augsburg wiesbaden kiel lübeck rostock erfurt",
    "mainz kassel halle magdeburg freiburg krefeld potsdam wien graz linz salzburg innsbruck klagenfurt zürich genf",
    "basel bern lausanne luzern bayern sachsen hessen tirol thüringen mallorca paris london rom madrid istanbul",
    "spanien",
    "frankreich italien türkei griechenland",
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
        proper=german(
            "visa mastercard paypal amazon google apple samsung vodafone telekom sparkasse schufa dhl hermes",
        ),
        places=places,
        compounds=True,
        family_ending=_FAMILY_ENDING,
        ordinary_ending=_ORDINARY_ENDING,
    )
