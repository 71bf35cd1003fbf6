"""Weight, first interaction, first render and memory of the player, beside those of its peers."""
