"""Referrals as signed files between separated networks: keys, steps, and what both sides make of them."""
