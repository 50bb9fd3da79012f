"""Learning what matches: labelled pairs, average precision, classifiers and metric learning.

Nothing here reads films. Labels come from data sets (`formats`), vectors from files or libraries
(`vectors`); what is trained is a file of tensors with a card beside it (`trained`).
"""
