package models

import "github.com/google/uuid"

// CarriedBundle is one import of a bundle: its result, and the reply to carry back. The
// server keeps only the newest reply of each agent.
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
	Conflict string `gorm:"column:trouble"` // why a batch did not continue the journal
	Revoked  bool
	Reply    []byte // an age file for the agent alone
}
