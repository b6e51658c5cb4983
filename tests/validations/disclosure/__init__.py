"""Tests of disclosure control: made-up gemeenten, the attacker against known answers, and what both cost."""
