package account

import (
	"fmt"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"buktihadir/server/office"
)

// These are the lengths of a password in characters. Length makes a password strong;
// rules about digits and symbols only make it predictable (NIST SP 800-63B §3.1.1.2).
const (
	MinPassword = 10
	MaxPassword = 128
)

// hashing are the parameters of argon2id (OWASP password storage, second choice
// of equal strength: little memory, so that a small server bears many at once).
func hashing() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

func checkPassword(password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return office.RefuseField("password", "account.password_short", "Min", MinPassword)
	case n > MaxPassword:
		return office.RefuseField("password", "account.password_long", "Max", MaxPassword)
	}
	return nil
}

// hash takes one of few places, so that a crowd of guesses can't fill the memory.
func (a *Accounts) hash(password string) (string, error) {
	a.hashers <- struct{}{}
	defer func() { <-a.hashers }()
	h, err := argon2id.CreateHash(password, hashing())
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return h, nil
}

// matches compares a password. Without a hash it takes the same time, so that the time
// does not show which accounts exist.
func (a *Accounts) matches(password, hash string) (bool, error) {
	if utf8.RuneCountInString(password) > MaxPassword {
		return false, nil
	}
	known := hash != ""
	if !known {
		hash = a.decoy
	}
	a.hashers <- struct{}{}
	defer func() { <-a.hashers }()
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return ok && known, nil
}
