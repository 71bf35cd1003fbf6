"""One module for each thing that `crossings.cases.check` looks at."""
