"""The kit grades its grader: can its checks tell right from wrong, and does it name mistakes by their names?"""
