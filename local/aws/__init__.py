"""An AWS in one process: real protocols on one port, so that handlers differ from production in addresses only."""
