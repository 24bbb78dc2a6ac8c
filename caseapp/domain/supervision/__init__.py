"""What the procuratorate looks at: cases that should have been transferred, in an order that nobody below it chooses."""
