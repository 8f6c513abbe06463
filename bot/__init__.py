"""LDN Evidence Bot: sourced answers to questions on low-dose naltrexone (LDN)."""

__version__ = "0.1.0"
