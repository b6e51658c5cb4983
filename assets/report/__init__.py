"""What an owner is told of a delivery: the op-orde-rapport, whom to ask, how long it is kept. Judges nothing."""
