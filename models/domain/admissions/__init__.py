"""The rules of kindergarten admissions: one machine for all programmes, and how places are given out."""
