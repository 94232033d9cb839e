"""The platforms whose downloads are known, each in a file of its own, in the order in which they are tried."""

from grader.batch.platforms.blackboard import BLACKBOARD
from grader.batch.platforms.brightspace import BRIGHTSPACE
from grader.batch.platforms.by_pattern import by_pattern
from grader.batch.platforms.canvas import CANVAS
from grader.batch.platforms.clones import CLASSROOM50, GITHUB
from grader.batch.platforms.codegrade import CODEGRADE
from grader.batch.platforms.folders import FOLDERS
from grader.batch.platforms.gradescope import GRADESCOPE
from grader.batch.platforms.layout import Download, Found, Layout, Part, listed
from grader.batch.platforms.moodle import MOODLE
from grader.batch.platforms.nbgrader import NBGRADER

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
