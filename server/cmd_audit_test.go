package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// officeWithARecord is a data directory in which the office has decided something.
func officeWithARecord(t *testing.T) string {
	t.Helper()
	data, plan := t.TempDir(), filepath.Join(t.TempDir(), "schedule.csv")
	sites, people := filepath.Join(t.TempDir(), "sites.csv"), filepath.Join(t.TempDir(), "people.csv")
	for path, text := range map[string]string{
		sites: "code,name,address,regency,capacity\nT-1,Balai Uji,Jl. Uji,32.73,80\n",
		plan: "class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end\n" +
			"A,K,Kursus,4,LP,Lembaga,T-1,40,1,2024-05-10,08:00,12:00\n",
		people: "number,nik,name,class_code\nP-1,3273000101900001,Siti,A\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"pilot", "add", "--code", "UJI", "--name", "Uji"}, {"import", "sites", sites},
		{"import", "schedule", plan, "--pilot", "UJI"}, {"import", "participants", people, "--pilot", "UJI"}} {
		if got := command(t, append(args, "--data", data)...); got.code != exitDone {
			t.Fatalf("%v: %+v", args, got)
		}
	}
	st, err := store.Open(t.Context(), store.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	class, err := st.Read(t.Context()).ClassByCode("A")
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := st.Read(t.Context()).SessionsOf(class.ID)
	if err != nil {
		t.Fatal(err)
	}
	places, err := st.Read(t.Context()).EnrollmentsOf(class.ID)
	if err != nil || len(places) != 1 {
		t.Fatal(places, err)
	}
	err = st.Write(t.Context(), func(tx *store.Tx) error {
		return tx.Correct(models.Correction{SessionID: sessions[0].ID, EnrollmentID: places[0].ID, Status: models.StatusSick, Reason: "surat", AuthorID: uuid.New(),
			Author: "A"})
	})
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAnAuditSaysWhatIsProvenAndWhatIsNot(t *testing.T) {
	empty, data, file := t.TempDir(), officeWithARecord(t), filepath.Join(t.TempDir(), "catatan.jsonl")
	changed := filepath.Join(t.TempDir(), "diubah.jsonl")
	for _, c := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string
	}{
		{"an empty record has no head", []string{"audit", "head", "--data", empty}, exitRefused, "", "Belum ada yang tercatat"},
		{"the head is a signed note", []string{"audit", "head", "--data", data}, exitDone, "bukti-hadir/log/1\n1\n", "bukti-hadir+"},
		{"nothing was changed", []string{"audit", "check", "--data", data}, exitDone, "tidak ada yang diubah", ""},
		{"an export is written", []string{"audit", "export", file, "--data", data}, exitDone, "catatan.jsonl", ""},
		{"and never over another file", []string{"audit", "export", file, "--data", data}, exitRefused, "", "exists"},
		{"a class that doesn't exist", []string{"audit", "export", file + "2", "--class", "X", "--data", data}, exitRefused, "", "X"},
		{"the export is proven", []string{"audit", "verify", file}, exitDone, "Terbukti: all", ""},
		{"and as an object", []string{"audit", "verify", file, "--json"}, exitDone, `{"proven":true,"of":"all","whole":true,"size":1`, ""},
		{"not with another key", []string{"audit", "verify", file, "--key", "bukti-hadir+00000000+AAAA"}, exitRefused, "", "tidak terbukti"},
		{"a changed one names what was changed", []string{"audit", "verify", changed, "--lang", "en"}, exitRefused, "This entry was changed", "not proven"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if export, err := os.ReadFile(file); err == nil {
				if err := os.WriteFile(changed, bytes.Replace(export, []byte(`"sick"`), []byte(`"late"`), 1), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got := command(t, c.args...)
			if got.code != c.code || !strings.Contains(got.stdout, c.stdout) || !strings.Contains(got.stderr, c.stderr) {
				t.Errorf("%v: %+v\nwant %d, %q, %q", c.args, got, c.code, c.stdout, c.stderr)
			}
		})
	}
}
