"""The platforms whose downloads are known, each in a file of its own, in the order in which they are tried."""

from grader.batch.intake.platforms.blackboard import BLACKBOARD
from grader.batch.intake.platforms.brightspace import BRIGHTSPACE
from grader.batch.intake.platforms.by_pattern import by_pattern
from grader.batch.intake.platforms.canvas import CANVAS
from grader.batch.intake.platforms.clones import CLASSROOM50, GITHUB
from grader.batch.intake.platforms.codegrade import CODEGRADE
from grader.batch.intake.platforms.folders import FOLDERS
from grader.batch.intake.platforms.gradescope import GRADESCOPE
from grader.batch.intake.platforms.layout import Download, Found, Layout, Part, listed
from grader.batch.intake.platforms.moodle import MOODLE
from grader.batch.intake.platforms.nbgrader import NBGRADER

# What is the most telling comes first.
PLATFORMS = (
    GRADESCOPE,
    MOODLE,
    BLACKBOARD,
    BRIGHTSPACE,
    CODEGRADE,
    CANVAS,
    CLASSROOM50,
    GITHUB,
    NBGRADER,
)

__all__ = ["FOLDERS", "PLATFORMS", "Download", "Found", "Layout", "Part", "by_pattern", "listed"]
