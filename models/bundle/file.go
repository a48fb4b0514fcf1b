package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// ErrReadBack says that a file doesn't hold what was written to it: the stick or
// card is broken.
var ErrReadBack = errors.New("what was written can't be read back")

// Write writes content to a file atomically: after a crash the file is either complete on
// the disk or unchanged. It writes a second file, flushes it, renames it, flushes the
// folder and reads the file back. It replaces a file of the same name.
func Write(path string, content []byte) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".bundle-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(f.Name()))
	}
	if err := syncFolder(dir); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	back, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(back, content) {
		return fmt.Errorf("%s: %w", path, errors.Join(ErrReadBack, err))
	}
	return nil
}

// syncFolder makes a new name durable. Windows has no such call: it journals names.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
