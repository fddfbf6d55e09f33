"""Documents for people's eyes: the QR code on paper and the live badge; the same facts as everywhere, drawn.

Pure: facts and a time in, bytes out. Nothing here fetches, decides or signs; a drawing never says more than its facts.
"""
