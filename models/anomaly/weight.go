package anomaly

import "buktihadir/models"

// Weight is how much a case adds to the order in which a reviewer looks at sites and
// sessions. It is an order of reading, not a judgement: the page shows each point beside
// its cases. Faults that only people can cause weigh most, faults of machines least.
func Weight(k models.CaseKind) int {
	switch k {
	case models.CaseTooFast, models.CaseListOrder, models.CaseTwoDesks, models.CaseRejected, models.CaseOwed:
		return 5
	case models.CaseExactlyOnTime, models.CaseMostlyManual, models.CaseNobodyCame, models.CaseAfterRevocation, models.CaseQuarantine, models.CasePhoneDiffers,
		models.CaseOtherSite:
		return 3
	case models.CaseUnlisted, models.CaseWalkIn, models.CaseUnknownSession, models.CaseUnknownPerson, models.CaseCancelled,
		models.CasePlanChanged, models.CaseMissed, models.CaseEpoch, models.CaseClockCorrected:
		return 2
	case models.CaseClockUnsure, models.CaseLateUpload:
		return 1
	}
	return 0
}
