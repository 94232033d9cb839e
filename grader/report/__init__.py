"""One Report and its views: terminal, HTML, Markdown, JUnit, Gradescope, GitHub and JSON."""
