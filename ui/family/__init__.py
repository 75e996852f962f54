"""What the screens of a family share: its data on one cut, the server's clock, words, acts and the step tracker."""
