"""How long things take, in units of `import torch` on the same machine, in the same run; no test asserts a time."""
