package facts

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/bits"
)

// md5 is the digest of RFC 1321, in hexadecimal. Package crypto/md5 brings
// the FIPS module along: 200 kB and its start-up, in every program that reads
// facts, for one number that is no secret.
func md5(message []byte) string {
	padded := append(append([]byte{}, message...), 0x80)
	for len(padded)%64 != 56 {
		padded = append(padded, 0)
	}
	padded = binary.LittleEndian.AppendUint64(padded, uint64(len(message))*8)
	state := [4]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}
	for ; len(padded) > 0; padded = padded[64:] {
		md5Block(&state, padded[:64])
	}
	var sum []byte
	for _, word := range state {
		sum = binary.LittleEndian.AppendUint32(sum, word)
	}
	return hex.EncodeToString(sum)
}

func md5Block(state *[4]uint32, block []byte) {
	shifts := [4][4]int{{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}
	a, b, c, d := state[0], state[1], state[2], state[3]
	for i := range 64 {
		var f uint32
		var at int
		switch i / 16 {
		case 0:
			f, at = b&c|^b&d, i
		case 1:
			f, at = d&b|^d&c, 5*i+1
		case 2:
			f, at = b^c^d, 3*i+5
		case 3:
			f, at = c^(b|^d), 7*i
		}
		constant := uint32(math.Floor(math.Abs(math.Sin(float64(i+1))) * (1 << 32)))
		f += a + constant + binary.LittleEndian.Uint32(block[at%16*4:])
		a, b, c, d = d, b+bits.RotateLeft32(f, shifts[i/16][i%4]), b, c
	}
	state[0], state[1], state[2], state[3] = state[0]+a, state[1]+b, state[2]+c, state[3]+d
}
