"""Parts of the detector `combined`: the network in a fast form, signals of frames, the rules."""
