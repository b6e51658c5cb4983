"""What the kluis knows of deliveries: the record of each, its stored rows, what came when. Reads and judges nothing."""
