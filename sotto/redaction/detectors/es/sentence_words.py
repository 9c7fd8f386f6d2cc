"""Words that make a sentence in Spanish: what has them is talk, not a code, a password or a name that was asked for."""

from __future__ import annotations

from sotto.redaction.detectors.es.words import spanish

SENTENCE_WORDS = spanish(
    "yo me mi mis mí tú te tu tus usted ustedes él ella ellos ellas le les lo la los las nos nosotros nuestro",
    "nuestra se",
    "su sus esto eso esta este ese esa estos estas que qué quién quien cuál cual cuándo cuando dónde donde cómo",
    "como por",
    "porque para pero si no nunca jamás nada nadie alguien algo ningún ninguna alguno alguna todo toda todos",
    "todas cada",
    "más menos muy mucho mucha muchos muchas otro otra otros es son era eran fue fueron ser estar está están",
    "estaba estoy",
    "soy somos eres hay había he ha has han hemos hubo haber tengo tiene tienes tienen tenía tenemos tener hago",
    "hace hacen",
    "hacer hecho hizo puedo puede puedes pueden podría poder quiero quiere quieres quería querer quisiera necesito",
    "necesita necesitar debo debe deben voy va vas van vamos ir fui iba vengo viene sé sabe saber creo cree digo dice",
    "decir dicho dijo doy da dan dar dado veo ve ver visto busco buscar encuentro encontrar recuerdo recuerda acuerdo",
    "llamo llama llamar pregunto pregunta preguntar uso usa usar cambio cambiar pago pagar compré comprar recibí",
    "recibir",
    "el un una unos unas y o u ni con sin sobre desde hasta hacia entre durante contra según a al ante tras",
    "aunque mientras",
    "ya aún todavía también tampoco solo sólo después antes",
)
STATEMENT_OPENERS = spanish(
    "yo tú usted él ella me le te se nos mi su la el los las un una quiero quisiera necesito puedo puede podría",
    "pueden es",
    "está son tengo he ha hay no por gracias qué cuándo dónde cómo ahora que eso esto",
)
