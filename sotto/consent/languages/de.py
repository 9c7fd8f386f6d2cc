"""German. Separable verbs stand apart: "zeichnen Sie das bitte nicht auf"."""

from __future__ import annotations

import re

from sotto.consent.languages.words import ConsentWords

_APART = r"(?:zeichne[tn]?|nehme?n?|nimmt|schneide[tn]?|höre?n?|hört)\b.{0,60}\b(?:auf|mit)\b"
_RECORD = (
    r"\b(?:(?:auf(?:zu)?zeichn|auf(?:zu)?nehm|mit(?:zu)?schneid|mit(?:zu)?hör|ab(?:zu)?hör)\w*|aufgezeichnet|aufgenommen|"
    r"mitgeschnitten|mitgehört|abgehört|(?:gesprächs|ton|telefon)?aufnahmen?|(?:gesprächs)?aufzeichnung(?:en)?|"
    rf"mitschnitte?s?|{_APART})"
)
_CALL = r"(?:gespräch|telefonat|anruf|anrufe|gespräche|telefongespräch)"
_FINE = r"(?:in ordnung|okay|ok|recht|einverstanden|zustimm\w*|einwillig\w*|erlaub\w*|gestatte\w*|möglich)"
_SAY_NO = r"(?:nicht|kein|keine|keinen|keiner|ohne|nie|niemals|ungern)"

WORDS = ConsentWords(
    recording=re.compile(_RECORD),
    asked=re.compile(
        rf"\b{_CALL}\b.{{0,60}}{_RECORD}|{_RECORD}.{{0,60}}\b(?:{_CALL}|{_FINE})\b|"
        rf"\b(?:darf|dürfen|dürfte|dürften|kann|können|{_FINE}|dagegen|werden|wird)\b.{{0,60}}{_RECORD}"
    ),
    refusal=re.compile(
        rf"\b{_SAY_NO}\b.{{0,50}}{_RECORD}|{_RECORD}.{{0,25}}\b(?:nicht|aus|ab|abschalten|ausschalten|beenden|stoppen|"
        r"abbrechen|löschen)\b|"
        r"\b(?:zeichnen|nehmen|schneiden|hören) sie\b.{0,40}\bnicht\b.{0,20}\b(?:auf|mit)\b|"
        r"\b(?:stopp|stoppen|stoppt|beenden|abbrechen|unterlassen|löschen|hören sie auf|schalten sie)\b.{0,40}"
        rf"{_RECORD}|"
        r"\b(?:widerspreche|verweigere|untersage|verbiete|widerrufe)\b|"
        r"\bziehe\b.{0,30}\b(?:einwilligung|zustimmung)\b.{0,10}\bzurück\b|"
        r"\b(?:bin|wäre)\b.{0,25}\bnicht\b.{0,10}\beinverstanden\b|\bstimme\b.{0,40}\bnicht\b.{0,10}\bzu\b|"
        r"\bwillige\b.{0,20}\bnicht\b.{0,10}\bein\b|"
        r"\b(?:habe|hab|hätte)\b.{0,10}\b(?:was|etwas)\b.{0,10}\bdagegen\b"
    ),
    double_negative=re.compile(
        r"\bnichts (?:\w+ )?dagegen\b|\bkeine? (?:problem|einwände|einwand|bedenken)\b|\bstört mich (?:\w+ )?nicht\b|"
        r"\bmacht (?:mir )?(?:gar |überhaupt )?nichts(?: aus)?\b|\bwarum (?:auch )?nicht\b|\bnicht dagegen\b|"
        r"\bhabe?n? (?:da |damit )?kein problem\b"
    ),
    consent=re.compile(
        r"\b(?:bin|wäre|sind)\b.{0,25}\beinverstanden\b|\bstimme\b.{0,40}\bzu\b|\bwillige\b.{0,20}\bein\b|"
        r"\b(?:meine|mein) (?:zustimmung|einwilligung|einverständnis|okay)\b|\b(?:sie|ihr) (?:dürfen|können|dürft)\b|"
        r"\b(?:ist|wäre|geht)\b.{0,20}\b(?:in ordnung|okay|ok|klar|recht)\b|\beinverstanden\b|\bgestatte\b|\berlaube\b"
    ),
    yes=re.compile(
        r"^(?:\W|äh|ähm|hm|also|na|ach)*(?:ja|jawohl|jo|jepp?|gerne?|klar|natürlich|sicher|selbstverständlich|okay|ok|"
        r"in ordnung|einverstanden|passt|geht klar|meinetwegen|von mir aus|alles klar|freilich|"
        r"das (?:ist|geht|wäre) (?:für mich |schon )?(?:in ordnung|okay|ok|gut|klar)|können sie|dürfen sie)\b"
    ),
    no=re.compile(
        r"^(?:\W|äh|ähm|hm|also|na|ach|tut mir leid|entschuldigung)*(?:nein|nee|ne|nö|lieber nicht|eher nicht|"
        r"auf (?:gar )?keinen fall|keinesfalls|keineswegs|bitte nicht|besser nicht|nicht|niemals|"
        r"(?:das )?(?:möchte|will|mag) ich (?:lieber |eigentlich |das )?nicht|"
        r"ich (?:möchte|will|mag) (?:das |es )?(?:lieber |eigentlich )?nicht)\b"
    ),
    about_others=re.compile(
        r"\b(?:kontakt|kontakte|daten|adresse|bestellung|auftrag|schaden|fall|anliegen|kredit|darlehen|geld|meldung|"
        r"beschwerde|anzeige|reklamation|betrieb|arbeit|foto|fotos|video|videos|störung)\b(?: \w+){0,3} "
        r"(?:auf(?:zu)?nehmen|aufgenommen|aufnahme|aufnimmt)\b|"
        r"\b(?:nehme|nehmen|nimmt) (?:\w+ ){0,3}?(?:kontakt|daten|adresse|bestellung|schaden|fall|anliegen|meldung|"
        r"beschwerde|reklamation|störung)\b(?: \w+){0,3} auf\b|\b(?:herz|zahlungs|kontakt|arbeits)aufnahme\b"
    ),
)
