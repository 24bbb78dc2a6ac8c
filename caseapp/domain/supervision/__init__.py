"""What the procuratorate looks at: what should have been transferred, in an order that nobody below it chooses."""
