package anomaly

import "buktihadir/models"

// Weight is how much a case adds to where one should look first. It is an order of
// reading, not a judgement: each point stands beside the cases that it comes from.
// What only people can have done weighs most, what a tired machine does least.
func Weight(k models.CaseKind) int {
	switch k {
	case models.CaseTooFast, models.CaseListOrder, models.CaseTwoDesks, models.CaseRejected:
		return 5
	case models.CaseExactlyOnTime, models.CaseMostlyManual, models.CaseNobodyCame, models.CaseAfterRevocation, models.CaseQuarantine, models.CasePhoneDiffers:
		return 3
	case models.CaseUnlisted, models.CaseWalkIn, models.CaseEpoch, models.CaseClockCorrected:
		return 2
	case models.CaseClockUnsure, models.CaseLateUpload:
		return 1
	}
	return 0
}
