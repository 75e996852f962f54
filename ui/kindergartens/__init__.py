"""The catalogue of kindergartens: cards, groups, reviews, feedback."""
