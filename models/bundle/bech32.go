package bundle

// bech32 is the text form of BIP 173 without its limit of length, as age writes
// keys. Only the way out is here: age reads.
func bech32(hrp string, data []byte) string {
	const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	values := regroup(data)
	var expanded []byte
	for _, c := range []byte(hrp) {
		expanded = append(expanded, c>>5)
	}
	expanded = append(expanded, 0)
	for _, c := range []byte(hrp) {
		expanded = append(expanded, c&31)
	}
	const checksum = 6
	sum := polymod(append(append(expanded, values...), make([]byte, checksum)...)) ^ 1
	for i := range checksum {
		values = append(values, byte(sum>>(5*(checksum-1-i))&31))
	}
	out := []byte(hrp + "1")
	for _, v := range values {
		out = append(out, alphabet[v])
	}
	return string(out)
}

// regroup cuts bytes into groups of five bits, the last one padded with zeros.
func regroup(data []byte) []byte {
	var out []byte
	var acc, bits uint
	for _, b := range data {
		acc, bits = acc<<8|uint(b), bits+8
		for ; bits >= 5; bits -= 5 {
			out = append(out, byte(acc>>(bits-5)&31))
		}
	}
	if bits > 0 {
		out = append(out, byte(acc<<(5-bits)&31))
	}
	return out
}

func polymod(values []byte) uint32 {
	generator := [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3}
	sum := uint32(1)
	for _, v := range values {
		top := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ uint32(v)
		for i, g := range generator {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	return sum
}
