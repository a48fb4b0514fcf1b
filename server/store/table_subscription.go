package store

import (
	"github.com/google/uuid"

	"buktihadir/models"
)

// AddSubscription stores a new subscription.
func (t *Tx) AddSubscription(s models.Subscription) error { return translate(t.db.Create(&s).Error) }

// Subscription finds a subscription by id.
func (q Queries) Subscription(id uuid.UUID) (models.Subscription, error) {
	return one[models.Subscription](q.db, "id = ?", id)
}

// SubscriptionEntry is a subscription with its user, and the result of the last run.
type SubscriptionEntry struct {
	models.Subscription
	UserName, Email string
	LastAt          models.Millis // of the last run; 0: no run yet
}

// ListSubscriptions lists a user's subscriptions by name, or everybody's.
func (q Queries) ListSubscriptions(user *uuid.UUID, s Slice) (Listed[SubscriptionEntry], error) {
	db := q.db.Table("subscriptions b").Joins("JOIN users u ON u.id = b.user_id")
	if user != nil {
		db = db.Where("b.user_id = ?", *user)
	}
	return listed[SubscriptionEntry](db, `b.*, u.name AS user_name, u.email,
		COALESCE((SELECT MAX(r.created_at) FROM subscription_runs r WHERE r.subscription_id = b.id), 0) AS last_at`, "b.name, b.id", s)
}

// RunEntry is a run with how its mail fares.
type RunEntry struct {
	models.SubscriptionRun
	MailState   models.DeliveryState // empty: no mail, or its content was deleted
	MailProblem string
	NextAt      models.Millis // of a mail that waits
}

// ListRuns lists a subscription's runs, the newest first.
func (q Queries) ListRuns(subscription uuid.UUID, s Slice) (Listed[RunEntry], error) {
	return listed[RunEntry](q.db.Table("subscription_runs r").Joins("LEFT JOIN mails m ON m.id = r.mail_id").Where("r.subscription_id = ?", subscription),
		"r.*, COALESCE(m.state, '') AS mail_state, COALESCE(m.problem, '') AS mail_problem, COALESCE(m.next_at, 0) AS next_at", "r.id DESC", s)
}

// SubscriptionsDue lists the active subscriptions that are due.
func (q Queries) SubscriptionsDue(now models.Millis) ([]models.Subscription, error) {
	return all[models.Subscription](q.db.Where("active = ? AND next_at <= ?", true, now).Order("next_at, id"))
}

// Advance moves a subscription from one due time to the next. ErrNotFound: another
// server was faster, or somebody changed it meanwhile.
func (t *Tx) Advance(s models.Subscription, next models.Millis) error {
	return changed(t.db.Model(&models.Subscription{}).Where("id = ? AND active = ? AND next_at = ?", s.ID, true, s.NextAt).Update("next_at", next))
}

// SwitchSubscription lets a subscription run from a due time on, or pauses it. Ended
// says why, where the server does that.
func (t *Tx) SwitchSubscription(id uuid.UUID, active bool, ended string, next models.Millis) error {
	return changed(t.db.Model(&models.Subscription{}).Where("id = ?", id).Updates(map[string]any{"active": active, "ended": ended, "next_at": next}))
}

// DropSubscription deletes a subscription with its runs. Mail that waits waits on.
func (t *Tx) DropSubscription(id uuid.UUID) error {
	if err := t.db.Where("subscription_id = ?", id).Delete(&models.SubscriptionRun{}).Error; err != nil {
		return translate(err)
	}
	return changed(t.db.Where("id = ?", id).Delete(&models.Subscription{}))
}

// AddRun stores that a subscription was sent, or why not.
func (t *Tx) AddRun(r models.SubscriptionRun) error {
	var err error
	if r.ID, err = NewID(); err != nil {
		return err
	}
	return translate(t.db.Create(&r).Error)
}

// Run finds one run of a subscription.
func (q Queries) Run(subscription, id uuid.UUID) (models.SubscriptionRun, error) {
	return one[models.SubscriptionRun](q.db, "id = ? AND subscription_id = ?", id, subscription)
}

// ForgetRuns deletes what is older than an instant.
func (t *Tx) ForgetRuns(before models.Millis) error {
	return translate(t.db.Where("created_at < ?", before).Delete(&models.SubscriptionRun{}).Error)
}

// CountVisits counts what ListVisits lists, by status.
func (q Queries) CountVisits(f VisitFilter) (map[models.AttendanceStatus]int64, error) {
	return countBy[models.AttendanceStatus, int64](q.visits(f), "a.status")
}
