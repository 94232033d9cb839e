"""Wrong answers, one defect each: the checks must let none of them through."""
