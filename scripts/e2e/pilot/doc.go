// Package pilot plays a whole pilot: ten provinces, 60 sites, 300 classes and 9,000
// participants are planned on the office's pages. Three weeks of attendance arrive
// through the agents' API from the sites' own programs, and the pages answer a reviewer's
// questions. The office runs inside the test, on a clock that the test sets; nothing else
// differs from the program. The package has only tests.
package pilot
