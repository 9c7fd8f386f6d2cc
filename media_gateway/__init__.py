"""Takes calls of other telephone systems from their WebSockets and puts them into Kinesis Video Streams, in the shape
of Amazon Connect's own: from there on they are calls like any other."""
