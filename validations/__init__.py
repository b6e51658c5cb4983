"""What must hold: contracts on what arrives, the attack on what leaves, the gate in between.

Imports nothing of `assets` or `orchestration`: what must hold is known before anything is made.
"""
