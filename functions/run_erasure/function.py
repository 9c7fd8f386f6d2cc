"""Erases whom somebody asked to be erased, keeps what a hold keeps, and lets go what is over."""

from __future__ import annotations

from functions.run_erasure.needs import needs_of_subjects
from sotto.core.function_spec import function
from sotto.core.needs import Appends, ReadsBooks, SignsCertificates
from sotto.core.resources import AUDIT
from sotto.core.settings import ConnectInstances
from sotto.core.triggers import Events, Every

FUNCTION = function(
    __name__,
    Events(retries=0),  # the next minute goes on where this one stopped
    Every(minutes=1),
    timeout_s=300,
    needs=(
        ReadsBooks(),
        Appends(AUDIT),
        SignsCertificates(),
        *needs_of_subjects(),
    ),
    settings=(ConnectInstances,),
)
