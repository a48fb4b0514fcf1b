package store_test

import (
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// The office finds people as a desk does; a row from before there was this search is found
// after the next start.
func TestTheOfficeFindsPeopleAsADeskDoes(t *testing.T) {
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		person := models.Participant{ID: uuid.New(), Number: "PRK-480005", Name: "M. Ma'ruf  Ḥasan", LinkVersion: 1}
		if err := st.Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.SealParticipant(&person, "3273011506950001", ""); err != nil {
				return err
			}
			return tx.AddParticipants([]models.Participant{person})
		}); err != nil {
			t.Fatal(err)
		}
		find := func(words string) int {
			t.Helper()
			l, err := st.Read(t.Context()).ListParticipants(store.ParticipantFilter{Words: words}, store.Slice{Limit: 9})
			if err != nil {
				t.Fatal(err)
			}
			return len(l.Rows)
		}
		look := func(when string) {
			t.Helper()
			for _, words := range []string{"Ma’ruf", "maruf hasan", "hasan  Muhammad", "Mochamad", "prk480005", "480005", "0005", "prk-48", "3273011506950001"} {
				if find(words) != 1 {
					t.Errorf("%s, %q finds nobody", when, words)
				}
			}
			for _, words := range []string{"%", "_", "siti", "480006", "maruf siti", "aruf"} {
				if find(words) != 0 {
					t.Errorf("%s, %q finds somebody", when, words)
				}
			}
		}
		look("as added")
		if err := st.DB().Exec("UPDATE participants SET search_index = ''").Error; err != nil {
			t.Fatal(err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		st = open(t, cfg)
		look("after the update")
		person.Name = "Dewi Lestari"
		if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveParticipants([]models.Participant{person}) }); err != nil {
			t.Fatal(err)
		}
		if find("maruf") != 0 || find("lestari dewi") != 1 {
			t.Error("the old name is found, or the new one isn't")
		}
		if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.ErasePerson(person.ID) }); err != nil {
			t.Fatal(err)
		}
		var index string
		if err := st.DB().Table("participants").Select("search_index").Scan(&index).Error; err != nil || index != "" {
			t.Errorf("after the erasure the search still knows %q, %v", index, err)
		}
	})
}
