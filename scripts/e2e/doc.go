// Package e2e tests what needs both programs, or a browser, or both: the stories
// of people at a desk and at the office, told with real parts.
//
// Its parts: [Programs] are the two binaries run as processes; [Page] is a tab of
// a real Chromium that may look through a fake camera (package camera); package pg
// is a throwaway PostgreSQL. Each of them fails the test with a sentence
// when this machine lacks something, and leaves nothing running behind.
package e2e
