"""Words that make a sentence in German: what has them is talk, not a code, a password or a name that was asked for."""

from __future__ import annotations

from sotto.redaction.detectors.de.words import german

SENTENCE_WORDS = german(
    "ich mich mir mein meine meinen meinem meiner du dich dir dein deine sie ihr ihre ihren ihrem ihnen er ihn ihm wir",
    "uns unser unsere es man sich dieser diese dieses diesen das dass was wer wie wo wann warum wieso weshalb welche",
    "welcher welches welchen bin bist ist sind seid war waren wäre wären wird werde werden wurde würde würden habe hab",
    "hast hat haben hatte hatten hätte hätten kann kannst können könnte könnten konnte muss müssen musste soll sollen",
    "sollte darf dürfen dürfte will wollen wollte möchte möchten mag machen mache macht gemacht gehe geht gehen ging",
    "komme kommt kommen kam nehme nimmt nehmen brauche braucht brauchen weiß wissen wusste denke denkt glaube",
    "sage sagt",
    "sagen gesagt frage fragen gefragt gebe gibt geben gab gegeben sehe sieht sehen suche suchen finde findet finden",
    "meines meinerseits ihres seines deines unseres eures seine seiner seinen seinem jener jenes einiger einige manche",
    "in im am an auf aus bei beim ab um so zu da ja nein nun also dann doch eben halt mal sehr ganz viel wenig mehr",
    "nicht kein keine keinen nie niemals jemand jemanden niemand etwas nichts alle alles jede jeder jedes mehr andere",
    "der die den dem des ein eine einen einem einer und oder aber weil wenn ob als falls damit obwohl denn doch",
    "nur auch",
    "schon noch immer gerade bereits vor nach seit während bis über unter ohne mit bei von zu zur zum für gegen wegen",
)
STATEMENT_OPENERS = german(
    "ich wir du er sie es man das dies diese mein meine ihr ihre der die kann können könnte könnten würde würden haben",
    "hat ist sind bitte danke was wer wo wann warum wie ob dass jetzt dann",
)
