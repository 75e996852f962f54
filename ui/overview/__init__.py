"""The first screen: what each service costs, when to pay, what to do next."""
