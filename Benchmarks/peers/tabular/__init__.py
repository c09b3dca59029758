"""Comparisons with what people use on tables today: PyOD, scikit-learn's imputers, and TVAE of the package ctgan."""
