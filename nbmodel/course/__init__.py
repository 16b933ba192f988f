"""Teaching: the exercises of the notebooks, and the feedback on an answer."""

from nbmodel.course.exercises import check

__all__ = ["check"]
