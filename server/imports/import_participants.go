package imports

import (
	"errors"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

func participantColumns() []column {
	return []column{
		{name: "number", aliases: []string{"registration_no", "registration_number", "nomor_registrasi", "no_registrasi", "nomor"}, example: "#contoh"},
		{name: "nik", example: "3273011506950001"},
		{name: "name", aliases: []string{"nama"}, example: "Siti Aminah"},
		{name: "phone", aliases: []string{"telepon", "no_hp", "hp", "nomor_hp"}, optional: true, example: "081234567890"},
		{name: "email", aliases: []string{"e-mail", "surel", "alamat_email"}, optional: true, example: "siti@contoh.id"},
		{name: "birth_date", aliases: []string{"tanggal_lahir"}, optional: true, example: "1995-06-15"},
		{name: "sex", aliases: []string{"jenis_kelamin", "gender"}, optional: true, example: "perempuan", choices: []string{"laki-laki", "perempuan"}},
		{name: "regency", aliases: []string{"kabupaten", "kabupaten_kota", "regency_code", "kode_kabupaten"}, optional: true, example: "32.73 Kota Bandung",
			choices: regencies()},
		{name: "wave", aliases: []string{"gelombang"}, optional: true, example: "1"},
		{name: "class_code", aliases: []string{"kelas", "kode_kelas", "class"}, optional: true, example: "BDG-BARISTA-1"},
	}
}

// newcomer is a participant as one row has it.
type newcomer struct {
	reading
	models.Participant
	nik   models.NIK
	phone models.Phone
	email string
	class string
}

func (im *importer) participants() error {
	var people []*newcomer
	numbers, niks := map[string]bool{}, map[models.NIK]bool{}
	im.each(func(r reading) {
		n := im.newcomer(r)
		if n.Number != "" && numbers[n.Number] {
			r.wrong("number", "import.twice", n.Number)
		}
		if n.nik != "" && niks[n.nik] {
			r.wrong("nik", "import.nik_twice", "")
		}
		numbers[n.Number], niks[n.nik] = true, true
		people = append(people, n)
	})
	if err := im.meet(people); err != nil {
		return err
	}
	classes, err := im.classes(people)
	if err != nil || !im.report.OK() {
		return err
	}
	if err := im.savePeople(people); err != nil {
		return err
	}
	wanted := map[uuid.UUID][]uuid.UUID{}
	for _, n := range people {
		if n.class != "" {
			wanted[classes[n.class].ID] = append(wanted[classes[n.class].ID], n.ID)
		}
	}
	_, warnings, err := seating.Enroll(im.tx, wanted)
	if err != nil {
		return im.refused(err)
	}
	for _, w := range warnings {
		im.report.Notices = append(im.report.Notices, w.Problem())
	}
	im.progress(len(people), len(people))
	return nil
}

func (im *importer) newcomer(r reading) *newcomer {
	n := &newcomer{reading: r, class: r.text("class_code")}
	n.Number, n.Name = r.needed("number"), r.needed("name")
	if text := r.needed("nik"); text != "" {
		nik, err := models.ParseNIK(text)
		if bad, ok := errors.AsType[models.NIKError](err); ok {
			r.wrong("nik", "import.nik_"+string(bad), "")
		}
		n.nik = nik
	}
	if text := r.text("phone"); text != "" {
		phone, err := models.ParsePhone(text)
		if bad, ok := errors.AsType[models.PhoneError](err); ok {
			r.wrong("phone", "import.phone_"+string(bad), "")
		}
		n.phone = phone
	}
	if text := r.text("email"); text != "" {
		email, err := models.ParseEmail(text)
		if err != nil {
			r.wrong("email", "import.bad_email", "")
		}
		n.email = email
	}
	if r.text("birth_date") != "" {
		n.BirthDate = r.date("birth_date")
	}
	n.Sex = r.sex()
	if r.text("wave") != "" {
		n.Wave = r.number("wave", 1, 10_000)
	}
	if text := r.text("regency"); text != "" {
		if regency, ok := regencyOf(text); ok {
			n.Regency = regency.Code
		} else {
			r.wrong("regency", "import.unknown_regency", text)
		}
	}
	return n
}

func (r reading) sex() models.Sex {
	switch text := r.text("sex"); text {
	case "":
		return ""
	case "male", "m", "M", "l", "L", "laki-laki", "Laki-laki", "pria":
		return models.SexMale
	case "female", "f", "F", "p", "P", "perempuan", "Perempuan", "wanita":
		return models.SexFemale
	default:
		r.wrong("sex", "import.bad_sex", text)
		return ""
	}
}

// meet finds who is known already: the same number must be the same person.
func (im *importer) meet(people []*newcomer) error {
	var numbers []string
	var indexes [][]byte
	for _, n := range people {
		numbers = append(numbers, n.Number)
		if n.nik != "" {
			indexes = append(indexes, im.tx.NIKIndex(n.nik))
		}
	}
	byNumber, byNIK := map[string]models.Participant{}, map[string]models.Participant{}
	found, err := im.tx.ParticipantsByNumbers(numbers)
	if err != nil {
		return err
	}
	for _, p := range found {
		byNumber[p.Number] = p
	}
	if found, err = im.tx.ParticipantsByNIK(indexes); err != nil {
		return err
	}
	for _, p := range found {
		byNIK[string(p.NIKIndex)] = p
	}
	for _, n := range people {
		if n.nik == "" || n.Number == "" {
			continue
		}
		same, known := byNumber[n.Number]
		holder, held := byNIK[string(im.tx.NIKIndex(n.nik))]
		switch {
		case known && (!held || holder.ID != same.ID):
			n.wrong("number", "import.number_of_another", n.Number)
		case held && !known:
			n.wrong("nik", "import.nik_of_another", holder.Number)
		case known:
			n.ID, n.LinkVersion, n.CreatedAt = same.ID, same.LinkVersion, same.CreatedAt
			if !n.sheet.has("email") { // an older list says nothing about addresses
				n.EmailSealed = same.EmailSealed
			}
			im.report.Changed++
		default:
			if n.ID, err = store.NewID(); err != nil {
				return err
			}
			im.report.New++
		}
	}
	return nil
}

// classes finds the classes that rows name.
func (im *importer) classes(people []*newcomer) (map[string]models.Class, error) {
	rows, err := im.tx.ClassesOf(im.pilot.ID)
	if err != nil {
		return nil, err
	}
	classes := map[string]models.Class{}
	for _, c := range rows {
		classes[c.Code] = c
	}
	for _, n := range people {
		if _, ok := classes[n.class]; n.class != "" && !ok {
			n.wrong("class_code", "import.unknown_class", n.class)
		}
	}
	return classes, nil
}

func (im *importer) savePeople(people []*newcomer) error {
	const part = 5000
	var fresh, changed []models.Participant
	flush := func() error {
		if err := im.tx.AddParticipants(fresh); err != nil {
			return err
		}
		err := im.tx.SaveParticipants(changed)
		fresh, changed = fresh[:0], changed[:0]
		return err
	}
	var renamed []uuid.UUID
	for i, n := range people {
		if err := im.tx.SealParticipant(&n.Participant, n.nik, n.phone); err != nil {
			return err
		}
		if n.EmailSealed == nil {
			if err := im.tx.SealEmail(&n.Participant, n.email); err != nil {
				return err
			}
		}
		n.UpdatedAt = im.now
		if n.CreatedAt == 0 {
			fresh = append(fresh, n.Participant)
		} else {
			changed, renamed = append(changed, n.Participant), append(renamed, n.ID)
		}
		if i%part == part-1 {
			if err := flush(); err != nil {
				return err
			}
			im.progress(len(people)/2+i/2, len(people))
		}
	}
	if err := flush(); err != nil {
		return err
	}
	places, err := im.tx.EnrollmentsOfParticipants(renamed...)
	if err != nil {
		return err
	}
	return im.tx.PublishEnrollments(places...)
}
