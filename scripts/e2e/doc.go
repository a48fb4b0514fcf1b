// Package e2e tests what needs both programs or a browser: the stories of people at a
// desk and at the office, played with the real parts.
//
// Its parts: [Programs] runs the two binaries as processes; [Page] is a tab of a real
// Chromium that may look through a fake camera (package camera); package pg is a
// temporary PostgreSQL. Each of them fails the test with a clear sentence if this machine
// lacks something, and stops everything that it started.
package e2e
