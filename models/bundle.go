package models

import "github.com/google/uuid"

// CarriedBundle is one import of a bundle: what came of it, and the reply to carry
// back. Only an agent's newest reply is kept.
type CarriedBundle struct {
	ID       uuid.UUID
	AgentID  uuid.UUID
	Received Millis
	Made     Millis // by the agent's clock
	Actor    string
	Enrolled bool // it made a program an agent
	Batches  int
	Events   int    // that were not here yet
	Rejected int    `gorm:"column:strays"` // batches that could not be verified
	Items    int    // of the roster in the reply
	Conflict string `gorm:"column:trouble"` // what kept a batch from continuing the journal
	Revoked  bool
	Reply    []byte // an age file for the agent alone
}
