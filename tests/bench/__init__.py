"""Performance as ratios: the product and a floor beside it, interleaved in the same run. `make bench` prints the
table.
"""
