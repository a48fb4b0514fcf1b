// Package models holds the words that the server and the site-agent agree on:
// entities, identifiers and enumerations, named as in the glossary below.
//
// Entities are GORM rows of the server's database; the site-agent receives the
// part of them that its site needs through models/exchange. Nothing here has
// behaviour that decides about attendance: that is models/attendance.
//
// Conventions: identifiers are UUIDv7, except those in a QR code, which are a Ref of 64
// random bits. Instants are Millis (UTC); dates are LocalDate in the zone of the site.
//
// # Glossary
//
// Code name, word on Indonesian pages, meaning:
//
//	Pilot         uji coba                 a pilot of in-person training, with its phase, quota and budget
//	Wave          gelombang                the intake in which a participant was accepted
//	Provider      lembaga pelatihan        the institution that teaches
//	Platform      platform digital         where the participant bought the course
//	Course        pelatihan                what is taught: title, hours, mode
//	Class         kelas                    one run of a course, at a site, for its enrolled participants
//	Session       sesi                     one meeting of a class
//	Site          tempat pelatihan         the place where classes meet; tempat alone means nothing
//	Province,     provinsi,                reference data, in models/region
//	Regency       kabupaten/kota
//	Participant   peserta                  a person who learns; the NIK is their national identity number
//	Instructor    tenaga pelatih           a person who teaches, and signs in too
//	Officer       petugas presensi         a person who works a desk
//	Supervisor    penyelia                 an officer who may admit against a refusal
//	Enrollment    kepesertaan              a participant's membership in a class
//	Seat          kursi                    room for one enrolment, free or taken
//	Ticket        tiket                    the signed QR code of one enrolment
//	Agent         komputer presensi        a registered site-agent; agen in command line, API and log
//	Desk          meja                     the spot where people are scanned
//	ScanEvent     catatan, pindaian        one thing that happened at a desk; never changed, never deleted
//	manual        catat manual             a check-in without a ticket: an ID card was seen
//	Journal       jurnal                   an agent's signed chain of its events
//	Roster        daftar peserta           what a site has to know of its classes and people
//	Attendance    kehadiran                the result of a person at a session; presensi is the recording
//	Correction    koreksi                  an office's decision that replaces the derived status
//	Case          perkara                  something that a person has to decide
//	Completion    penyelesaian             that a participant has completed a class
//	Document      daftar hadir,            a paper that is issued when a session or a class is closed
//	              berita acara
//	Bundle        berkas presensi,         what travels as a file where there is no network
//	              berkas balasan,
//	              berkas pendaftaran
//	SiteVisit     kunjungan pemantauan     a monitor's visit to a site, with its findings
//
// The statuses of attendance: present hadir, late terlambat, left_early pulang lebih awal,
// excused izin, sick sakit, absent alpa, pending belum, unverified belum diverifikasi,
// inside di dalam (came, and wasn't seen to leave yet), not_enrolled belum terdaftar (was
// enrolled after the session). A result is provisional (sementara) while it may still change
// without a decision of the office, and final (final) from then on.
package models
