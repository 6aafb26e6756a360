"""Reading a text, in plain Python: train, suggest, measure, keep. Knows nothing of Django or of cases."""

from wangge.kernel.reading.core.measuring import Evaluation, evaluate
from wangge.kernel.reading.core.model import Model, Suggestion
from wangge.kernel.reading.core.training import train

__all__ = ["Evaluation", "Model", "Suggestion", "evaluate", "train"]
