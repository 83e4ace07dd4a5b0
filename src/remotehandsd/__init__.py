"""The remote-hands desk: tickets, the people who ask, the people who do, and the proof."""
