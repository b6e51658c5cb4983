"""The attacker: what a reader can deduce about a hidden count from what is about to be published.

Written apart from the protection and knows nothing of how it was done: only what any reader knows (design.md section 8,
"What links"). The truth is used to see which deductions hit a small count, and as the first legal table.
reader.py: what each figure tells; links.py: the sums between figures; solve.py: bounds and linear programs;
attack.py: the attack; editions.py: what two editions tell together.
"""
