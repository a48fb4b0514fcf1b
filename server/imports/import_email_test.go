package imports_test

import (
	"testing"

	"buktihadir/server/imports"
	"buktihadir/server/plan/plantest"
)

func TestAnAddressStaysUntilAListWithAddressesSaysOtherwise(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		const head = "number,nik,name,surel\n"
		row := func(email string) string { return "REG-0," + plantest.NIK(0) + ",Peserta 0," + email + "\n" }
		for _, step := range []struct{ name, list, want string }{
			{"it comes with the list", head + row("Siti@Contoh.id"), "Siti@contoh.id"},
			{"a list without addresses leaves it", plantest.PeopleHead + plantest.Person(0, ""), "Siti@contoh.id"},
			{"a list with another one changes it", head + row("baru@contoh.id"), "baru@contoh.id"},
			{"a list with none takes it away", head + row(""), ""},
		} {
			o.Good(imports.KindParticipants, step.list)
			if got, err := o.Store.Read(t.Context()).EmailOf(o.Participant(0)); got != step.want || err != nil {
				t.Errorf("%s: %q, %v; want %q", step.name, got, err, step.want)
			}
		}
		if rep, err := o.Load(imports.KindParticipants, head+row("bukan alamat")); err == nil || len(rep.Errors) != 1 || rep.Errors[0].Key != "import.bad_email" ||
			rep.Errors[0].Value != "" {
			t.Errorf("what is no address: %v %+v", err, rep.Errors)
		}
	})
}
