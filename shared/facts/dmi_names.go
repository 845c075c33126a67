package facts

import (
	"strconv"
	"strings"
)

// coded looks a code up in a list of "code name|", the code in hexadecimal.
func coded(list string, code int) string {
	_, rest, found := strings.Cut(list, "|"+hexadecimal(code)+" ")
	if !found {
		return "<OUT OF SPEC>"
	}
	name, _, _ := strings.Cut(rest, "|")
	return name
}

func hexadecimal(n int) string { return strconv.FormatInt(int64(n), 16) }

// processorFamilies is the processor families of DSP0134 7.5.2, as dmidecode spells them.
const processorFamilies = "|" +
	"1 Other|2 Unknown|3 8086|4 80286|5 80386|6 80486|7 8087|8 80287|9 80387|a 80487|b Pentium|c Pentium Pro|d Pentium II|" +
	"e Pentium MMX|f Celeron|10 Pentium II Xeon|11 Pentium III|12 M1|13 M2|14 Celeron M|15 Pentium 4 HT|18 Duron|19 K5|1a K6|1b K6-2|" +
	"1c K6-3|1d Athlon|1e AMD29000|1f K6-2+|20 Power PC|21 Power PC 601|22 Power PC 603|23 Power PC 603+|24 Power PC 604|" +
	"25 Power PC 620|26 Power PC x704|27 Power PC 750|28 Core Duo|29 Core Duo Mobile|2a Core Solo Mobile|2b Atom|2c Core M|" +
	"2d Core m3|2e Core m5|2f Core m7|30 Alpha|31 Alpha 21064|32 Alpha 21066|33 Alpha 21164|34 Alpha 21164PC|35 Alpha 21164a|" +
	"36 Alpha 21264|37 Alpha 21364|38 Turion II Ultra Dual-Core Mobile M|39 Turion II Dual-Core Mobile M|3a Athlon II Dual-Core M|" +
	"3b Opteron 6100|3c Opteron 4100|3d Opteron 6200|3e Opteron 4200|3f FX|40 MIPS|41 MIPS R4000|42 MIPS R4200|43 MIPS R4400|" +
	"44 MIPS R4600|45 MIPS R10000|46 C-Series|47 E-Series|48 A-Series|49 G-Series|4a Z-Series|4b R-Series|4c Opteron 4300|" +
	"4d Opteron 6300|4e Opteron 3300|4f FirePro|50 SPARC|51 SuperSPARC|52 MicroSPARC II|53 MicroSPARC IIep|54 UltraSPARC|" +
	"55 UltraSPARC II|56 UltraSPARC IIi|57 UltraSPARC III|58 UltraSPARC IIIi|60 68040|61 68xxx|62 68000|63 68010|64 68020|65 68030|" +
	"66 Athlon X4|67 Opteron X1000|68 Opteron X2000|69 Opteron A-Series|6a Opteron X3000|6b Zen|70 Hobbit|78 Crusoe TM5000|" +
	"79 Crusoe TM3000|7a Efficeon TM8000|80 Weitek|82 Itanium|83 Athlon 64|84 Opteron|85 Sempron|86 Turion 64|87 Dual-Core Opteron|" +
	"88 Athlon 64 X2|89 Turion 64 X2|8a Quad-Core Opteron|8b Third-Generation Opteron|8c Phenom FX|8d Phenom X4|8e Phenom X2|" +
	"8f Athlon X2|90 PA-RISC|91 PA-RISC 8500|92 PA-RISC 8000|93 PA-RISC 7300LC|94 PA-RISC 7200|95 PA-RISC 7100LC|96 PA-RISC 7100|" +
	"a0 V30|a1 Quad-Core Xeon 3200|a2 Dual-Core Xeon 3000|a3 Quad-Core Xeon 5300|a4 Dual-Core Xeon 5100|a5 Dual-Core Xeon 5000|" +
	"a6 Dual-Core Xeon LV|a7 Dual-Core Xeon ULV|a8 Dual-Core Xeon 7100|a9 Quad-Core Xeon 5400|aa Quad-Core Xeon|" +
	"ab Dual-Core Xeon 5200|ac Dual-Core Xeon 7200|ad Quad-Core Xeon 7300|ae Quad-Core Xeon 7400|af Multi-Core Xeon 7400|" +
	"b0 Pentium III Xeon|b1 Pentium III Speedstep|b2 Pentium 4|b3 Xeon|b4 AS400|b5 Xeon MP|b6 Athlon XP|b7 Athlon MP|b8 Itanium 2|" +
	"b9 Pentium M|ba Celeron D|bb Pentium D|bc Pentium EE|bd Core Solo|bf Core 2 Duo|c0 Core 2 Solo|c1 Core 2 Extreme|c2 Core 2 Quad|" +
	"c3 Core 2 Extreme Mobile|c4 Core 2 Duo Mobile|c5 Core 2 Solo Mobile|c6 Core i7|c7 Dual-Core Celeron|c8 IBM390|c9 G4|ca G5|" +
	"cb ESA/390 G6|cc z/Architecture|cd Core i5|ce Core i3|cf Core i9|d2 C7-M|d3 C7-D|d4 C7|d5 Eden|d6 Multi-Core Xeon|" +
	"d7 Dual-Core Xeon 3xxx|d8 Quad-Core Xeon 3xxx|d9 Nano|da Dual-Core Xeon 5xxx|db Quad-Core Xeon 5xxx|dd Dual-Core Xeon 7xxx|" +
	"de Quad-Core Xeon 7xxx|df Multi-Core Xeon 7xxx|e0 Multi-Core Xeon 3400|e4 Opteron 3000|e5 Sempron II|" +
	"e6 Embedded Opteron Quad-Core|e7 Phenom Triple-Core|e8 Turion Ultra Dual-Core Mobile|e9 Turion Dual-Core Mobile|" +
	"ea Athlon Dual-Core|eb Sempron SI|ec Phenom II|ed Athlon II|ee Six-Core Opteron|ef Sempron M|fa i860|fb i960|100 ARMv7|" +
	"101 ARMv8|104 SH-3|105 SH-4|118 ARM|119 StrongARM|12c 6x86|12d MediaGX|12e MII|140 WinChip|15e DSP|1f4 Video Processor|200 RV32|" +
	"201 RV64|202 RV128|"

// processorUpgrades is the sockets of DSP0134 7.5.5, as dmidecode spells them.
const processorUpgrades = "|" +
	"1 Other|2 Unknown|3 Daughter Board|4 ZIF Socket|5 Replaceable Piggy Back|6 None|7 LIF Socket|8 Slot 1|9 Slot 2|a 370-pin Socket|" +
	"b Slot A|c Slot M|d Socket 423|e Socket A (Socket 462)|f Socket 478|10 Socket 754|11 Socket 940|12 Socket 939|13 Socket mPGA604|" +
	"14 Socket LGA771|15 Socket LGA775|16 Socket S1|17 Socket AM2|18 Socket F (1207)|19 Socket LGA1366|1a Socket G34|1b Socket AM3|" +
	"1c Socket C32|1d Socket LGA1156|1e Socket LGA1567|1f Socket PGA988A|20 Socket BGA1288|21 Socket rPGA988B|22 Socket BGA1023|" +
	"23 Socket BGA1224|24 Socket BGA1155|25 Socket LGA1356|26 Socket LGA2011|27 Socket FS1|28 Socket FS2|29 Socket FM1|2a Socket FM2|" +
	"2b Socket LGA2011-3|2c Socket LGA1356-3|2d Socket LGA1150|2e Socket BGA1168|2f Socket BGA1234|30 Socket BGA1364|31 Socket AM4|" +
	"32 Socket LGA1151|33 Socket BGA1356|34 Socket BGA1440|35 Socket BGA1515|36 Socket LGA3647-1|37 Socket SP3|38 Socket SP3r2|" +
	"39 Socket LGA2066|3a Socket BGA1392|3b Socket BGA1510|3c Socket BGA1528|3d Socket LGA4189|3e Socket LGA1200|3f Socket LGA4677|"
