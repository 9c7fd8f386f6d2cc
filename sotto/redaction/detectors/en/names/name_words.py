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
GIVEN_ALONE = words_of(
    "james robert michael david richard joseph thomas christopher daniel matthew anthony steven andrew joshua kenneth",
    "kevin brian edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin",
    "brandon",
    "benjamin samuel gregory alexander patrick dennis jerry aaron adam nathan henry zachary douglas peter kyle",
    "noah ethan",
    "jeremy keith roger sean gerald harold dylan arthur lawrence jesse bryan bruce gabriel alan albert elijah vincent",
    "ralph bobby bradley philip eugene simon graham nigel trevor stuart ian neil darren craig gareth callum",
    "connor liam",
    "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret",
    "kimberly",
    "emily donna michelle amanda melissa deborah stephanie dorothy rebecca sharon laura cynthia amy kathleen angela",
    "shirley brenda emma anna pamela nicole samantha katherine christine helen debra rachel carolyn janet maria",
    "catherine",
    "heather diane olivia julie joyce ruth lauren christina joan evelyn judith andrea hannah megan cheryl jacqueline",
    "martha teresa sara janice ann kathryn abigail sophia frances alice judy isabella julia denise doris marilyn",
    "danielle theresa diana natalie alexandra gillian fiona hazel lorraine maureen sheila yvonne tracy claire louise",
)
"""The commonest that mean nothing else; from general knowledge."""
ORGANISATION = re.compile(
    r"^(?:inc|llc|ltd|plc|corp|corporation|company|co|group|bank|university|college|hospital|airlines?|street|road|"
    r"avenue)\b",
    re.IGNORECASE,
)
