"""Words that tell a name from the talk around it."""

from __future__ import annotations

import re

from sotto.redaction.detectors.vocabulary import words_of

PARTICLES = words_of(
    "van von de der den del della di da dos das du la le ten ter el al bin ibn of y",
)
NOT_NAMES = words_of(
    "name name's names was date birth day kind said say repeat makes make sense over work works someone somebody",
    "something else",
    "nice history before died passed away people within different similar school using given called normally regularly",
    "telling noticed urgently preferably obviously ones years age speak spell moment second line amazing",
    "a an the and or but not no so in on at to from for with by of as is am are was were be been being it its",
    "this that these those i you he she we they me my your his her our their here there what which who how",
    "when where why just really very too also still now then calling call speaking looking trying going",
    "having getting wondering wanting hoping ringing phoning sorry sure okay ok fine good well great happy",
    "afraid glad right wrong about like all both each some any one two three four five six seven eight nine",
    "ten first last please thanks thank yes yeah yep nope um uh er oh hello hi hey can could would should",
    "will do does did have has had get got need want know think see sir madam ma'am miss mister doctor",
    "everyone everybody correct spelled spelt incorrect account card customer service support team agent bank",
    "garage company agent's because if than more most much many out up down over back again today tomorrow",
    "tired ill sick old new born married single interested only out late early free busy ready able unable",
    "currently already i'm it's im i'd i've i'll that's what's don't can't there's instead",
)
ORGANISATION = re.compile(
    r"^(?:inc|llc|ltd|plc|corp|corporation|company|co|group|bank|university|college|hospital|airlines?|street|road|"
    r"avenue)\b",
    re.IGNORECASE,
)
