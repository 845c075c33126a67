/* Wine 8 has no bcryptprimitives.dll, from which every Go program takes its
 * random numbers. This is its one function, by way of advapi32's RtlGenRandom,
 * which is exported under the name below. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG size);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T size)
{
	return SystemFunction036(buffer, (ULONG)size);
}
