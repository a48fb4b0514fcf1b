package mail

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Mailed counts what became of a wish to mail links.
type Mailed struct{ Queued, Before, Without int }

// Links puts a letter for everybody who has a ticket and an address in the outbox,
// all of them or none: once for each link, unless it is asked for again. The history
// tells it of what done names.
func Links(
	ctx context.Context,
	st *store.Store,
	by office.Actor,
	f store.LinkFilter,
	again bool,
	letter func(store.LinkEntry) Letter,
	done office.Done,
) (n Mailed, err error) {
	err = st.Write(ctx, func(tx *store.Tx) error {
		list, err := lettersDue(tx, f, again, &n)
		if err != nil {
			return err
		}
		for _, x := range list {
			if _, err := Post(tx, letter(x)); err != nil {
				return err
			}
			if err := tx.LinkMailed(x.Participant); err != nil {
				return err
			}
		}
		n.Queued = len(list)
		done.Action, done.Detail = "links.mail", strconv.Itoa(n.Queued)
		return by.Record(tx, done)
	})
	return n, err
}

// lettersDue reads to the end before anything is written.
func lettersDue(tx *store.Tx, f store.LinkFilter, again bool, n *Mailed) (list []store.LinkEntry, err error) {
	seen := map[uuid.UUID]bool{}
	_, err = tx.EachLink(f, func(x store.LinkEntry) error {
		switch {
		case seen[x.ID] || !x.HasTicket:
		case x.Email == "":
			n.Without++
		case x.LinkMailed == x.LinkVersion+1 && !again:
			n.Before++
		default:
			list = append(list, x)
		}
		seen[x.ID] = seen[x.ID] || x.HasTicket
		return nil
	})
	return list, err
}
