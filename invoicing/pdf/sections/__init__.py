"""The parts of the look *modern*; a further look is a further set over the same sheet and paper."""
