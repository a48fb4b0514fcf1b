package autoplan

// Timetable is what Solve chooses from.
func Timetable(p Problem) []Slot { return timetable(&p) }
