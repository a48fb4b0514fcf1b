package models

// Restore is the server's word that its database was put back from a backup.
type Restore struct {
	At     Millis `gorm:"primaryKey;autoIncrement:false"`
	Size   int64  // of the log of the record, as the backup had it
	Reason string
	Actor  string
	Note   []byte // the same, signed (ledger.Restore)
}
