"""German words that announce private data, and questions for something else."""

from __future__ import annotations

import re

from sotto.redaction.detectors.de.words import pattern
from sotto.redaction.detectors.spoken.context import AnnouncingWords, announcing_words
from sotto.tenants.redaction_rules import PrivateKind

_NUMBER = r"(?:[ -]?(?:nummer|nr|zahl))"
_FIRST = r"(?:erste[nrs]?|liebste[nrs]?)"
_STRONG: tuple[tuple[PrivateKind, str], ...] = (
    (PrivateKind.ONE_TIME_CODE,
        r"einmal[ -]?(?:passwort|kennwort|code|pin)|(?:sms|mobile|push|chip|photo)?-?tan(?:[ -]?nummer)?|"
        r"(?:bestätigungs|verifizierungs|verifikations|aktivierungs|freischalt|freigabe|zugangs|zugriffs|anmelde|sms|"
        r"authentifizierungs|transaktions|legitimations|rücksetz|login)(?: |-)?(?:codes?|nummern?|kode|pin|schlüssel)|"
        r"codes? (?:den|der|die) (?:ich|sie|wir|ihnen|mir|uns)\b(?: \w+){0,4}? (?:bekommen|erhalten|geschickt|gesendet|"
        r"geschickt)|code (?:aus|in|von|auf|per) (?:der|meiner|ihrer|dem|meinem|ihrem|einer)? ?(?:sms|app|nachricht|"
        r"e ?-?mail|handy|authenticator\w*)|(?:sechsstellige[rn]?|6-stellige[rn]?|vierstellige[rn]?) code|"
        r"(?:in|auf) der (?:sms|nachricht|app) steht|(?:sms|nachricht) (?:sagt|lautet)"),
    (PrivateKind.PASSWORD,
        r"(?:telefon|kunden|service|login)?-?(?:passwort|kennwort|passwörter|passphrase|losungswort|zugangswort)"),
    (PrivateKind.SECURITY_ANSWER,
        r"(?:mädchen|geburts)name[ns]?(?: (?:ihrer|meiner|der|deiner) mutter)?|sicherheits(?:frage|wort|antwort|"
        r"phrase)|"
        r"(?:code|merk|geheim)wort|geheime[ns]? (?:wort|antwort)|antwort auf (?:ihre|meine|die|deine) "
        r"(?:sicherheits|geheim)frage|"
        rf"{_FIRST}[ns]? (?:haus)?tier\w*|(?:namen? |hieß |heißt )?(?:ihr|mein|ihres|meines|dein|ihre|meine|ihrer|"
        rf"meiner) {_FIRST} (?:haustier\w*|hund\w*|katze|kater\w*|schule|grundschule|lehrer\w*|auto\w*|chef\w*|"
        r"freund\w*|arbeitgeber\w*|film\w*|buch\w*|essen\w*|farbe|verein\w*)|geburtsort\w*|"
        r"in welche[rm] (?:stadt|ort|straße|krankenhaus) (?:sind sie|wurden sie|haben sie)|"
        r"name (?:ihres|meines|deines) (?:ersten )?(?:haustiers|hundes|katers)|name (?:ihrer|meiner) (?:ersten )?"
        r"(?:katze|schule|grundschule)"),
    (PrivateKind.PIN,
        rf"(?:karten|telefon|konto|banking|online|geheim)?-?pin{_NUMBER}?(?:[ -]?code)?(?! eingeben| vergessen)|"
        r"geheimzahl|geheimnummer|p i n|persönliche identifikationsnummer|entsperrcode|pass ?-?code"),
    (PrivateKind.SECURITY_CODE,
        r"(?:karten)?-?(?:prüf|sicherheits)[ -]?(?:nummer|ziffern?|code|zahl)|c ?v ?[cv] ?2?|(?:drei|3|vier|4)-? ?"
        r"stellige[rn]? (?:nummer|zahl|code|prüf\w*|sicherheits\w*|zifferncode)|(?:drei|3) (?:ziffern|zahlen|"
        r"stellen)|(?:vier|4) (?:ziffern|zahlen|"
        r"stellen)? ?(?:auf|von) der (?:rückseite|vorderseite)|auf der rückseite|(?:hinten|"
        r"rückseite) (?:drauf )?steht|steht hinten"),
    (PrivateKind.CARD_EXPIRY,
        r"(?:karte )?(?:ist )?gültig bis|ablaufdatum|verfall(?:s)?datum|läuft (?:\w+ ){0,3}?(?:ab|aus)|"
        r"(?:bis wann |wie lange )gilt|gilt (?:\w+ ){0,3}?bis|ablauf der "
        r"karte|abläuft|die (?:geht|gilt|läuft) (?:\w+ )?bis|gültigkeit(?:sdatum)?|verfällt (?:im|am)"),
    (PrivateKind.SOCIAL_SECURITY,
        r"(?:sozial|renten|kranken)-?versicherungs-?(?:nummer|nr)|(?:sozialversicherung|"
        r"rentenversicherung)s?-? ?nummer|"
        r"sv-?(?:nummer|nr)|svnr|ahv-?(?:nummer|nr)|steuer-?(?: |-)?(?:id|i d|identifikations-?nummer|"
        r"ident-?nummer|nummer)|identifikationsnummer|versichertennummer"),
    (PrivateKind.CARD_ENDING,
        r"(?:endet|enden|endend|aufhört) (?:auf|mit)|(?:mit )?(?:den|der|die) (?:endziffern?|endnummer)|endziffern|"
        r"(?:letzten|letzte) (?:vier|4|drei) (?:ziffern|stellen|zahlen|nummern)"),
    (PrivateKind.ACCOUNT_NUMBER,
        rf"iban\b|i b a n|konto{_NUMBER}|bankleitzahl|blz|bic\b|swift|(?:auf|von) welche[sm] konto|(?:kunden|"
        r"vertrags|mitglieds|mitglieder|policen|"
        rf"versicherungsschein|depot|sparbuch|zähler|versicherungs|kassenzeichen|spar|"
        rf"teilnehmer){_NUMBER}|kundenkennung|bankverbindung"),
    (PrivateKind.IDENTITY_DOCUMENT,
        rf"(?:personal)?ausweis{_NUMBER}?(?: ist| lautet)?|(?:reise)?pass{_NUMBER}|reisepass|führerschein{_NUMBER}?|"
        r"aufenthaltstitel|id-? ?karte|identitätskarte\w*|dokumentennummer|seriennummer|ausweisdokument"),
    (PrivateKind.CARD_NUMBER,
        rf"(?:kredit|bank|ec|giro|debit|visa|master|karten|maestro)*-?karten?-?{_NUMBER}n?|(?:kredit)?karten-?daten|"
        r"(?:lange|ganze|vollständige|komplette|sechzehnstellige|16-stellige)[nr]? (?:karten)?-?nummer|nummern? "
        r"(?:auf|von|vorne|der|ihrer|meiner)+ (?:der |ihrer |meiner )?(?:vorderseite|kredit\w*|karte\w*|visa\w*|"
        r"vorne)|(?:lesen|geben|nennen|sagen|diktieren|durchgeben) (?:sie )?(?:mir )?(?:bitte )?(?:mal )?(?:ihre|die|"
        r"deine|meine) (?:\w*karte)(?! (?:weg|zurück))|die (?:ersten|nächsten|letzten) (?:vier|acht|sechs|4|8|6) "
        r"(?:ziffern|zahlen|stellen)"),
    (PrivateKind.PHONE,
        rf"(?:telefon|handy|mobil|mobilfunk|rück ?ruf|ruf|fax|festnetz|kontakt|durchwahl){_NUMBER}|rufnummer|durchwahl|"
        r"vorwahl|(?:erreichen|erreichbar|anrufen|zurückrufen|melden|rückruf) (?:sie |wir |ihr )?(?:mich |uns |sie |"
        r"ist |bin |bitte |am |besten )*(?:unter|auf|bei)(?: der| folgender| dieser)?(?: nummer)?|unter der nummer|"
        r"(?:handy|mobil|telefon|fax|tel)\.? ?:|(?:beste|andere|neue|alte) nummer"),
    (PrivateKind.DATE_OF_BIRTH,
        r"geburts-?(?:datum|tag|tags|jahr)|geboren(?: am| im| bin| wurde| sind)?|geb\.|wann (?:sind|wurden) sie "
        r"geboren|geburtstag"),
    (PrivateKind.EMAIL, r"(?:e ?-?)?mail(?:[ -]?adresse)?n?|elektronische (?:post|adresse)"),
    (PrivateKind.NAME,
        r"wie (?:heißen sie|heißt du|ist ihr(?: \w+)? name|war (?:ihr|der) (?:werte )?name|lautet ihr(?: \w+)? name|"
        r"ist der name(?! (?:ihres|ihrer|deines|deiner|meines|der)))|(?:ihren?|den|deinen) (?:werten |vollen |"
        r"vollständigen |ganzen |genauen )?(?:vor|nach|"
        r"familien|zu)?-?(?:und (?:nach|zu)?)?namen? ?(?:bitte|sagen|nennen|geben|buchstabieren|noch|verraten|wissen|"
        r"haben|\?)|ihr (?:voller |vollständiger |werter )?(?:vor|nach|familien)?name (?:bitte|lautet|war)|"
        r"mit wem (?:spreche|habe) ich|(?:auf welchen|unter welchem) namen?|(?:auf|für|an) wen\b|wer (?:hat|ist|"
        r"war|soll|wird|darf|"
        r"nimmt)\b|wie war (?:noch ?mal )?(?:der|ihr) name|name des (?:karten|konto)inhabers|(?:karten|"
        r"konto)inhaber(?:in)?(?=\?|$)|"
        r"(?:vor- und (?:nach|zu)|vor|nach|familien)namen? (?:bitte|\?)|namen? (?:bitte )?(?:nennen|sagen|"
        r"buchstabieren)|"
        r"(?:auf|unter) (?:welchen|welchem|was für einen) (?:namen|nachnamen)|nach wem|wie (?:darf|soll|kann|"
        r"möchten) (?:ich|wir|sie) (?:sie )?(?:ansprechen|nennen|anreden|angesprochen werden|genannt werden)|"
        r"(?:weitere|andere|zweite|noch ein|mehrere) (?:vor)?namen?|wie (?:heißt|"
        r"heißen) (?:sie|du|der (?:inhaber|versicherte|fahrer|patient|mieter|kunde)|"
        r"die (?:inhaberin|versicherte|fahrerin|patientin|kundin))|(?:wer|wie) sind sie(?= noch|\?|$)|"
        r"wie (?:war|ist|lautet) (?:nochmal |noch mal )?(?:ihr|der|dein|sein) (?:werter )?(?:vor|nach|"
        r"familien)?name|(?:und )?(?:der|ihr) (?:vor|nach|familien)name(?= |\?|$)|"
        r"(?:ihren|den|einen|welchen) (?:vor|nach|familien)?namen|(?:zu ?)?name(?:n)? (?:des|der) (?:versicherten|"
        r"patienten|fahrers|mieters|kunden|inhabers)|"
        r"buchstabieren sie (?:mir )?(?:bitte )?(?:ihren|den) (?:nach|familien)?namen"),
    (PrivateKind.ADDRESS,
        r"(?:ihre|die|meine|deine|neue|aktuelle|seine|unsere|der|ihrer|meiner) (?:(?!e-?mail|mail|ip)\w+ )?(?:(?:post|"
        r"liefer|rechnungs|wohn|heim|melde|versand|privat)?-?(?:adresse|anschrift))(?: ist| lautet| wäre)?|"
        r"(?:liefer|rechnungs|wohn|heim|melde|versand|post)-?(?:adresse|anschrift)|anschrift|"
        r"wo wohnen sie|wohin (?:sollen|dürfen|soll|darf) (?:wir|ich)|(?:und )?(?:der|welcher|in welchem|"
        r"ihr) (?:wohn)?ort(?=[ ?]|$)|"
        r"(?:und )?(?:die|welche|in welcher) stadt(?=[ ?]|$)|(?:straße|ort) (?:bitte )?buchstabieren|"
        r"wohnhaft(?: in)?|(?:straße) und (?:die )?hausnummer|hausnummer|(?:in welcher|welche) "
        r"straße|(?:wie (?:heißt|ist|lautet)|und) (?:die|ihre|der) (?:straße|ort|weg)(?: bitte)?(?=[ ?]|$)|"
        r"welche[rs]? (?:ort|gemeinde|dorf|hausnummer|anschrift)|"
        r"wo (?:soll|sollen|darf|dürfen|kann|muss|müssen)[^.?!]{0,25}(?:hin|liefern|kommen|schicken|senden|"
        r"hinkommen|abgeben|zustellen)|"
        r"wo (?:sollen|dürfen|können) wir sie|wo (?:genau )?(?:wohnen|ist das|steht das|befindet sich|liegt das)|"
        r"(?:liefer|rechnungs|installations|"
        r"einsatz)ort"),
    (PrivateKind.POSTCODE, r"post-?leit-?zahl|plz\b"),
)  # fmt: skip
_WEAK: tuple[tuple[PrivateKind, str], ...] = (
    (PrivateKind.CARD_NUMBER, r"(?:kredit|bank|ec|giro|debit|visa|kunden|geld)*-?karten?|mastercard|visa|amex"),
    (PrivateKind.PHONE, r"telefon|handy|mobil|mobiltelefon|fax|anrufen|nachricht an"),
    (PrivateKind.ACCOUNT_NUMBER, r"(?:giro|tages\w*|spar)?konto|gutschein|vertrag|police"),
    (PrivateKind.PIN, r"pin"),
    (PrivateKind.ONE_TIME_CODE, r"(?<!qr-)(?<!qr )(?<!fehler)(?<!fehler-)(?<!fehler )(?<!promo )code"),
    (PrivateKind.CARD_ENDING, r"endet|endend|endung"),
    (PrivateKind.IDENTITY_DOCUMENT, r"ausweis|personalausweis|führerschein|pass"),
)  # fmt: skip

_OTHER_QUESTION = re.compile(
    pattern(
        r"\b(?:wie ?(?:viele?n?|lange|oft|alt|weit|groß|hoch|teuer)|welche[rnsm]? (?:jahr|tag|uhrzeit|größe|"
        r"modell|farbe|"
        r"betrag|art|tarif)|wann|um wie viel uhr)\b"
    )
)


_INNOCENT = re.compile(
    pattern(
        r"\b(?:(?:bestell|auftrags|artikel|teile|ersatzteil|modell|ticket|rechnungs|sendungs|vorgangs|flug|zimmer|fehler|"
        r"serien|buchungs|fall|referenz|typen|produkt|katalog|aktions)-?(?:nummer|nr|code|meldung)|fehler|modell|typ|"
        r"artikel|ticket|version|serie|paket|größe|windows)\b"
    )
)


_OF_A_SECRET = r"[^.?!]{0,40}(?:mädchenname|geburtsname|haustier|hund|katze|mutter)"
"""Whose name proves who somebody is."""


def _in_german(kinds: tuple[tuple[PrivateKind, str], ...]) -> tuple[tuple[PrivateKind, str], ...]:
    return tuple(
        (kind, pattern(rf"(?!{_OF_A_SECRET})(?:{words})" if kind is PrivateKind.NAME else words))
        for kind, words in kinds
    )


_LIKELY_NAME = re.compile(
    pattern(
        r"\b(?:wer|wen|wem|wessen)\b(?![^?]*\b(?:schuld|anbieter|versorger|versicherer|bank|arbeitgeber|hersteller|firma|vermieter)\b)|"
        r"\b(?:spreche ich|sprech ich) mit\b|\bwie (?:schreib\w*|buchstabier\w*|wird)\b[^.?!]{0,25}|"
        r"\bbuchstabieren\b(?!.{0,20}\b(?:referenz|nummer|kennung|code)\b)|"
        r"\bwie heißt (?:er|sie|der|die|das kind|ihr|ihre|dein|deine)\b(?! (?:firma|produkt|tarif|straße|"
        r"medikament|gerät|programm|stadt|ort))"
    )
)
ANNOUNCING: AnnouncingWords = announcing_words(
    strong=_in_german(_STRONG),
    weak=_in_german(_WEAK),
    other_question=_OTHER_QUESTION,
    innocent=_INNOCENT,
    likely_name=_LIKELY_NAME,
)
