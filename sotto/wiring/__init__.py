"""The composition root: the one place where adapters are chosen.

``Sotto`` (sotto.wiring.sotto) is an object made of settings, with everything that a function needs as properties that
are built at first use. Each module here adds the properties of one subject, and imports adapters inside them, so that a
function imports only what it asks for. The embedded stack makes the same objects of other settings.
"""
