"""What so many leads a day need, told by a small model of the program fed with measured costs."""
