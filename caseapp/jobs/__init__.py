"""What runs by itself: a table of jobs and the process that runs them. Each job is one service call."""
