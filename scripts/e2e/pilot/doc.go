// Package pilot plays a whole pilot: ten provinces, 60 sites, 300 classes and 9,000
// participants are planned on the office's pages, three weeks of attendance come in by
// the agents' door from the sites' own programs, and a reviewer's questions find their
// answers on the pages. The office runs inside the test, on a clock that the test sets:
// nothing else about it differs from the program. It has tests alone.
package pilot
